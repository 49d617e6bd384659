// npm run bench [-- --quick] [-- --only=NAME]: what is measured, and how to read it, stands in bench/README.md.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '../../server/src/db/migrate.ts'
import { startEmbeddedPostgres } from '../../server/src/embedded-postgres/embedded-postgres.ts'
import type { BareOperation } from './bare-server.ts'
import { compare } from './comparison.ts'
import { coresOfOthers, parentOf, pin, restCores } from './cores.ts'
import { type LoadGenerator, startLoadGenerator } from './load.ts'
import { record } from './recording.ts'
import { circumstances, comparisonHead, comparisonRow, scalingHead, scalingRow } from './report.ts'
import { type BenchForm, makeForm, newAdmin, type Operation, operationsOn } from './scenario.ts'
import { seedTo } from './seed.ts'
import { type Running, startBare, startFormgate, startHello } from './servers.ts'
import { scale } from './two-processes.ts'

const quick = process.argv.includes('--quick')
const only = process.argv.find((each) => each.startsWith('--only='))?.slice('--only='.length)
const pace = {
  seconds: Number(process.env.BENCH_SECONDS ?? (quick ? 0.3 : 1)),
  rounds: Number(process.env.BENCH_ROUNDS ?? (quick ? 5 : 9)),
}
const sizes = (process.env.BENCH_SIZES ?? (quick ? '1000' : '1000,100000')).split(',').map(Number)
const port = Number(process.env.BENCH_PORT ?? 3999)

const { admin, env: account } = newAdmin()
const env = {
  ...account,
  // What the limit costs when it is shared is another measurement's business.
  RATE_LIMIT_STORE: 'memory',
  RATE_LIMIT_API_KEY: '1000000000',
  RATE_LIMIT_DEFAULT: '1000000000',
}
/** Keys may call once in a day. */
const onceOnly = { ...env, RATE_LIMIT_API_KEY: '1', RATE_LIMIT_WINDOW_SECONDS: '86400' }

// Before anything of ours runs.
console.log(circumstances(await coresOfOthers()))
// Whatever is started inherits this; the servers are bound to their core afterwards.
pin(process.pid, restCores)
const dataDir = await mkdtemp(join(tmpdir(), 'formgate-bench-'))
await chmod(dataDir, 0o755) // PostgreSQL runs as another user when this runs as root
const started: { stop(): Promise<void> }[] = []
try {
  const postgres = keep(await startEmbeddedPostgres({ dataDir, log: () => {} }))
  await bench(postgres.url)
} finally {
  for (const each of started.reverse()) await each.stop()
  await rm(dataDir, { recursive: true, force: true })
}

async function bench(url: string): Promise<void> {
  await migrate(url)
  const usual = keep(await startFormgate(url, dataDir, env, port))
  const form = await makeForm(usual.address, admin)
  const limited = keep(await startFormgate(url, dataDir, onceOnly, port + 1))
  const load = keep(startLoadGenerator())
  pin(load.pid, restCores)
  for (const rows of sizes) await compareAll(url, load, form, rows, { usual, limited })
  if (only === undefined) await scaleAll(url, load, form, usual)
}

function keep<Started extends { stop(): Promise<void> }>(running: Started): Started {
  started.push(running)
  return running
}

/** The first table: each operation beside what bounds it. */
async function compareAll(
  url: string,
  load: LoadGenerator,
  form: BenchForm,
  rows: number,
  servers: { usual: Running; limited: Running },
): Promise<void> {
  await seedTo(url, form, rows)
  const operations = operationsOn(form).filter(({ name }) => only === undefined || name === only)
  const hello = keep(await startHello())
  const { usual, limited } = servers
  console.log(`\nA form with ${rows.toLocaleString('en')} submissions\n\n${comparisonHead.join('\n')}`)
  await compareOn(url, load, operations.filter(isUnlimited), { formgate: usual, hello, env })
  await compareOn(url, load, operations.filter(isOverLimit), { formgate: limited, hello, env: onceOnly })
}

function isOverLimit({ overLimit = false }: Operation): boolean {
  return overLimit
}

function isUnlimited(operation: Operation): boolean {
  return !isOverLimit(operation)
}

/** Those operations that one configuration of the server answers. */
async function compareOn(
  url: string,
  load: LoadGenerator,
  operations: Operation[],
  { formgate, hello, env }: { formgate: Running; hello: Running; env: Record<string, string> },
): Promise<void> {
  const recorded = await record(url, env, operations)
  const bare = keep(await startBare(url, recorded))
  for (const [place, operation] of operations.entries()) {
    const each = recorded[place]
    if (!each) continue
    assertFewStatements(operation, each)
    // A limit of one is used up by the first call.
    await fetch(`${formgate.address}${operation.path}`, { headers: { authorization: operation.authorization } })
    console.log(comparisonRow(await compare(load, { formgate, bare, hello, databaseUrl: url }, operation, each, pace)))
  }
}

function assertFewStatements({ name, statementsMax = Infinity }: Operation, { statements }: BareOperation): void {
  if (statements.length <= statementsMax) return
  const texts = statements.map(({ text }) => text).join('\n')
  throw new Error(`${name} took ${statements.length} statements, ${statementsMax} at most were expected:\n${texts}`)
}

/** The second table: two processes beside one. */
async function scaleAll(url: string, load: LoadGenerator, form: BenchForm, usual: Running): Promise<void> {
  const second = keep(await startFormgate(url, dataDir, env, port + 2))
  const databasePid = await postmasterOf(url)
  console.log(`\nTwo processes beside one\n\n${scalingHead.join('\n')}`)
  for (const operation of operationsOn(form).filter(isUnlimited)) {
    console.log(scalingRow(await scale(load, databasePid, [usual, second], operation, pace)))
  }
}

/** The process that starts all others of the database. */
async function postmasterOf(url: string): Promise<number | undefined> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = rows[0] && parentOf(rows[0].pid)
  await client.end()
  return pid
}
