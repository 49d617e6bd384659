import { stat } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { filesFolder, storageInFolder } from '../files/file-storage.ts'
import { openExistingDatabase } from '../start/database-server.ts'
import { findKeptKey } from '../start/secret-key.ts'
import { writeBackupFile } from './backup-file.ts'
import { withClient } from './command.ts'
import { saveDatabase } from './save.ts'

type Target = Pick<Config, 'databaseUrl' | 'dataDir' | 'secretKey'>

/** Save everything into a new file, whether Formgate runs or not. */
export async function saveToFile(file: string, config: Target, say: (line: string) => void): Promise<void> {
  const database = await openExistingDatabase({ ...config, log: say })
  try {
    const secretKey = config.secretKey === undefined ? await findKeptKey(config.dataDir) : undefined
    const saved = { tables: 0, rows: 0, files: 0, lostFiles: 0 }
    const storage = storageInFolder(filesFolder(config.dataDir))
    await withClient(database.url, (client) =>
      writeBackupFile(file, () => saveDatabase(client, { secretKey, at: new Date(), saved, storage })),
    )
    const { size } = await stat(file)
    say(`Saved ${saved.rows} rows of ${saved.tables} tables and ${saved.files} files in ${file} (${size} bytes).`)
    if (saved.lostFiles > 0) say(`Of these files, ${saved.lostFiles} have no content in ${config.dataDir} any more.`)
    if (secretKey !== undefined)
      say('The file holds the key that opens all API keys. Keep it where nobody else can read it.')
    else say('The file does not hold SECRET_KEY, which your environment sets. Keep that too: a restore needs it.')
  } finally {
    await database.stop()
  }
}
