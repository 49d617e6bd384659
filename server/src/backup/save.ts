import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { StartError } from '../embedded-postgres/start-error.ts'
import type { FileStorage } from '../files/file-storage.ts'
import {
  appliedMigrations,
  type BackupTable,
  copyTarget,
  fileNames,
  keyFingerprint,
  sequenceValues,
  tablesToSave,
} from './backup.queries.ts'
import { type FileCount, fileSections } from './file-sections.ts'
import { endOfRows } from './sections.ts'

/** A backup's first line. */
export type BackupHeader = {
  format: 'formgate-backup'
  version: 1
  at: string
  migrations: string[]
  tables: BackupTable[]
  /** How many files follow the tables. */
  files?: number
  keyFingerprint?: string
  /** The key that was kept in the data folder; one that the environment sets stays with whoever set it. */
  secretKey?: string
}

/** A backup's last line. */
export type BackupEnd = { sequences: Record<string, string> }

export type Saved = FileCount & { tables: number; rows: number }

/** The database as of one moment and the files that it names, as a backup's text; other work goes on meanwhile. Adds up what it saw in `saved`. */
export async function* saveDatabase(
  client: pg.Client,
  { secretKey, at, saved, storage }: { secretKey: string | undefined; at: Date; saved: Saved; storage: FileStorage },
): AsyncGenerator<Buffer> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY')
  // Text must mean the same to whatever server reads it back.
  await client.query("SET LOCAL client_encoding = 'UTF8'; SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'")
  const names = await fileNames(client)
  const header = { ...(await readHeader(client, secretKey, at)), files: names.length }
  yield line(header)
  for (const table of header.tables) {
    yield* rowsOf(client, table, saved)
    saved.tables += 1
  }
  yield* fileSections(storage, names, saved)
  const end: BackupEnd = { sequences: await sequenceValues(client) }
  yield line(end)
  await client.query('COMMIT')
}

async function readHeader(client: pg.Client, secretKey: string | undefined, at: Date): Promise<BackupHeader> {
  const migrations = await appliedMigrations(client)
  if (migrations === undefined)
    throw new StartError('This database holds nothing of Formgate, so there is nothing to back up.')
  const fingerprint = await keyFingerprint(client)
  return {
    format: 'formgate-backup',
    version: 1,
    at: at.toISOString(),
    migrations,
    tables: await tablesToSave(client),
    ...(fingerprint === undefined ? {} : { keyFingerprint: fingerprint }),
    ...(secretKey === undefined ? {} : { secretKey }),
  }
}

async function* rowsOf(client: pg.Client, table: BackupTable, saved: Saved): AsyncGenerator<Buffer> {
  yield line({ table: table.name })
  const rows = client.query(copyTo(`COPY ${copyTarget(table)} TO STDOUT`))
  for await (const chunk of rows) yield chunk
  saved.rows += rows.rowCount
  yield Buffer.from(endOfRows)
}

function line(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}
