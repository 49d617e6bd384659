import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { createTestDatabase } from './database.ts'

describe('a test database', () => {
  it('is migrated, and seen by nobody else', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()])
    await query(one.url, 'CREATE TABLE mine ()')
    expect(await query(other.url, "SELECT to_regclass('mine') AS found")).toEqual([{ found: null }])
    expect(await query(other.url, 'SELECT count(*) > 0 AS migrated FROM schema_migration')).toEqual([
      { migrated: true },
    ])
    await Promise.all([one.drop(), other.drop()])
  })

  it('holds text in UTF-8', async () => {
    const { url, drop } = await createTestDatabase()
    expect(await query(url, "SELECT 'naïve 😀 ᓄᓇᕗᑦ' AS text, length('ᓄᓇᕗᑦ') AS characters")).toEqual([
      { text: 'naïve 😀 ᓄᓇᕗᑦ', characters: 4 },
    ])
    await drop()
  })
})

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
