import { resolve } from 'node:path'
import pg from 'pg'
import { type Config, readConfig } from '../config.ts'
import { StartError } from '../embedded-postgres/start-error.ts'

/** Run one command of ours: give it the configuration, and print what a person should read instead of a stack. */
export async function runCommand(command: (config: Config) => Promise<void>): Promise<void> {
  try {
    const reading = readConfig(process.env)
    if (reading.kind === 'mistakes') throw new StartError(reading.mistakes.join('\n'))
    await command(reading.config)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

/** One connection for as long as `work` takes. */
export async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, application_name: 'formgate-backup' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** A file that a person named: npm runs us in the project's folder, whatever folder the person is in. */
export function fileNamed(file: string): string {
  return resolve(process.env.INIT_CWD ?? '.', file)
}
