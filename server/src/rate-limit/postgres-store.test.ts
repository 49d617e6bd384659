import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import type { RunStatement } from '../db/database.ts'
import { postgresStore } from './postgres-store.ts'
import { deleteEndedWindows } from './rate-limit-windows.queries.ts'
import { describeStore } from './store-suite.ts'

const limit = { max: 3, windowMs: 60_000 }

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

async function openStore() {
  await client.query('truncate rate_limit_window')
  const [store, other] = [postgresStore(database.url), postgresStore(database.url)]
  const pass = async (ms: number, ...keys: string[]) => {
    await client.query(
      `update rate_limit_window set ends_at = ends_at - $1 * interval '1 millisecond' where key = any ($2)`,
      [ms, keys],
    )
  }
  return { store, other, pass, close: async () => void (await Promise.all([store.close(), other.close()])) }
}

describeStore('the Postgres store', openStore)

describe('the windows in PostgreSQL', () => {
  it('are counted in one statement, however many calls come at once', async () => {
    const { store, close } = await openStore()
    await Promise.all(
      Array.from({ length: 3000 }, (_, call) => store.take(`k${call % 3}`, { max: 5000, windowMs: 60_000 })),
    )
    const { rows } = await client.query('select count, taken from rate_limit_window')
    expect(rows.map(({ count }) => count)).toEqual([1000, 1000, 1000])
    // A batch holds 500 calls, and each key has a third of them.
    expect(rows.every(({ taken }) => taken > 100)).toBe(true)
    await close()
  })

  it('count a call that waited for a row in the window that runs when its turn comes', async () => {
    const { store, close } = await openStore()
    const old = await store.take('k', limit)
    await store.take('k', limit)
    const locker = new pg.Client({ connectionString: database.url })
    await locker.connect()
    await locker.query('begin')
    await locker.query(`select from rate_limit_window where key = 'k' for update`)
    const waiting = store.take('k', limit)
    await expect.poll(waitsForLock).toBe(true)
    // While it waits, its window ends.
    await locker.query(`update rate_limit_window set ends_at = clock_timestamp() where key = 'k'`)
    await locker.query('commit')
    const taken = await waiting
    expect([taken.count, taken.id === old.id]).toEqual([1, false])
    expect(taken.endsInMs).toBeGreaterThan(limit.windowMs - 1000)
    await locker.end()
    await close()
  })

  it('are deleted when they are over, and those that run are kept', async () => {
    // Rows of ours: a store would delete them itself, now and then.
    await client.query('truncate rate_limit_window')
    await client.query(
      `insert into rate_limit_window select 'old ' || n, n, 1000, 3, 1, 1, now() from generate_series(1, 50) n
       union all select 'running', 51, 1000, 3, 1, 1, now() + interval '1 hour'`,
    )
    const run = runOn(client)
    expect([
      await deleteEndedWindows(run, 30),
      await deleteEndedWindows(run, 30),
      await deleteEndedWindows(run, 30),
    ]).toEqual([30, 20, 0])
    expect((await client.query('select key from rate_limit_window')).rows).toEqual([{ key: 'running' }])
  })

  it('are deleted by the store itself', async () => {
    await client.query('truncate rate_limit_window')
    await client.query(
      `insert into rate_limit_window select 'old ' || n, n, 1000, 3, 1, 1, now() from generate_series(1, 2500) n`,
    )
    const store = postgresStore(database.url)
    const count = async () => (await client.query('select from rate_limit_window')).rowCount
    await expect.poll(count).toBe(0)
    await store.close()
  })

  it('are lost in a crash, and never written to the log of changes', async () => {
    const { rows } = await client.query(`select relpersistence from pg_class where relname = 'rate_limit_window'`)
    expect(rows).toEqual([{ relpersistence: 'u' }])
  })

  it('change within their page, without a new entry in any index', async () => {
    const { store, close } = await openStore()
    for (let call = 0; call < 100; call++) await store.take('k', { max: 1000, windowMs: 60_000 })
    const updates = async () => {
      const { rows } = await client.query(
        `select n_tup_upd::int as all, n_tup_hot_upd::int as hot from pg_stat_user_tables where relname = 'rate_limit_window'`,
      )
      return rows[0]
    }
    await close()
    await expect.poll(async () => (await updates()).all).toBeGreaterThan(90)
    const { all, hot } = await updates()
    expect(hot / all).toBeGreaterThan(0.9)
  })
})

async function waitsForLock(): Promise<boolean> {
  const { rows } = await client.query(
    `select from pg_stat_activity where application_name = 'formgate-limits' and wait_event_type = 'Lock' and datname = current_database()`,
  )
  return rows.length > 0
}

const runOn =
  (on: pg.Client): RunStatement =>
  async (statement, values) =>
    (await on.query({ ...statement, values })).rows
