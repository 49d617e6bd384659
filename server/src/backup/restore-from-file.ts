import { randomBytes } from 'node:crypto'
import type { Config } from '../config.ts'
import { StartError } from '../embedded-postgres/start-error.ts'
import { filesFolder, storageInFolder } from '../files/file-storage.ts'
import { sealingWith } from '../sealing.ts'
import { openDatabaseServer } from '../start/database-server.ts'
import { findKeptKey, keepKey } from '../start/secret-key.ts'
import { readBackupFile } from './backup-file.ts'
import { withClient } from './command.ts'
import { checkTarget, loadDatabase, readHeader } from './load.ts'
import type { BackupHeader } from './save.ts'
import { SectionReader } from './sections.ts'

type Target = Pick<Config, 'databaseUrl' | 'dataDir' | 'secretKey'>

export type Restore = { file: string; replace: boolean; config: Target; say: (line: string) => void }

/** Bring back everything that a backup holds. Nothing changes unless all of it can be brought back. */
export async function restoreFromFile({ file, replace, config, say }: Restore): Promise<void> {
  const reader = new SectionReader(await readBackupFile(file))
  const header = await readHeader(reader)
  const database = await openDatabaseServer({ ...config, log: say })
  try {
    const key = await keyToKeep(header, config)
    const restored = await withClient(database.url, async (client) => {
      await checkTarget(client, header, replace)
      return loadDatabase(client, header, reader, storageInFolder(filesFolder(config.dataDir)))
    })
    if (key !== undefined) await keepKey(config.dataDir, key)
    say(
      `Restored ${restored.rows} rows of ${restored.tables} tables and ${restored.files} files, as they were at ${header.at}.`,
    )
  } finally {
    await database.stop()
  }
}

/** The key to put into the data folder, if it is to be there; refuses a key that could not open what the file holds. */
async function keyToKeep(header: BackupHeader, { secretKey, dataDir }: Target): Promise<string | undefined> {
  if (secretKey === undefined && header.secretKey !== undefined) return header.secretKey
  const own = secretKey ?? (await findKeptKey(dataDir))
  if (header.keyFingerprint === undefined || fingerprintOf(own) === header.keyFingerprint) return undefined
  throw new StartError(
    `The backup was made under another SECRET_KEY, without which its API keys cannot be shown. Set SECRET_KEY to that one. ${
      header.secretKey === undefined
        ? 'It was set where the backup was made; the file does not hold it.'
        : 'The first line of the unpacked file holds it.'
    }`,
  )
}

function fingerprintOf(secretKey: string | undefined): string | undefined {
  return secretKey === undefined ? undefined : sealingWith(secretKey, randomBytes).fingerprint
}
