import { buildApp } from '../app.ts'
import { readConfig } from '../config.ts'
import { openDatabase } from '../db/database.ts'

/** The OpenAPI document as text, whatever the environment: connections are opened when first needed, so there is none. */
export async function generateDocument(): Promise<string> {
  const reading = readConfig({ LOG_LEVEL: 'silent' })
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join('\n'))
  const database = openDatabase('postgres://nobody@127.0.0.1:1/none', 1)
  const { server } = await buildApp({
    config: reading.config,
    database,
    secretKey: 'only for the document; seals nothing',
  })
  try {
    await server.ready()
    return `${JSON.stringify(server.swagger(), null, 2)}\n`
  } finally {
    await server.close()
    await database.close()
  }
}
