import { mkdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import pg from 'pg'
import type { Config } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { startEmbeddedPostgres } from '../embedded-postgres/embedded-postgres.ts'
import { existingHome, urlFileOf } from '../embedded-postgres/home.ts'
import { StartError } from '../embedded-postgres/start-error.ts'

export type DatabaseServer = { url: string; stop: () => Promise<void> }

export type DatabaseServerOptions = Pick<Config, 'databaseUrl' | 'dataDir'> & {
  log: (message: string) => void
  /** Called when an embedded database ends without having been asked to. */
  onLost?: () => void
}

const serverVersionMin = 15

/** The database to work on, with the newest schema: the server at DATABASE_URL, or the embedded one. */
export async function openDatabaseServer(options: DatabaseServerOptions): Promise<DatabaseServer> {
  const server = await openServer(options)
  try {
    await checkServer(server.url)
    await migrate(server.url)
    return server
  } catch (error) {
    await server.stop()
    if (error instanceof StartError || options.databaseUrl === undefined) throw error
    throw new StartError(`The database at DATABASE_URL cannot be used: ${reasonOf(error)}`)
  }
}

/** A database that is there already, for commands: the running Formgate's, or one started for as long as it takes. */
export async function openExistingDatabase({
  databaseUrl,
  dataDir,
  log,
}: DatabaseServerOptions): Promise<DatabaseServer> {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: async () => undefined }
  const home = await existingHome(resolve(dataDir))
  if (home === undefined)
    throw new StartError(`There is no database in ${dataDir}. Set DATA_DIR to the folder that holds it.`)
  // A Formgate that runs on this folder has left the address of its database there.
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

async function openServer({ databaseUrl, ...embedded }: DatabaseServerOptions): Promise<DatabaseServer> {
  if (databaseUrl === undefined) return startEmbeddedPostgres(embedded)
  await mkdir(embedded.dataDir, { recursive: true, mode: 0o700 })
  return { url: databaseUrl, stop: async () => undefined }
}

async function checkServer(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ version: string; encoding: string }>(
      "SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding",
    )
    const { version = '', encoding } = rows[0] ?? {}
    if (Number.parseInt(version, 10) < serverVersionMin) throw tooOld(version)
    if (encoding !== 'UTF8')
      throw new StartError(`The database at DATABASE_URL stores text as ${encoding}; make one with ENCODING 'UTF8'.`)
  } finally {
    await client.end().catch(() => undefined)
  }
}

function tooOld(version: string): StartError {
  return new StartError(
    `The server at DATABASE_URL is PostgreSQL ${version}; Formgate needs version ${serverVersionMin} or newer.`,
  )
}

/** A refused connection to a name with several addresses has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
