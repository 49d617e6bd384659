import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { type Database, openDatabase } from './database.ts'

let testDatabase: TestDatabase
let database: Database
beforeAll(async () => {
  testDatabase = await createTestDatabase()
  database = openDatabase(testDatabase.url, 1)
})
afterAll(async () => {
  await database.close()
  await testDatabase.drop()
})

async function timeOf(text: string, zone = 'UTC'): Promise<unknown> {
  await database.pool.query(`set timezone = '${zone}'`)
  const { rows } = await database.pool.query('select $1::timestamptz as time', [text])
  return rows[0].time
}

it.each([
  ['2026-11-26T18:00:01.204Z', 'UTC'],
  ['2026-11-26T18:00:01.204Z', 'America/St_Johns'],
  ['2026-11-26T18:00:00.000Z', 'UTC'],
  ['0099-01-01T00:00:00.000Z', 'UTC'],
  ['1883-11-18T12:03:57.000Z', 'America/Toronto'],
])('reads %s as it was written, in a session of %s', async (text, zone) => {
  expect(await timeOf(text, zone)).toEqual(new Date(text))
})

it('reads times that no four digits hold', async () => {
  expect(await timeOf('12026-11-26T18:00:00Z')).toEqual(new Date('+012026-11-26T18:00:00Z'))
  expect(await timeOf('0044-03-15 12:00:00+00 BC')).toEqual(new Date('-000043-03-15T12:00:00Z'))
  expect(await timeOf('infinity')).toBe(Number.POSITIVE_INFINITY)
})

it('reads counts as numbers', async () => {
  const { rows } = await database.pool.query('select 9007199254740991::bigint as count')
  expect(rows[0].count).toBe(Number.MAX_SAFE_INTEGER)
})
