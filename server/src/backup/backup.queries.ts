import pg from 'pg'
import { inForeignKeyOrder, type Reference } from './foreign-key-order.ts'

/** A table and the columns that are stored, not computed from others. */
export type BackupTable = { name: string; columns: string[] }

/** Every lasting table of ours in an order that they can be filled in; the migrations go into the header instead. */
export async function tablesToSave(client: pg.Client): Promise<BackupTable[]> {
  const { rows } = await client.query<BackupTable>(`
    SELECT c.relname::text AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relpersistence = 'p'
      AND c.relname <> 'schema_migration' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname`)
  const byName = new Map(rows.map((table) => [table.name, table]))
  const order = inForeignKeyOrder([...byName.keys()], await references(client))
  return order.flatMap((name) => byName.get(name) ?? [])
}

async function references(client: pg.Client): Promise<Reference[]> {
  const { rows } = await client.query<Reference>(`
    SELECT f.relname::text AS "from", t.relname::text AS "to"
    FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
    WHERE k.contype = 'f'`)
  return rows
}

/** The migrations that made this database's schema, or undefined if it has none of ours. */
export async function appliedMigrations(client: pg.Client): Promise<string[] | undefined> {
  const { rows } = await client.query<{ made: boolean }>(
    "SELECT to_regclass('public.schema_migration') IS NOT NULL AS made",
  )
  if (!rows[0]?.made) return undefined
  const applied = await client.query<{ name: string }>('SELECT name FROM schema_migration ORDER BY name')
  return applied.rows.map(({ name }) => name)
}

/** Where the counters stand that number rows. They run outside of transactions: read them after the rows. */
export async function sequenceValues(client: pg.Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; value: string }>(
    "SELECT sequencename::text AS name, last_value::text AS value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL",
  )
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

/** Let the counters go on where they stood. */
export async function setSequences(client: pg.Client, values: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await client.query('SELECT setval(quote_ident($1)::regclass, $2)', [name, value])
  }
}

/** Under which names the storage keeps the content of files; none in a database from before there were any. */
export async function fileNames(client: pg.Client): Promise<string[]> {
  const { rows: found } = await client.query<{ made: boolean }>("SELECT to_regclass('public.file') IS NOT NULL AS made")
  if (!found[0]?.made) return []
  const { rows } = await client.query<{ name: string }>('SELECT storage_name AS name FROM file ORDER BY storage_name')
  return rows.map(({ name }) => name)
}

/** Have the next start remove content that no row names any more. */
export async function queueOrphans(client: pg.Client, names: string[]): Promise<void> {
  await client.query(
    `INSERT INTO file_removal (storage_name) SELECT name FROM unnest($1::text[]) name
     WHERE NOT EXISTS (SELECT FROM file WHERE storage_name = name) ON CONFLICT DO NOTHING`,
    [names],
  )
}

/** Which SECRET_KEY sealed this database's secrets. */
export async function keyFingerprint(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ value: string }>(
    "SELECT value FROM server_setting WHERE name = 'secret_key_fingerprint'",
  )
  return rows[0]?.value
}

/** Changes are ordered by the transactions of the cluster that they were made in, so here their feed begins anew. */
export async function renewChangeFeed(client: pg.Client): Promise<void> {
  await client.query('SELECT renew_change_feed()')
}

/** Whether anybody has used this database. What the migrations themselves put into it does not count. */
export async function holdsData(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    'SELECT EXISTS (SELECT FROM app_user) OR EXISTS (SELECT FROM form) AS found',
  )
  return rows[0]?.found === true
}

/** Whether a Formgate is connected to this database. */
export async function isServing(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'formgate') AS found",
  )
  return rows[0]?.found === true
}

/** Take all rows out. Our triggers stay silent until `wakeTriggers`: the rows to come were counted when they were new. */
export async function emptyTables(client: pg.Client, tables: BackupTable[]): Promise<void> {
  const names = tables.map(({ name }) => pg.escapeIdentifier(name))
  await client.query(`TRUNCATE ${names.join(', ')} RESTART IDENTITY`)
  for (const name of names) await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`)
}

export async function wakeTriggers(client: pg.Client, tables: BackupTable[]): Promise<void> {
  for (const { name } of tables) await client.query(`ALTER TABLE ${pg.escapeIdentifier(name)} ENABLE TRIGGER USER`)
}

/** The statement's table with its columns by name, so that their order does not matter. */
export function copyTarget({ name, columns }: BackupTable): string {
  return `${pg.escapeIdentifier(name)} (${columns.map((column) => pg.escapeIdentifier(column)).join(', ')})`
}
