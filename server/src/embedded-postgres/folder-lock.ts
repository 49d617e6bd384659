import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartError } from './start-error.ts'

/** Held here as well, for a lock whose handle is garbage-collected would be let go. */
const held = new Set<DatabaseSync>()

const sqliteBusy = 5

/**
 * Make a folder ours until we release it or die. Node has no call for the operating system's file locks, but SQLite takes
 * one: unlike a file with our process id it cannot outlive us, and it is seen from other containers on the same disk.
 */
export function lockFolder(folder: string, dataDir: string): () => void {
  const file = join(folder, 'lock')
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    throw isBusy(error) ? inUse(folder, dataDir) : error
  }
  chmodSync(file, 0o600)
  writeFileSync(join(folder, 'owner'), `${process.pid}\n`, { mode: 0o600 })
  held.add(lock)
  return () => {
    if (held.delete(lock)) lock.close()
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
}

function inUse(folder: string, dataDir: string): StartError {
  return new StartError(
    `Another Formgate${ownerOf(folder)} is using the data folder ${dataDir}. Stop it first, or give this one a DATA_DIR of its own.`,
  )
}

function ownerOf(folder: string): string {
  try {
    return ` (process ${readFileSync(join(folder, 'owner'), 'utf8').trim()})`
  } catch {
    return ''
  }
}
