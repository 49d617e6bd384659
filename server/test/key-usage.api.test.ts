import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { forgetUsage } from '../src/api-keys/usage.queries.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, basic, day, ok, type TestForm } from './harness.ts'
import { type KeysApi, type NamedKey, openKeysApi } from './keys-app.ts'

let keys: KeysApi
let api: Api
let form: TestForm
let key: NamedKey
let address: URL

beforeAll(async () => {
  keys = await openKeysApi({ rateLimit: { apiKey: 20, others: 10_000, windowMs: 60_000 } })
  api = keys.api
  address = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }))
})
beforeEach(async () => {
  form = await api.addForm()
  key = await keys.addKey(form)
})
afterAll(() => api.close())

const nothing = { calls: 0, succeeded: 0, clientErrors: 0, rateLimited: 0, bytesSent: 0 }
const usage = async (days = 30, of = key) => {
  await api.flushUsage()
  return keys.usageOf(form, of, days)
}
const today = () => new Date().toISOString().slice(0, 10)
const read = (path: string) => api.call('GET', path, { as: key.as })

/** Sends requests over one connection, and gives the number of bytes that come back until it is closed. */
async function bytesOf(...heads: string[]): Promise<number> {
  const socket = connect(Number(address.port), address.hostname)
  let received = 0
  socket.on('data', (piece) => {
    received += piece.length
  })
  socket.write(heads.join(''))
  await once(socket, 'close')
  return received
}
const head = (path: string, connection: string) =>
  `GET /app/api/v1${path} HTTP/1.1\r\nHost: here\r\nAuthorization: ${basic(form.formId, key.secret)}\r\nConnection: ${connection}\r\n\r\n`

/** The number of bytes that answer one call over an agent's only connection. */
async function bytesWith(agent: Agent, authorization: string): Promise<number> {
  const request = get({ ...here(), agent, path: `/app/api/v1/forms/${form.formId}`, headers: { authorization } })
  const [socket] = await once(request, 'socket')
  const before = socket.bytesRead
  const [response] = await once(request, 'response')
  response.resume()
  await once(response, 'end')
  return socket.bytesRead - before
}
const here = () => ({ host: address.hostname, port: address.port })

describe('the usage of a key', () => {
  it('is nothing, on each day, before it was used', async () => {
    const { from, to, total, days, operations } = await usage(3)
    expect(days).toHaveLength(3)
    for (const each of days) expect(each).toEqual({ day: expect.any(String), ...nothing })
    expect([from, to, total, operations]).toEqual([days[0].day, days[2].day, nothing, []])
    expect(to).toBe(today())
  })

  it('tells successes, mistakes and refusals by the limit apart', async () => {
    await keys.change(form, key, { ownLimit: 4 })
    await read(`/forms/${form.formId}`)
    await read(`/forms/${form.formId}/version`)
    await read(`/forms/${form.formId}/versions/${crypto.randomUUID()}`)
    await read(`/forms/${form.formId}/submissions`)
    await read(`/forms/${form.formId}`)
    const { total } = await usage()
    expect(total).toMatchObject({ calls: 5, succeeded: 2, clientErrors: 2, rateLimited: 1 })
  })

  it('counts a mistake of the server’s as a call alone', async () => {
    await api.database.pool.query('alter table form_version rename to away')
    try {
      expect((await read(`/forms/${form.formId}/fields`)).statusCode).toBe(500)
    } finally {
      await api.database.pool.query('alter table away rename to form_version')
    }
    expect((await usage()).total).toMatchObject({ ...nothing, calls: 1, bytesSent: expect.any(Number) })
  })

  it('holds no call that the key did not open', async () => {
    await keys.use(form, { formId: form.formId, secret: key.secret.replace(/.$/, '!') })
    await keys.use(form, { formId: crypto.randomUUID(), secret: key.secret })
    await keys.use(form, form.key)
    expect((await usage()).total).toEqual(nothing)
  })

  it('names the operations, those called most first, ten at most', async () => {
    for (let count = 0; count < 3; count += 1) await read(`/forms/${form.formId}/version`)
    await read(`/forms/${form.formId}`)
    expect((await usage()).operations).toEqual([
      { operationId: 'getPublishedForm', calls: 3 },
      { operationId: 'getForm', calls: 1 },
    ])
    await api.database.pool.query(
      `insert into api_key_usage select $1, now()::date, 'operation' || n, 100 + n, 0, 0, 0, 0 from generate_series(1, 12) n`,
      [key.id],
    )
    const { operations } = await usage()
    expect(operations).toHaveLength(10)
    expect(operations[0]).toEqual({ operationId: 'operation12', calls: 112 })
  })

  it('parts days, and shows those asked for', async () => {
    await keys.use(form, key.as)
    await api.flushUsage()
    api.advance(2 * day)
    try {
      await keys.use(form, key.as)
      await keys.use(form, key.as)
      const { days, total } = await usage(4)
      expect(days.map(({ calls }: { calls: number }) => calls)).toEqual([0, 1, 0, 2])
      expect(total.calls).toBe(3)
      expect((await usage(1)).total.calls).toBe(2)
    } finally {
      api.advance(-2 * day)
    }
  })

  it.each(['0', '91', '-1', 'x', '1.5'])('is not shown for %s days', async (days) => {
    const path = `/forms/${form.formId}/apiKeys/${key.id}/usage`
    expectProblem(await api.call('GET', path, { as: api.owner, query: { days } }), 400, 'invalid_query')
  })

  it('is that of the key alone', async () => {
    const other = await keys.addKey(form)
    await keys.use(form, key.as)
    expect((await usage(1, other)).total).toEqual(nothing)
    expect(await keys.viewOf(form, key)).toMatchObject({ callsToday: 1 })
    expect(await keys.viewOf(form, other)).toMatchObject({ callsToday: 0 })
  })

  it('goes on through rotations', async () => {
    await keys.use(form, key.as)
    const rotated = await keys.rotate(form, key)
    await keys.use(form, rotated.as)
    await keys.use(form, key.as)
    expect((await usage()).total.calls).toBe(3)
  })

  it('stays when it is revoked, also of calls that were not stored yet', async () => {
    await keys.use(form, key.as)
    await api.flushUsage()
    await read(`/forms/${form.formId}/version`)
    ok(await keys.revoke(form, key))
    expect((await usage()).total.calls).toBe(2)
  })

  it('keeps when a revoked key was used last, stored before or after', async () => {
    const at = (client: string) =>
      api.call('GET', `/forms/${form.formId}`, { as: key.as, headers: { 'user-agent': client } })
    await at('before')
    await api.flushUsage()
    const rotated = await keys.rotate(form, key)
    ok(await keys.revoke(form, key))
    expect((await keys.viewOf(form, key)).lastUsed).toMatchObject({ client: 'before' })
    key = await keys.addKey(form)
    await at('after')
    ok(await keys.revoke(form, key))
    await api.flushUsage()
    expect((await keys.viewOf(form, key)).lastUsed).toMatchObject({ client: 'after' })
    expect(rotated.id).not.toBe(key.id)
  })
})

