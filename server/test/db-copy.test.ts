import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { copiedOut, copyMemory, lastTupleIn, tuplesIn } from '../src/db/copy.ts'
import { type Api, openApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await openApi()
})
afterAll(() => api.close())

async function copied(query: ReturnType<typeof sql>) {
  const tuples = tuplesIn(await copiedOut(api.database.pool, query.compile(api.database.db)))
  expect(tuples.next()).toBe(true)
  return tuples
}

it.each([`it's`, `back\\slash`, `$1 '' "`, 'ᓄ\n\t\r', `E'\\'`, ''])('hands %j over as it is', async (text) => {
  const tuples = await copied(sql`select ${text}::text, ${'2'}::text`)
  expect([tuples.text(), tuples.text(), tuples.next()]).toEqual([text, '2', false])
})

it('reads each type', async () => {
  const at = new Date('1999-12-31T23:59:59.999Z')
  const tuples = await copied(sql`select ${7}::int, ${true}, ${at}, null::timestamptz, null::text, ${'é'}::text`)
  expect([tuples.integer(), tuples.boolean(), tuples.time(), tuples.timeOrNull(), tuples.textOrNull()]).toEqual([
    7,
    true,
    at,
    null,
    null,
  ])
  expect(tuples.bytes().toString()).toBe('é')
})

it('leaves the connection usable after a statement that failed', async () => {
  await expect(copied(sql`select 1 / 0`)).rejects.toThrow('division by zero')
  const tuples = await copied(sql`select ${'still'}::text`)
  expect(tuples.text()).toBe('still')
  expect(api.database.pool.totalCount).toBe(1)
})

it('finds the last row, and none where there is none', async () => {
  const copy = (rows: number) => {
    const query = sql`select ${'é'}::text, null::text, n from generate_series(1, ${rows}) n`
    return copiedOut(api.database.pool, query.compile(api.database.db))
  }
  const last = lastTupleIn(await copy(3))
  last?.skip(2)
  expect(last?.integer()).toBe(3)
  expect(lastTupleIn(await copy(0))).toBeUndefined()
})

it('reads one query after another into the same memory, whatever their sizes', async () => {
  const memory = copyMemory()
  for (const size of [10, 9_000_000, 3, 700_000]) {
    const query = sql`select repeat(${'é'}::text, ${size})`
    const tuples = tuplesIn(await copiedOut(api.database.pool, query.compile(api.database.db), memory))
    tuples.next()
    expect(tuples.text()).toBe('é'.repeat(size))
  }
})

it('gives no connection back that PostgreSQL has ended', async () => {
  await expect(copied(sql`select pg_terminate_backend(pg_backend_pid())`)).rejects.toThrow('terminating connection')
  const tuples = await copied(sql`select ${'new'}::text`)
  expect(tuples.text()).toBe('new')
})
