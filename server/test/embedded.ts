import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { existingHome } from '../src/embedded-postgres/home.ts'
import { stopOrphan } from '../src/embedded-postgres/orphan.ts'

/** What a process around the embedded database reported: its URL, or why it did not start. */
export type Embedded = { url?: string; refused?: string; logs: string[]; child: ChildProcess }

type Line = { url?: string; refused?: string; log?: string }

const program = fileURLToPath(new URL('embedded-process.ts', import.meta.url))
const made: string[] = []

/** A new folder; `private` is one that only its owner can enter, like many home folders. */
export async function makeFolder(kind: 'open' | 'private' = 'open'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'formgate-embedded-'))
  await chmod(folder, kind === 'open' ? 0o755 : 0o700)
  made.push(folder)
  return folder
}

/** Remove the folders that `makeFolder` made, and stop and remove the databases that belong to them. */
export async function removeFolders(): Promise<void> {
  for (const folder of made.splice(0)) {
    const home = await existingHome(join(folder, 'data')).catch(() => undefined)
    if (home !== undefined) await stopOrphan(join(home, 'cluster'), () => undefined)
    if (home !== undefined) await rm(home, { recursive: true, force: true })
    await rm(folder, { recursive: true, force: true })
  }
}

/** Run the embedded database in a process of its own, under the umask and environment asked for. */
export async function startProcess(dataDir: string, options: { umask?: string; uid?: number } = {}): Promise<Embedded> {
  const { umask = '022', uid } = options
  const env = { LANG: 'C', LC_ALL: 'C', PATH: process.env.PATH, SECRET_KEY: 'not for the database' }
  const script = `umask ${umask}; exec "$@"`
  const child = spawn('/bin/sh', ['-c', script, 'sh', process.execPath, program, dataDir], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  return { child, ...(await untilReported(child)) }
}

async function untilReported(child: ChildProcess): Promise<Omit<Embedded, 'child'>> {
  if (child.stdout === null) throw new Error('the output is a pipe')
  const logs: string[] = []
  for await (const text of createInterface(child.stdout)) {
    const { url, refused, log } = JSON.parse(text) as Line
    if (log !== undefined) logs.push(log)
    if (url !== undefined) return { url, logs }
    if (refused !== undefined) return { refused, logs }
  }
  throw new Error('the process ended without a word')
}

/** End a process and wait until it is gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

/** Run statements one after the other and give the rows of the last. */
export async function query(connectionString: string | undefined, ...statements: string[]): Promise<unknown[]> {
  if (connectionString === undefined) throw new Error('no database is running')
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    let rows: unknown[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

/** The process id of the database in a data folder. */
export async function postmasterPid(dataDir: string): Promise<number> {
  const home = await existingHome(dataDir)
  return Number((await readFile(join(home ?? '', 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0])
}
