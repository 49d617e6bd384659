import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, rename } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Binaries, program } from './binaries.ts'
import { databaseRole } from './cluster.ts'
import { clusterOf, type Home } from './home.ts'
import { stopPostmaster } from './orphan.ts'
import { StartError } from './start-error.ts'
import { asUser } from './system-user.ts'

export type Postmaster = { port: number; child: ChildProcess; stop: () => Promise<void> }

type Start = { home: Home; binaries: Binaries; password: string; log: (message: string) => void }

const portTries = 5
const stillStartingMs = 10_000

/** Start PostgreSQL on a free port of the loopback address and wait until it answers. */
export async function startPostmaster(start: Start): Promise<Postmaster> {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort()
    const child = await launch(start, port)
    if (await answers(start, child, port)) return { port, child, stop: () => stop(start.home, child) }
    const output = await readFile(logFileOf(start.home), 'utf8')
    // Someone else may have taken the port between our look and PostgreSQL's.
    if (output.includes('could not bind') && tries < portTries) continue
    throw new StartError(
      `The embedded PostgreSQL did not start: ${lastLines(output)} (whole log: ${logFileOf(start.home)})`,
    )
  }
}

/** The URL of one database of this server. */
export function urlOf(port: number, password: string, database: string): string {
  return `postgres://${databaseRole}:${password}@127.0.0.1:${port}/${database}`
}

/** Its own process group, so that a terminal's Ctrl-C reaches us alone and we can finish what is under way first. */
async function launch({ home, binaries }: Start, port: number): Promise<ChildProcess> {
  await rename(logFileOf(home), `${logFileOf(home)}.1`).catch(() => undefined)
  const output = await open(logFileOf(home), 'w', 0o600)
  try {
    const child = spawn(program(binaries, 'postgres'), ['-D', clusterOf(home), ...settings(port)], {
      ...asUser(home.user),
      cwd: home.folder,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      // PostgreSQL ignores a stale lock file that names its own grandparent: in containers process ids repeat.
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin', PG_GRANDPARENT_PID: String(process.ppid) },
    })
    await once(child, 'spawn')
    return child
  } finally {
    await output.close()
  }
}

/** Errors of statements stay out of the log: they can quote what people entered. The caller sees them anyway. */
function settings(port: number): string[] {
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'log',
    log_checkpoints: 'off',
    log_error_verbosity: 'terse',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** True once it takes connections, false when it ended. Recovery after a crash may take long, so there is no deadline. */
async function answers({ password, log }: Start, child: ChildProcess, port: number): Promise<boolean> {
  let tellAt = Date.now() + stillStartingMs
  while (child.exitCode === null && child.signalCode === null) {
    if (await connects(urlOf(port, password, 'postgres'))) return true
    await sleep(20)
    if (Date.now() < tellAt) continue
    log('The database is still starting; after a crash it first recovers what was written.')
    tellAt += stillStartingMs
  }
  return false
}

async function connects(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '28P01') throw wrongPassword()
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

function wrongPassword(): StartError {
  return new StartError(
    'The embedded database does not accept the password in its "password" file. Put the original file back, or restore a backup into a new DATA_DIR.',
  )
}

async function stop(home: Home, child: ChildProcess): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null) await stopPostmaster(clusterOf(home), child.pid)
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address with a port')
  return address.port
}

function logFileOf({ folder }: Home): string {
  return join(folder, 'postgres.log')
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-3).join(' / ')
}
