import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import pg from 'pg'
import type { Config } from '../config.ts'
import { startEmbeddedPostgres } from '../embedded-postgres/embedded-postgres.ts'
import { existingHome, urlFileOf } from '../embedded-postgres/home.ts'
import { StartError } from '../embedded-postgres/start-error.ts'
import type { DatabaseServer } from '../start/database-server.ts'
import { findKeptKey } from '../start/secret-key.ts'
import { writeBackupFile } from './backup-file.ts'
import { withClient } from './command.ts'
import { saveDatabase } from './save.ts'

type Target = Pick<Config, 'databaseUrl' | 'dataDir' | 'secretKey'>

/** Save everything into a new file, whether Formgate runs or not. */
export async function saveToFile(file: string, config: Target, say: (line: string) => void): Promise<void> {
  const database = await openToSave(config, say)
  try {
    const secretKey = config.secretKey === undefined ? await findKeptKey(config.dataDir) : undefined
    const saved = { tables: 0, rows: 0 }
    await withClient(database.url, (client) =>
      writeBackupFile(file, () => saveDatabase(client, { secretKey, at: new Date(), saved })),
    )
    const { size } = await stat(file)
    say(`Saved ${saved.rows} rows of ${saved.tables} tables in ${file} (${size} bytes).`)
    if (secretKey !== undefined)
      say('The file holds the key that opens all API keys. Keep it where nobody else can read it.')
    else say('The file does not hold SECRET_KEY, which your environment sets. Keep that too: a restore needs it.')
  } finally {
    await database.stop()
  }
}

async function openToSave({ databaseUrl, dataDir }: Target, log: (line: string) => void): Promise<DatabaseServer> {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: async () => undefined }
  const home = await existingHome(resolve(dataDir))
  if (home === undefined)
    throw new StartError(`There is no database in ${dataDir}. Set DATA_DIR to the folder that holds it.`)
  const running = (await readFile(urlFileOf({ folder: home }), 'utf8').catch(() => undefined))?.trim()
  if (running !== undefined && (await answers(running))) return { url: running, stop: async () => undefined }
  return startEmbeddedPostgres({ dataDir, log })
}

/** A killed server leaves its URL behind, and maybe nothing at the other end of it. */
async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2000 })
  client.on('error', () => undefined)
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  )
}
