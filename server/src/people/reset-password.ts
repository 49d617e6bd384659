import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { runCommand } from '../backup/command.ts'
import type { Config } from '../config.ts'
import { openDatabase } from '../db/database.ts'
import { startEmbeddedPostgres } from '../embedded-postgres/embedded-postgres.ts'
import { existingHome, urlFileOf } from '../embedded-postgres/home.ts'
import { StartError } from '../embedded-postgres/start-error.ts'
import type { DatabaseServer } from '../start/database-server.ts'
import { resetPassword } from './new-password.ts'

await runCommand(async (config) => {
  const [email, ...more] = process.argv.slice(2)
  if (email === undefined || !email.includes('@') || more.length > 0) {
    throw new StartError('Usage: npm run reset-password -- E-MAIL')
  }
  const server = await openServer(config)
  try {
    console.log(await report(server.url, email))
  } finally {
    await server.stop()
  }
})

async function report(url: string, email: string): Promise<string> {
  const { db, close } = openDatabase(url, 1)
  try {
    const password = await resetPassword(db, email, randomBytes)
    if (password === undefined) throw new StartError(`Nobody has an account with the e-mail address ${email}.`)
    return `The new password of ${email} is: ${password}\nIt is shown this once. All sessions of this account have ended.`
  } finally {
    await close()
  }
}

/** The database, whether Formgate runs on it or not. */
async function openServer({ databaseUrl, dataDir }: Config): Promise<DatabaseServer> {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: async () => undefined }
  const home = await existingHome(resolve(dataDir))
  if (home === undefined) throw new StartError(`There is no database in ${dataDir}. Set DATA_DIR to its folder.`)
  try {
    return await startEmbeddedPostgres({ dataDir, log: console.error })
  } catch (error) {
    // A Formgate that runs on this folder has left the address of its database there.
    const running = await readFile(urlFileOf({ folder: home }), 'utf8').catch(() => undefined)
    if (running === undefined) throw error
    return { url: running.trim(), stop: async () => undefined }
  }
}
