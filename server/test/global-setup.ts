import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@redis/client'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../src/db/migrate.ts'
import { startEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of the server the tests run on, from which others may be created. */
    databaseUrl: string
    /** A migrated, empty database that nobody is connected to: the template of every test's own. */
    templateName: string
    /** The Redis that tests may use beside others; empty where there is none. */
    redisUrl: string
  }
}

/** One PostgreSQL and one migrated template for the whole run: the embedded one, or the server at TEST_DATABASE_URL. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await openServer(process.env.TEST_DATABASE_URL)
  const templateName = `formgate_test_${randomBytes(6).toString('hex')}`
  await execute(server.url, `CREATE DATABASE ${templateName}`)
  await migrate(withDatabase(server.url, templateName))
  project.provide('databaseUrl', server.url)
  project.provide('templateName', templateName)
  project.provide('redisUrl', await reachableRedis())
  return async () => {
    await dropAll(server.url, templateName)
    await server.close()
  }
}

async function openServer(url: string | undefined): Promise<{ url: string; close: () => Promise<void> }> {
  if (url) return { url, close: async () => undefined }
  const folder = await mkdtemp(join(tmpdir(), 'formgate-test-'))
  await chmod(folder, 0o755) // PostgreSQL runs as another user when the tests run as root
  const { url: embedded, stop } = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: () => undefined })
  await hurry(embedded)
  const close = async () => {
    await stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { url: embedded, close }
}

/** What a crash of the machine would take is of use to nobody: nothing waits for the disk. */
async function hurry(url: string): Promise<void> {
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit'])
    await execute(url, `ALTER SYSTEM SET ${setting} = off`)
  await execute(url, 'SELECT pg_reload_conf()')
}

async function reachableRedis(): Promise<string> {
  const url = process.env.TEST_REDIS_URL || process.env.REDIS_URL || 'redis://127.0.0.1:6379'
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 1000 } })
  client.on('error', () => undefined)
  return client.connect().then(
    () => client.close().then(() => url),
    () => '',
  )
}

/** The server may be one that others use too: drop what this run made, and nothing else. */
async function dropAll(url: string, templateName: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const made = 'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)'
    const { rows } = await client.query<{ name: string }>(made, [templateName])
    for (const { name } of rows) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  } finally {
    await client.end()
  }
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

function withDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}
