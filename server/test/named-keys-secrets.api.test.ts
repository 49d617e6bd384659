import { Writable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Api, ok, type TestForm } from './harness.ts'
import { type KeysApi, openKeysApi } from './keys-app.ts'

let keys: KeysApi
let api: Api
let form: TestForm

beforeAll(async () => {
  keys = await openKeysApi()
  api = keys.api
})
beforeEach(async () => {
  form = await api.addForm()
})
afterAll(() => api.close())

const secretOf = (key: { id: number }) =>
  api.call('GET', `/forms/${form.formId}/apiKeys/${key.id}/secret`, { as: api.owner })
/** All rows of all tables, as text. */
async function wholeDatabase(): Promise<string> {
  const { pool } = api.database
  const { rows: tables } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  )
  const texts = await Promise.all(tables.map(({ name }) => pool.query(`select t::text as row from ${name} t`)))
  return texts.flatMap(({ rows }) => rows.map(({ row }) => row)).join('\n')
}

describe('a secret', () => {
  it('is shown to whoever asks for it, any day', async () => {
    const key = await keys.addKey(form)
    for (const _ of [1, 2]) expect(ok(await secretOf(key))).toEqual({ secret: key.secret })
  })

  it('is the new one after a rotation', async () => {
    const rotated = await keys.rotate(form, await keys.addKey(form))
    expect(ok(await secretOf(rotated))).toEqual({ secret: rotated.secret })
  })

  it('is shown nowhere else: no list, no view, no change, no usage', async () => {
    const first = await keys.addKey(form)
    const rotated = await keys.rotate(form, first)
    const test = await keys.addKey(form, { test: true })
    ok(await keys.use(form, rotated.as))
    await api.flushUsage()
    const path = `/forms/${form.formId}/apiKeys`
    const ask = (method: string, url: string, body?: unknown) => api.call(method, url, { as: api.owner, body })
    const answers = [
      await ask('GET', path),
      await ask('GET', `${path}?revoked=true`),
      await ask('GET', `${path}/${first.id}`),
      await ask('PATCH', `${path}/${first.id}`, { ownLimit: 5 }),
      await ask('GET', `${path}/${first.id}/usage`),
      await ask('GET', `/forms/${form.formId}/apiKey/summary`),
      await ask('GET', `/forms/${form.formId}`),
      await ask('GET', `/rbac/forms?formId=${form.formId}`),
      await ask('POST', `${path}/${test.id}/revoke`, {}),
    ]
    for (const { body, statusCode } of answers) {
      expect(statusCode, body).toBe(200)
      for (const { secret } of [form, first, rotated, test]) expect(body).not.toContain(secret.slice(8, -4))
    }
  })

  it('stands in no table, whatever is done with the key', async () => {
    const first = await keys.addKey(form)
    const second = await keys.rotate(form, first)
    const third = await keys.rotate(form, second)
    for (const key of [first, second, third]) await keys.use(form, key.as)
    ok(await secretOf(third))
    ok(await keys.endOverlap(form, third))
    await api.flushUsage()
    const stored = await wholeDatabase()
    for (const { secret } of [first, second, third]) expect(stored.includes(secret.slice(8, -6))).toBe(false)
  })

  it('stands in no log, of whatever level', async () => {
    const lines: string[] = []
    const stream = new Writable({
      write(line, _encoding, done) {
        lines.push(String(line))
        done()
      },
    })
    const { write } = process.stdout
    process.stdout.write = stream.write.bind(stream) as typeof write
    const logging = await openKeysApi({ logLevel: 'trace' })
    try {
      const own = await logging.api.addForm()
      const key = await logging.addKey(own)
      const rotated = await logging.rotate(own, key)
      for (const each of [key, rotated]) ok(await logging.use(own, each.as))
      ok(await logging.revoke(own, rotated))
      expect((await logging.use(own, rotated.as)).statusCode).toBe(401)
      for (const { secret } of [key, rotated]) expect(lines.join('')).not.toContain(secret.slice(8, -6))
      for (const { as } of [key, rotated]) {
        const credentials = Buffer.from(`${as.formId}:${as.secret}`).toString('base64')
        expect(lines.join('')).not.toContain(credentials)
      }
    } finally {
      process.stdout.write = write
      await logging.api.close()
    }
  })
})

describe('a revoked key', () => {
  it('leaves neither its hashes nor its sealed secret in any table', async () => {
    const first = await keys.addKey(form)
    const second = await keys.rotate(form, first)
    for (const key of [first, second]) ok(await keys.use(form, key.as))
    await api.flushUsage()
    const before = await api.database.pool.query(
      `select encode(secret_hash, 'hex') as now, encode(previous_secret_hash, 'hex') as earlier, secret_sealed as sealed
       from api_key where id = $1`,
      [first.id],
    )
    for (const key of [first, second]) ok(await keys.use(form, key.as))
    ok(await keys.revoke(form, second))
    await api.flushUsage()
    const stored = await wholeDatabase()
    for (const trace of Object.values<string>(before.rows[0])) expect(stored.includes(trace)).toBe(false)
  })

  it('is not opened by an empty password, nor by what hashes to nothing', async () => {
    const key = await keys.addKey(form)
    ok(await keys.revoke(form, key))
    for (const secret of ['', '\u0000', key.secret]) {
      expect((await keys.use(form, { formId: form.formId, secret })).statusCode).toBe(401)
    }
  })

  it('has no secret to show, and cannot be changed, rotated or revoked again', async () => {
    const key = await keys.addKey(form)
    ok(await keys.revoke(form, key, { reason: 'First' }))
    const before = await keys.viewOf(form, key)
    const path = `/forms/${form.formId}/apiKeys/${key.id}`
    const rotation = { as: api.owner, body: { overlapHours: 1 } }
    expectProblem(await secretOf(key), 409, 'conflict')
    expectProblem(await keys.tryToChange(form, key, { enabled: true }), 409, 'conflict')
    expectProblem(await api.call('POST', `${path}/rotate`, rotation), 409, 'conflict')
    expectProblem(await keys.endOverlap(form, key), 409, 'conflict')
    expectProblem(await keys.revoke(form, key, { reason: 'Second' }), 409, 'conflict')
    expect(await keys.viewOf(form, key)).toEqual(before)
  })

  it('stays revoked when its form is deleted and brought back', async () => {
    const [revoked, live] = [await keys.addKey(form), await keys.addKey(form)]
    ok(await keys.revoke(form, revoked, { reason: 'Earlier' }))
    ok(await api.call('DELETE', `/forms/${form.formId}`, { as: api.owner }))
    ok(await api.call('PUT', `/forms/${form.formId}/restore`, { as: api.owner }))
    for (const key of [form.key, revoked.as, live.as]) expect((await keys.use(form, key)).statusCode).toBe(401)
    expect(await keys.viewOf(form, revoked)).toMatchObject({ revokedReason: 'Earlier' })
    expect(await keys.viewOf(form, live)).toMatchObject({
      state: 'revoked',
      revokedBy: 'owner@example.org',
      revokedReason: 'The form was deleted.',
    })
  })
})
