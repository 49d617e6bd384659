// npm run bench:usage: what it costs to record the usage of keys, as a share of the processor time of keyed calls.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyCall } from '../../server/src/api-keys/key-usage.ts'
import { addUsage } from '../../server/src/api-keys/usage.queries.ts'
import { usageFlushMs, usageRecorderOf } from '../../server/src/api-keys/usage-recorder.ts'
import { type App, buildApp } from '../../server/src/app.ts'
import { readConfig } from '../../server/src/config.ts'
import { type Database, openDatabase } from '../../server/src/db/database.ts'
import { migrate } from '../../server/src/db/migrate.ts'
import { startEmbeddedPostgres } from '../../server/src/embedded-postgres/embedded-postgres.ts'
import { leastCpu } from './cpu.ts'
import { makeForm, newAdmin, type Operation, operationsOn } from './scenario.ts'

const { admin } = newAdmin()
const secretKey = randomBytes(32).toString('base64')
/** What a busy server has to write at once: so many keys with five operations each. */
const keysInUse = 200
const operationsOfKey = 5

const dataDir = await mkdtemp(join(tmpdir(), 'formgate-bench-'))
const postgres = await startEmbeddedPostgres({ dataDir, log: () => {} })
try {
  await migrate(postgres.url)
  const database = openDatabase(postgres.url)
  await measureOn(database).finally(() => database.close())
} finally {
  await postgres.stop()
  await rm(dataDir, { recursive: true, force: true })
}

async function measureOn(database: Database): Promise<void> {
  const app = await openApp(database)
  try {
    await app.firstAccount.makeAdmin(admin)
    const form = await makeForm(await app.server.listen({ port: 0, host: '127.0.0.1' }), admin)
    const [getSubmission] = operationsOn(form)
    if (!getSubmission) throw new Error('There is nothing to measure.')
    report({
      callUs: await leastCpu(2000, () => callOnce(app, getSubmission)),
      recordUs: await leastCpu(200_000, recording()),
      flushUs: await leastCpu(20, await flushing(database)),
    })
  } finally {
    await app.server.close()
  }
}

async function openApp(database: Database): Promise<App> {
  const reading = readConfig({
    LOG_LEVEL: 'silent',
    RATE_LIMIT_API_KEY: '1000000000',
    RATE_LIMIT_DEFAULT: '1000000000',
  })
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join(' '))
  return buildApp({ config: { ...reading.config, dataDir }, database, secretKey })
}

async function callOnce({ server }: App, { path, authorization, status }: Operation): Promise<void> {
  const { statusCode } = await server.inject({ method: 'GET', url: path, headers: { authorization } })
  if (statusCode !== status) throw new Error(`GET ${path}: ${statusCode}`)
}

/** Calls of many keys as they come in, into a recorder that has nothing to write to yet. */
function recording(): () => void {
  const recorder = usageRecorderOf(async () => undefined)
  const calls = Array.from({ length: keysInUse * operationsOfKey }, (_, index) => callOf(index))
  let next = 0
  return () => {
    const call = calls[next++ % calls.length]
    if (call) recorder.record({ ...call, at: Date.now() })
  }
}

function callOf(index: number): KeyCall {
  return {
    keyId: (index % keysInUse) + 1,
    secretHash: Buffer.alloc(32, index % keysInUse),
    operation: `operation${Math.floor(index / keysInUse)}`,
    status: 200,
    bytesSent: 1500,
    at: Date.now(),
    address: '192.0.2.7',
    client: 'curl/8.5.0',
  }
}

/** Writes what all those keys have done since the last time. */
async function flushing(database: Database): Promise<() => Promise<void>> {
  await database.pool.query(
    `insert into api_key (form_id, name, secret_hash, secret_sealed, created_by)
     select form_id, 'Key ' || place, decode(lpad(to_hex(place), 64, '0'), 'hex'), '', 'bench'
     from (select id as form_id from form limit 1) form, generate_series(1, $1) place`,
    [keysInUse],
  )
  const { rows } = await database.pool.query<{ id: number; hash: Buffer }>(
    'select id, secret_hash as hash from api_key order by id desc limit $1',
    [keysInUse],
  )
  const recorder = usageRecorderOf((usage) => addUsage(database.db, usage))
  return async () => {
    for (let operation = 0; operation < operationsOfKey; operation++) {
      for (const { id, hash } of rows)
        recorder.record({ ...callOf(operation * keysInUse), keyId: id, secretHash: hash })
    }
    await recorder.flush()
  }
}

type Costs = { callUs: number; recordUs: number; flushUs: number }

/** A server that does nothing but such calls answers so many between two flushes, which share its cost. */
function report({ callUs, recordUs, flushUs }: Costs): void {
  const callsBetween = (usageFlushMs * 1000) / callUs
  const share = (recordUs + flushUs / callsBetween) / callUs
  console.log('| what | processor time of this process |')
  console.log('|---|---:|')
  console.log(`| GET submission with a key, without the socket | ${callUs.toFixed(1)} µs |`)
  console.log(`| recording one call | ${recordUs.toFixed(2)} µs |`)
  console.log(
    `| writing ${keysInUse * operationsOfKey} sums, every ${usageFlushMs / 1000} s | ${flushUs.toFixed(0)} µs |`,
  )
  console.log(`| usage, as a share of a call | ${(share * 100).toFixed(2)} % |`)
}
