import { spawnSync } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { StartError } from './start-error.ts'

/** The account that PostgreSQL runs as when we are root; it refuses to run as root itself. */
export type SystemUser = { name: string; uid: number; gid: number }

/**
 * Who PostgreSQL must run as, or undefined when it can run as ourselves (we are not root).
 * An existing cluster stays with its owner: otherwise installing a `postgres` account later would lock us out of it.
 */
export async function databaseUser(cluster: string | undefined): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const users = parsePasswd(await readFile('/etc/passwd', 'utf8'))
  const ownerUid = cluster === undefined ? undefined : await uidOf(cluster)
  // initdb looks its own account up, so a bare number that is not in /etc/passwd would not do.
  const user = users.find(({ uid }) => uid === ownerUid) ?? firstNamed(users, ['postgres', 'nobody'])
  if (user === undefined) {
    throw new StartError(
      'PostgreSQL does not run as root, and this machine has neither a "postgres" nor a "nobody" account to run it as. Start Formgate as an ordinary user, or set DATABASE_URL.',
    )
  }
  return user
}

/** Ask the kernel, as that user: mode bits alone would miss parents, groups and access lists. */
export function canEnter(folder: string, user: SystemUser): boolean {
  const { uid, gid } = user
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, cwd: '/', stdio: 'ignore' }).status === 0
}

/** What `spawn` needs to run a program as that user, and as ourselves when there is none. */
export function asUser(user: SystemUser | undefined): { uid?: number; gid?: number } {
  return user === undefined ? {} : { uid: user.uid, gid: user.gid }
}

async function uidOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found?.uid === 0 ? undefined : found?.uid
}

function firstNamed(users: SystemUser[], names: string[]): SystemUser | undefined {
  return names.map((wanted) => users.find(({ name }) => name === wanted)).find((user) => user !== undefined)
}

function parsePasswd(text: string): SystemUser[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
  })
}
