import { randomBytes } from 'node:crypto'
import { runCommand } from '../backup/command.ts'
import { openDatabase } from '../db/database.ts'
import { StartError } from '../embedded-postgres/start-error.ts'
import { openExistingDatabase } from '../start/database-server.ts'
import { resetPassword } from './new-password.ts'

await runCommand(async (config) => {
  const [email, ...more] = process.argv.slice(2)
  if (email === undefined || !email.includes('@') || more.length > 0) {
    throw new StartError('Usage: npm run reset-password -- E-MAIL')
  }
  const server = await openExistingDatabase({ ...config, log: console.error })
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
