import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'

const folder = new URL('migrations/', import.meta.url)

/** Any number that no other program uses on the same database; ten containers may start at once. */
const advisoryLock = 7_126_034_551

/** Brings the database to the newest schema: numbered SQL, forward only, all or nothing. */
export async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [advisoryLock])
    await client.query(
      'create table if not exists schema_migration (name text primary key, at timestamptz not null default now())',
    )
    await applyMissing(client)
    await client.query('commit')
  } finally {
    await client.end()
  }
}

/** The migrations that this program knows, in order. */
export async function knownMigrations(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
}

async function applyMissing(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select name from schema_migration')
  const applied = new Set(rows.map((row) => row.name))
  const known = await knownMigrations()
  const foreign = [...applied].find((name) => !known.includes(name))
  if (foreign)
    throw new Error(`The database was written by a newer Formgate (migration ${foreign}). Start that version.`)
  for (const name of known.filter((each) => !applied.has(each))) {
    await client.query(await readFile(new URL(name, folder), 'utf8'))
    await client.query('insert into schema_migration (name) values ($1)', [name])
  }
}
