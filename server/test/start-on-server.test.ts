import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { createBareDatabase } from './database.ts'
import { makeFolder, removeFolders } from './embedded.ts'
import { endAll, start, startServing } from './started.ts'

// Whole processes start here, several in one test, while other tests keep the machine busy.
vi.setConfig({ testTimeout: 90_000 })

const [key, otherKey] = ['a'.repeat(40), 'b'.repeat(40)]

afterEach(endAll)
afterAll(removeFolders)

it('two servers share the database at DATABASE_URL and stop without touching it', async () => {
  const { url, drop } = await createBareDatabase()
  const both = await Promise.all(
    [1, 2].map(async () =>
      startServing({ DATABASE_URL: url, SECRET_KEY: key, DATA_DIR: join(await makeFolder(), 'data') }),
    ),
  )
  const links = await Promise.all(both.map(({ line }) => line(/#token=\S+$/m)))
  expect(links[0]?.[0]).toBe(links[1]?.[0])
  for (const server of both) {
    expect((await fetch(new URL('/readyz', server.url))).status).toBe(200)
    server.signalAll('SIGTERM')
    expect(await server.exitCode()).toBe(0)
  }
  await drop()
})

it('a start with another SECRET_KEY than the database was used with is refused', async () => {
  const { url, drop } = await createBareDatabase()
  const dataDir = join(await makeFolder(), 'data')
  const first = await startServing({ DATABASE_URL: url, SECRET_KEY: key, DATA_DIR: dataDir })
  first.signalAll('SIGTERM')
  await first.exitCode()
  const second = start({ DATABASE_URL: url, SECRET_KEY: otherKey, DATA_DIR: dataDir })
  expect(await second.exitCode()).toBe(1)
  expect(second.output()).toMatch(/^SECRET_KEY is not the one that this database was used with.*\n$/)
  await expect(stat(join(dataDir, 'secret-key'))).rejects.toThrow()
  await drop()
})

it('a database that cannot be reached is reported in one line', async () => {
  const dataDir = join(await makeFolder(), 'data')
  const url = 'postgres://me:hidden@127.0.0.1:1/none'
  const started = start({ DATABASE_URL: url, SECRET_KEY: key, DATA_DIR: dataDir })
  expect(await started.exitCode()).toBe(1)
  expect(started.output()).toMatch(/^The database at DATABASE_URL cannot be used: .*ECONNREFUSED.*\n$/)
  expect(started.output()).not.toContain('hidden')
})
