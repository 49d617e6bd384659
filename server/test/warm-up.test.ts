import { expect, it, vi } from 'vitest'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/db/database.ts'
import { createTestDatabase } from './database.ts'

it('begins to start the validation workers when the server listens, before anybody submits', async () => {
  const testDatabase = await createTestDatabase()
  const database = openDatabase(testDatabase.url, 2)
  const reading = readConfig({ LOG_LEVEL: 'silent', RATE_LIMIT_STORE: 'memory' })
  if (!('config' in reading)) throw new Error('The configuration was not read.')
  const validator = { validate: vi.fn(), warmUp: vi.fn(), close: vi.fn() }
  const options = { config: reading.config, database, secretKey: 'a secret key for tests, long enough', validator }
  const { server } = await buildApp(options)
  await server.listen({ port: 0, host: '127.0.0.1' })
  expect(validator.warmUp).toHaveBeenCalledTimes(1)
  await server.close()
  await database.close()
  await testDatabase.drop()
})
