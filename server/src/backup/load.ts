import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { StartError } from '../embedded-postgres/start-error.ts'
import type { FileStorage } from '../files/file-storage.ts'
import {
  appliedMigrations,
  copyTarget,
  emptyTables,
  fileNames,
  holdsData,
  isServing,
  queueOrphans,
  renewChangeFeed,
  setSequences,
  tablesToSave,
  wakeTriggers,
} from './backup.queries.ts'
import { loadFiles } from './file-sections.ts'
import type { BackupEnd, BackupHeader } from './save.ts'
import type { SectionReader } from './sections.ts'

export type Loaded = { tables: number; rows: number; files: number }

/** Read a backup's first line. */
export async function readHeader(reader: SectionReader): Promise<BackupHeader> {
  // The checksum has proved by now that this is a file of ours, so its shape is known once format and version are.
  const header = JSON.parse(await reader.line()) as BackupHeader
  if (header.format === 'formgate-backup' && header.version === 1) return header
  throw new StartError('This backup was written by a newer Formgate. Restore it with that version.')
}

/** Refuse what must not be written over, and what does not fit. */
export async function checkTarget(client: pg.Client, header: BackupHeader, replace: boolean): Promise<void> {
  const migrations = (await appliedMigrations(client)) ?? []
  if (migrations.join() !== header.migrations.join()) throw otherSchema(header.migrations, migrations)
  if (await isServing(client)) throw new StartError('A Formgate is running on this database. Stop it, then restore.')
  if (!replace && (await holdsData(client))) {
    throw new StartError(
      'This database holds data already. To throw that away and put the backup in its place, add --replace.',
    )
  }
}

/** Put a backup's rows and files in the place of what is there: all of them, or none. */
export async function loadDatabase(
  client: pg.Client,
  header: BackupHeader,
  reader: SectionReader,
  storage: FileStorage,
): Promise<Loaded> {
  const saved = { tables: 0, rows: 0, files: header.files ?? 0 }
  await client.query('BEGIN')
  await client.query("SET LOCAL client_encoding = 'UTF8'; SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'")
  const target = await tablesToSave(client)
  const before = await fileNames(client)
  await emptyTables(client, target)
  for (const table of header.tables) {
    await reader.line() // names the table, for people who look into the file
    const rows = client.query(copyFrom(`COPY ${copyTarget(table)} FROM STDIN`))
    await pipeline(Readable.from(reader.rows(), { objectMode: false }), rows)
    saved.rows += rows.rowCount
    saved.tables += 1
  }
  const undoFiles = await loadFiles(reader, saved.files, storage)
  try {
    const end = JSON.parse(await reader.line()) as BackupEnd
    await setSequences(client, end.sequences)
    await wakeTriggers(client, target)
    await renewChangeFeed(client)
    await queueOrphans(client, before)
    await client.query('COMMIT')
  } catch (error) {
    await undoFiles()
    throw error
  }
  return saved
}

function otherSchema(inFile: string[], here: string[]): StartError {
  return new StartError(
    `The backup was made by another version of Formgate: its schema is ${inFile.at(-1)}, and this version's is ${here.at(-1)}. ` +
      'Restore it with the version that made it; a newer Formgate then brings the data up to date when it starts.',
  )
}
