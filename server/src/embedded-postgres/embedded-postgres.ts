import { chmod, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import pg from 'pg'
import { findBinaries } from './binaries.ts'
import { ensureCluster, readPassword } from './cluster.ts'
import { lockFolder } from './folder-lock.ts'
import { clusterOf, type Home, openHome, urlFileOf } from './home.ts'
import { stopOrphan } from './orphan.ts'
import { type Postmaster, startPostmaster, urlOf } from './postmaster.ts'

export type EmbeddedPostgres = { url: string; stop: () => Promise<void> }

export type EmbeddedPostgresOptions = {
  dataDir: string
  log: (message: string) => void
  /** Called when PostgreSQL ends without having been asked to. */
  onLost?: () => void
}

const databaseName = 'formgate'

/** Run the PostgreSQL that npm brought, with its data in `dataDir`, until `stop` is called. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  const home = await openHome(dataDir, options.log)
  const unlock = lockFolder(home.folder, dataDir)
  try {
    return await run(home, unlock, options)
  } catch (error) {
    unlock()
    throw error
  }
}

async function run(home: Home, unlock: () => void, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, onLost } = options
  await stopOrphan(clusterOf(home), log)
  const binaries = await findBinaries({ user: home.user, log })
  await ensureCluster(home, binaries, log)
  const password = await readPassword(home)
  const postmaster = await startPostmaster({ home, binaries, password, log })
  const url = urlOf(postmaster.port, password, databaseName)
  try {
    await createDatabase(urlOf(postmaster.port, password, 'postgres'))
    await publishUrl(home, url)
  } catch (error) {
    await postmaster.stop()
    throw error
  }
  if (onLost) postmaster.child.once('exit', onLost)
  return { url, stop: onceOnly(() => stop(home, postmaster, unlock, onLost)) }
}

async function stop(home: Home, postmaster: Postmaster, unlock: () => void, onLost?: () => void): Promise<void> {
  if (onLost) postmaster.child.off('exit', onLost)
  await rm(urlFileOf(home), { force: true })
  await postmaster.stop()
  unlock()
}

async function createDatabase(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [databaseName])
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`)
  } finally {
    await client.end()
  }
}

async function publishUrl(home: Home, url: string): Promise<void> {
  await writeFile(urlFileOf(home), `${url}\n`, { mode: 0o600 })
  await chmod(urlFileOf(home), 0o600) // the mode above counts only when the file is new
}

function onceOnly(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= action()
    return running
  }
}