describe('the bytes', () => {
  it('are those that went over the wire', async () => {
    const received = await bytesOf(head(`/forms/${form.formId}`, 'close'))
    expect(received).toBeGreaterThan(500)
    expect((await usage()).total).toMatchObject({ calls: 1, bytesSent: received })
  })

  it('are those of each call where one connection serves several in turn', async () => {
    const other = await keys.addKey(form)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const received: number[] = []
    for (const { as } of [key, other, key]) received.push(await bytesWith(agent, basic(as.formId, as.secret)))
    agent.destroy()
    const [first = 0, second = 0, third = 0] = received
    expect(second).toBeGreaterThan(500)
    expect((await usage()).total).toMatchObject({ calls: 2, bytesSent: first + third })
    expect((await usage(1, other)).total).toMatchObject({ calls: 1, bytesSent: second })
  })

  it('are counted once where a connection brings several requests at once', async () => {
    const path = `/forms/${form.formId}`
    const received = await bytesOf(head(path, 'keep-alive'), head(path, 'keep-alive'), head(path, 'close'))
    expect((await usage()).total).toMatchObject({ calls: 3, bytesSent: received })
  })

  it('of a stream are counted whole', async () => {
    key = await keys.addKey(form, { scopes: ['submissions:read'] })
    for (let count = 0; count < 5; count += 1)
      await api.submit(form, { name: 'x'.repeat(100), more: 'y'.repeat(50_000) })
    const received = await bytesOf(head(`/forms/${form.formId}/export?format=json`, 'close'))
    expect(received).toBeGreaterThan(250_000)
    expect((await usage()).total.bytesSent).toBe(received)
  })
})

describe('what is forgotten', () => {
  it('is the usage before a day, and nothing of that day', async () => {
    await api.database.pool.query(
      `insert into api_key_usage select $1, now()::date - n, 'getForm', 1, 1, 0, 0, 0 from generate_series(0, 4) n`,
      [key.id],
    )
    await forgetUsage(api.database.db, new Date(Date.now() - 2 * day))
    expect((await usage(5)).days.map(({ calls }: { calls: number }) => calls)).toEqual([0, 0, 1, 1, 1])
  })

  it('is the last use of secrets that are replaced for good, and of no other', async () => {
    await keys.use(form, key.as)
    const second = await keys.rotate(form, key)
    await keys.use(form, second.as)
    await api.flushUsage()
    const third = await keys.rotate(form, key)
    await keys.use(form, third.as)
    await api.flushUsage()
    await forgetUsage(api.database.db, new Date(0))
    const { rows } = await api.database.pool.query('select 1 from api_key_last_use where api_key_id = $1', [key.id])
    expect(rows).toHaveLength(2)
  })
})
