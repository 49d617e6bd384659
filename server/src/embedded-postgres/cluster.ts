import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Binaries, program } from './binaries.ts'
import { clusterOf, type Home, passwordFileOf } from './home.ts'
import { StartError } from './start-error.ts'
import { asUser } from './system-user.ts'

/** The account that owns the database; there is no other. */
export const databaseRole = 'formgate'

const unfinished = 'cluster-unfinished-'

/**
 * What makes a cluster the same on every machine: UTF-8 whatever LANG says (the C locale alone would mean SQL_ASCII), a
 * locale that PostgreSQL brings itself, and passwords even on the loopback address, where other accounts can knock too.
 */
const initdbArguments = [
  '--encoding=UTF8',
  '--no-locale',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--auth=scram-sha-256',
  `--username=${databaseRole}`,
]

/** Make the cluster if there is none yet, and refuse one that these programs cannot read. */
export async function ensureCluster(home: Home, binaries: Binaries, log: (message: string) => void): Promise<void> {
  const made = await readFile(join(clusterOf(home), 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (made === undefined) {
    log('Making a new database (once).')
    return initialise(home, binaries)
  }
  if (Number(made) !== binaries.major) throw otherMajor(home, Number(made), binaries.major)
}

/** The database's password, made once with the cluster. */
export async function readPassword(home: Pick<Home, 'folder'>): Promise<string> {
  try {
    return (await readFile(passwordFileOf(home), 'utf8')).trim()
  } catch {
    throw new StartError(
      `The database's password file ${passwordFileOf(home)} is missing or cannot be read. Put it back, or restore a backup into a new DATA_DIR.`,
    )
  }
}

/** Under another name until it is complete: a start that is killed half-way leaves no half cluster behind. */
async function initialise(home: Home, binaries: Binaries): Promise<void> {
  await removeUnfinished(home)
  const folder = join(home.folder, `${unfinished}${process.pid}`)
  await mkdir(folder, { mode: 0o700 })
  await writeFile(passwordFileOf(home), `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 })
  await giveTo(home, folder, passwordFileOf(home))
  await runInitdb(home, binaries, folder)
  await rename(folder, clusterOf(home))
}

async function runInitdb(home: Home, binaries: Binaries, folder: string): Promise<void> {
  const files = [`--pgdata=${folder}`, `--pwfile=${passwordFileOf(home)}`]
  // A fixed environment: ours holds secrets that the database's process has no need to know.
  const options = { ...asUser(home.user), cwd: home.folder, env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } }
  try {
    await promisify(execFile)(program(binaries, 'initdb'), [...initdbArguments, ...files], options)
  } catch (error) {
    const reason = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
    throw new StartError(`The database could not be made in ${home.folder}: ${reason}`)
  }
}

async function removeUnfinished(home: Home): Promise<void> {
  const left = (await readdir(home.folder)).filter((name) => name.startsWith(unfinished))
  for (const name of left) await rm(join(home.folder, name), { recursive: true, force: true })
}

async function giveTo({ user }: Home, ...paths: string[]): Promise<void> {
  if (user === undefined) return
  for (const path of paths) await chown(path, user.uid, user.gid)
}

function otherMajor(home: Home, made: number, ours: number): StartError {
  return new StartError(
    `The database in ${home.folder} was made by PostgreSQL ${made}, and this Formgate brings PostgreSQL ${ours}. ` +
      'Run "npm run backup -- FILE" with the Formgate that made it, then "npm run restore -- FILE" here with a new DATA_DIR; or set DATABASE_URL to a server that holds the data.',
  )
}
