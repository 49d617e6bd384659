import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildApp } from '../../server/src/app.ts'
import { readConfig } from '../../server/src/config.ts'
import { openDatabase } from '../../server/src/db/database.ts'
import { migrate } from '../../server/src/db/migrate.ts'
import { startEmbeddedPostgres } from '../../server/src/embedded-postgres/embedded-postgres.ts'
import type { BareOperation } from './bare-server.ts'
import { type Measured, measure } from './load.ts'
import { recordStatements } from './record.ts'
import { makeForm, type Operation, operationsOn } from './scenario.ts'
import { seedTo } from './seed.ts'
import { startBare, startFormgate } from './servers.ts'

const seconds = Number(process.env.BENCH_SECONDS ?? 4)
const sizes = (process.env.BENCH_SIZES ?? '1000,100000').split(',').map(Number)
const port = Number(process.env.BENCH_PORT ?? 3999)
const admin = { email: 'bench@example.org', password: randomBytes(12).toString('hex') }
const secretKey = randomBytes(32).toString('base64')

const dataDir = await mkdtemp(join(tmpdir(), 'formgate-bench-'))
const postgres = await startEmbeddedPostgres({ dataDir, log: () => {} })
try {
  await bench(postgres.url)
} finally {
  await postgres.stop()
  await rm(dataDir, { recursive: true, force: true })
}

/** Each operation on our server and on the bare one in turn, so that both meet the same noise. */
async function bench(url: string): Promise<void> {
  await migrate(url)
  const env = { SECRET_KEY: secretKey, ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password }
  const formgate = await startFormgate(url, dataDir, env, port)
  try {
    const form = await makeForm(formgate.address, admin)
    console.log('| submissions | operation | Formgate req/s | p50 ms | p99 ms | bare req/s | p50 ms | p99 ms | ratio |')
    console.log('|---:|---|---:|---:|---:|---:|---:|---:|---:|')
    for (const rows of sizes) {
      await seedTo(url, form, rows)
      const operations = operationsOn(form)
      const bare = await startBare(url, await record(url, operations))
      for (const operation of operations) {
        const [ours, theirs] = await compare(formgate.address, bare.address, operation)
        printRow(rows, operation.name, ours, theirs)
      }
      await bare.stop()
    }
  } finally {
    await formgate.stop()
  }
}

/** Two rounds each, alternating; the better one counts, for noise only ever slows. */
async function compare(formgate: string, bare: string, operation: Operation): Promise<[Measured, Measured]> {
  await measure(formgate, operation, 1)
  await measure(bare, operation, 1)
  const rounds: [Measured, Measured][] = []
  for (let round = 0; round < 2; round++) {
    rounds.push([await measure(formgate, operation, seconds), await measure(bare, operation, seconds)])
  }
  return [best(rounds.map(([ours]) => ours)), best(rounds.map(([, theirs]) => theirs))]
}

function best(measured: Measured[]): Measured {
  return measured.reduce((left, right) => (right.perSecond > left.perSecond ? right : left))
}

/** Runs each operation once on the app in this process and notes its statements and its answer. */
async function record(url: string, operations: Operation[]): Promise<BareOperation[]> {
  const reading = readConfig({ LOG_LEVEL: 'silent', RATE_LIMIT_API_KEY: '1000000' })
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join(' '))
  const database = openDatabase(url)
  const { server } = await buildApp({ config: reading.config, database, secretKey })
  const recorded: BareOperation[] = []
  for (const operation of operations) {
    const { method, path, authorization, status, body: payload } = operation
    const headers = { authorization, ...(payload ? { 'content-type': 'application/json' } : {}) }
    const request = () => server.inject({ method, url: path, headers, ...(payload ? { payload } : {}) })
    // Once before: definitions are then in memory, as in a server that has been running.
    await request()
    let body = ''
    const statements = await recordStatements(async () => {
      const response = await request()
      if (response.statusCode !== status) throw new Error(`${operation.name}: ${response.statusCode} ${response.body}`)
      body = response.body
    })
    const newId = method === 'POST' ? { newId: JSON.parse(body).id } : {}
    recorded.push({ method, path, authorization, status, statements, body, ...newId })
  }
  await server.close()
  await database.close()
  return recorded
}

function printRow(rows: number, name: string, ours: Measured, theirs: Measured): void {
  const figures = [ours, theirs].flatMap((each) => [Math.round(each.perSecond), each.p50Ms, each.p99Ms])
  const ratio = (ours.perSecond / theirs.perSecond).toFixed(2)
  console.log(`| ${rows.toLocaleString('en')} | ${name} | ${figures.join(' | ')} | ${ratio} |`)
}
