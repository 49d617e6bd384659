import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import { StartError } from '../embedded-postgres/start-error.ts'
import { keepSetting } from '../people/people.queries.ts'
import { sealingWith } from '../sealing.ts'

/** Where the key is kept when nobody sets SECRET_KEY. */
export function secretKeyFile(dataDir: string): string {
  return join(dataDir, 'secret-key')
}

/** SECRET_KEY, or the key in the data folder, which is made once. Call it while the data folder is locked. */
export async function readSecretKey({ secretKey, dataDir }: Pick<Config, 'secretKey' | 'dataDir'>): Promise<string> {
  if (secretKey !== undefined) return secretKey
  const kept = await findKeptKey(dataDir)
  if (kept !== undefined) return kept
  const made = randomBytes(32).toString('base64')
  await keepKey(dataDir, made)
  return made
}

/** The key in the data folder, if there is one. */
export async function findKeptKey(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(secretKeyFile(dataDir), 'utf8')).trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Whole or not at all: half a key after a power cut would shut people out of what it sealed. */
export async function keepKey(dataDir: string, key: string): Promise<void> {
  const file = secretKeyFile(dataDir)
  await writeFile(`${file}.new`, `${key}\n`, { mode: 0o600, flush: true })
  await rename(`${file}.new`, file)
}

/** The database remembers which key it was used with: another one could open none of its API keys. */
export async function checkSecretKey(db: Db, secretKey: string): Promise<void> {
  const { fingerprint } = sealingWith(secretKey, randomBytes)
  const expected = await keepSetting(db, 'secret_key_fingerprint', fingerprint)
  if (expected !== fingerprint) {
    throw new StartError(
      'SECRET_KEY is not the one that this database was used with, so its API keys could not be shown any more. Set the original SECRET_KEY, or put the original file "secret-key" back into DATA_DIR.',
    )
  }
}
