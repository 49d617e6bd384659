import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { sharedFolder } from './binaries.ts'
import { StartError } from './start-error.ts'
import { canEnter, databaseUser, type SystemUser } from './system-user.ts'

/** The folder of one embedded database, and who PostgreSQL runs as in it. */
export type Home = { folder: string; user: SystemUser | undefined }

type Log = (message: string) => void

export const clusterOf = ({ folder }: Pick<Home, 'folder'>): string => join(folder, 'cluster')
export const passwordFileOf = ({ folder }: Pick<Home, 'folder'>): string => join(folder, 'password')
/** Holds the database's URL while it runs, so that `npm run backup` can reach it. */
export const urlFileOf = ({ folder }: Pick<Home, 'folder'>): string => join(folder, 'url')

/** The home that a data folder already has, if any. */
export async function existingHome(dataDir: string): Promise<string | undefined> {
  const elsewhere = (await readFile(pointerIn(dataDir), 'utf8').catch(() => undefined))?.trim()
  const folder = elsewhere ?? join(dataDir, 'postgres')
  if (await exists(clusterOf({ folder }))) return folder
  // Never start empty in place of data that has gone missing: it would look like losing everything.
  if (elsewhere !== undefined && !(await exists(elsewhere))) {
    throw new StartError(
      `The database of ${dataDir} was in ${elsewhere}, which is gone. Put that folder back, or remove ${pointerIn(dataDir)} to start with an empty database.`,
    )
  }
  return elsewhere
}

/** Find or make the home of a data folder. It lies in the data folder unless PostgreSQL's account cannot enter that. */
export async function openHome(dataDir: string, log: Log): Promise<Home> {
  const existing = await existingHome(dataDir)
  const user = await databaseUser(existing && clusterOf({ folder: existing }))
  try {
    await makeDataDir(dataDir, user)
    const folder = existing ?? (await chooseFolder(dataDir, user, log))
    await makeFolder(folder, user)
    return { folder, user }
  } catch (error) {
    throw isDenied(error) ? notWritable(dataDir, error) : error
  }
}

async function makeDataDir(dataDir: string, user: SystemUser | undefined): Promise<void> {
  await mkdir(dirname(dataDir), { recursive: true })
  const made = await mkdir(dataDir, { recursive: true, mode: 0o700 })
  // Only what we made ourselves: an existing folder's rights are its owner's business.
  if (made !== undefined && user !== undefined) await letIn(dataDir, user)
}

async function chooseFolder(dataDir: string, user: SystemUser | undefined, log: Log): Promise<string> {
  if (user === undefined || canEnter(dataDir, user)) return join(dataDir, 'postgres')
  const folder = await pointElsewhere(dataDir)
  log(
    `PostgreSQL runs as the user "${user.name}", who cannot enter ${dataDir}: the database is in ${folder}. Both folders belong together; use "npm run backup" to move them.`,
  )
  return folder
}

/** A fresh name and a note of it, not a hash of the path: a data folder that is moved takes its database along. */
async function pointElsewhere(dataDir: string): Promise<string> {
  const folder = join(sharedFolder, randomBytes(8).toString('hex'))
  await mkdir(folder, { recursive: true })
  await chmod(sharedFolder, 0o755)
  try {
    await writeFile(pointerIn(dataDir), `${folder}\n`, { flag: 'wx', mode: 0o600 })
    return folder
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
    return (await readFile(pointerIn(dataDir), 'utf8')).trim() // another start was quicker
  }
}

async function makeFolder(folder: string, user: SystemUser | undefined): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (user === undefined) return
  // The folder stays root's, so that a hijacked database process cannot swap the files which root reads and writes.
  if (made !== undefined || (await stat(folder)).uid === 0) await letIn(folder, user)
}

async function letIn(folder: string, user: SystemUser): Promise<void> {
  await chown(folder, 0, user.gid)
  await chmod(folder, 0o710)
}

function pointerIn(dataDir: string): string {
  return join(resolve(dataDir), 'postgres-folder')
}

function notWritable(dataDir: string, error: Error): StartError {
  return new StartError(
    `The data folder ${dataDir} cannot be used (${error.message}). Give DATA_DIR a folder that this user may write to.`,
  )
}

function isDenied(error: unknown): error is Error {
  return ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].some((code) => isCode(error, code))
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
