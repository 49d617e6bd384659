import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { UsageRow } from '../src/api-keys/key-usage.ts'
import { addUsage } from '../src/api-keys/usage.queries.ts'
import { type Api, basic, ok, type TestForm } from './harness.ts'
import { anotherApp, type KeysApi, type NamedKey, openKeysApi } from './keys-app.ts'

let keys: KeysApi
let api: Api
let form: TestForm
let key: NamedKey

beforeAll(async () => {
  keys = await openKeysApi()
  api = keys.api
})
beforeEach(async () => {
  form = await api.addForm()
  key = await keys.addKey(form)
})
afterAll(() => api.close())

const callsOf = async (of: NamedKey = key) => (await keys.usageOf(form, of)).total.calls
const query = (text: string, values: unknown[] = []) => api.database.pool.query(text, values)

/** One row for each key and operation, as the same in several containers. */
function rowsOf(ids: number[], operations: string[]): UsageRow[] {
  const day = new Date().toISOString().slice(0, 10)
  const figures = { calls: 1, succeeded: 1, clientErrors: 0, rateLimited: 0, bytesSent: 10 }
  return ids.flatMap((keyId) => operations.map((operation) => ({ keyId, day, operation, ...figures })))
}

describe('usage that several containers store at once', () => {
  it('adds up, in whatever order each has its rows, and none waits for another in a circle', async () => {
    const ids = [key.id]
    for (let count = 0; count < 9; count += 1) ids.push((await keys.addKey(form)).id)
    const rows = rowsOf(ids, ['getForm', 'getFile', 'listSubmissions', 'exportSubmissions'])
    const orders = [rows, rows.toReversed(), rows.toSorted((a, b) => a.operation.localeCompare(b.operation))]
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        addUsage(api.database.db, { rows: orders[index % orders.length] ?? [], lastUses: [] }),
      ),
    )
    for (const id of ids) {
      expect((await keys.usageOf(form, { id })).total).toMatchObject({ calls: 120, succeeded: 120, bytesSent: 1200 })
    }
  })

  it('adds up between two apps that serve the same key', async () => {
    const other = await anotherApp(api)
    const url = `/app/api/v1/forms/${form.formId}`
    const headers = { authorization: basic(form.formId, key.secret) }
    try {
      await Promise.all(
        [api.app, other.server].flatMap((app) => Array.from({ length: 20 }, () => app.inject({ url, headers }))),
      )
      await Promise.all([api.flushUsage(), other.usage.flush(), api.flushUsage(), other.usage.flush()])
      expect(await callsOf()).toBe(40)
    } finally {
      await other.server.close()
    }
  })
})

describe('usage that cannot be stored', () => {
  it.each(['api_key_usage', 'api_key_last_use'])('for want of %s is stored later, once', async (table) => {
    ok(await keys.use(form, key.as))
    await query(`alter table ${table} rename to away`)
    try {
      await expect(api.flushUsage()).rejects.toThrow(table)
      ok(await keys.use(form, key.as))
      await expect(api.flushUsage()).rejects.toThrow(table)
    } finally {
      await query(`alter table away rename to ${table}`)
    }
    await api.flushUsage()
    await api.flushUsage()
    expect(await callsOf()).toBe(2)
    expect((await keys.viewOf(form, key)).lastUsed).not.toBeNull()
  })

  it('because its key was removed is left out, and the rest is stored', async () => {
    const gone = await keys.addKey(form)
    for (const { as } of [gone, key]) ok(await keys.use(form, as))
    await query('delete from api_key where id = $1', [gone.id])
    await api.flushUsage()
    expect(await callsOf()).toBe(1)
  })

  it('because its form is being removed at that moment is left out, and the rest is stored once', async () => {
    const doomed = await api.addForm()
    const gone = await keys.addKey(doomed)
    ok(await keys.use(doomed, gone.as))
    ok(await keys.use(form, key.as))
    const removing = await api.database.pool.connect()
    try {
      await removing.query('begin')
      await removing.query('delete from form where id = $1', [doomed.formId])
      const first = api.flushUsage().catch((error: Error) => error)
      await vi.waitFor(async () => expect(await waitingForLocks()).toBe(1), { timeout: 10_000 })
      await removing.query('commit')
      await first
    } finally {
      removing.release()
    }
    await api.flushUsage()
    expect(await callsOf()).toBe(1)
    const { rows } = await query('select 1 from api_key_usage where api_key_id = $1', [gone.id])
    expect(rows).toEqual([])
  })
})

async function waitingForLocks(): Promise<number> {
  const { rows } = await query(
    `select count(*) as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows[0].count
}

describe('an app that closes', () => {
  /** A call over a real connection. */
  const callTo = (address: string) =>
    fetch(`${address}/app/api/v1/forms/${form.formId}/fields`, {
      headers: { authorization: basic(form.formId, key.secret), connection: 'close' },
    })

  it('stores what it has not stored yet', async () => {
    const app = await anotherApp(api)
    const address = await app.server.listen({ host: '127.0.0.1', port: 0 })
    expect((await callTo(address)).status).toBe(200)
    await app.server.close()
    expect(await callsOf()).toBe(1)
  })

  it('stores the calls too that it finishes while it closes', async () => {
    const app = await anotherApp(api)
    const address = await app.server.listen({ host: '127.0.0.1', port: 0 })
    const holding = await api.database.pool.connect()
    try {
      await holding.query('begin')
      await holding.query('lock table form_version in access exclusive mode')
      const call = callTo(address)
      await vi.waitFor(async () => expect(await waitingForLocks()).toBe(1), { timeout: 10_000 })
      const closing = app.server.close()
      await holding.query('commit')
      expect((await call).status).toBe(200)
      await closing
    } finally {
      holding.release()
    }
    expect(await callsOf()).toBe(1)
  })

  it('closes all the same when they cannot be stored', async () => {
    const app = await anotherApp(api)
    const url = `/app/api/v1/forms/${form.formId}`
    await app.server.inject({ url, headers: { authorization: basic(form.formId, key.secret) } })
    await query('alter table api_key_usage rename to away')
    try {
      await expect(app.server.close()).resolves.toBeUndefined()
    } finally {
      await query('alter table away rename to api_key_usage')
    }
  })
})
