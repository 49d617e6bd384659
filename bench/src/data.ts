// npm run bench:data [-- SUBMISSIONS …]: how fast data comes out, and in how much memory; 10,000 and 100,000 submissions unless said.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../server/src/db/migrate.ts'
import { startEmbeddedPostgres } from '../../server/src/embedded-postgres/embedded-postgres.ts'
import { freePort } from './containers.ts'
import { copyOut, type Flow, measureExport } from './data-exports.ts'
import { measurePages } from './data-pages.ts'
import { type BenchForm, makeForm, newAdmin } from './scenario.ts'
import { seedTo } from './seed.ts'
import { startFormgate } from './servers.ts'

const megabyte = 1024 * 1024
const formats = [
  { name: 'JSON', query: 'format=json' },
  { name: 'NDJSON', query: 'format=ndjson' },
  { name: 'CSV', query: 'format=csv' },
  { name: 'CSV, back-filled', query: 'format=csv&template=multiRowBackFilledCSVExport' },
  { name: 'CSV, single rows', query: 'format=csv&template=singleRowCSVExport' },
  { name: 'CSV, unformatted', query: 'format=csv&template=unFormattedCSVExport' },
]

const given = process.argv.slice(2).map(Number).filter(Number.isFinite)
const sizes = given.length > 0 ? given : [10_000, 100_000]
const { admin, env: account } = newAdmin()
const env = {
  ...account,
  RATE_LIMIT_STORE: 'memory',
}

const folder = await mkdtemp(join(tmpdir(), 'formgate-data-'))
await chmod(folder, 0o755) // PostgreSQL runs as another user when this runs as root
const database = await startEmbeddedPostgres({ dataDir: join(folder, 'database'), log: () => undefined })
try {
  await migrate(database.url)
  const form = await withServer((address) => makeForm(address, admin))
  for (const size of sizes) await measure(form, size)
} finally {
  await database.stop()
  await rm(folder, { recursive: true, force: true })
}

async function measure(form: BenchForm, size: number): Promise<void> {
  await seedTo(database.url, form, size)
  console.log(`\n${size.toLocaleString('en')} submissions of 20 fields, 1.5 KB each\n`)
  console.log('| | rows/s | MB/s | of COPY’s rows | seconds | RSS before | highest | growth |')
  console.log('|---|--:|--:|--:|--:|--:|--:|--:|')
  for (const { name, query } of formats) {
    // COPY again beside each: what else the machine does changes by the minute.
    const copied = await copyOut(database.url, form)
    const exported = await withServer((address, pid) => measureExport(address, pid, form, query))
    console.log(exportRow(name, size, exported, size / copied.seconds))
    if (name === 'JSON') console.log(exportRow('COPY … TO STDOUT', size, copied, size / copied.seconds))
  }
  console.log('\n| page | p50 ms | p99 ms |\n|---|--:|--:|')
  const pages = await withServer((address) => measurePages(address, form, database.url))
  for (const { name, p50Ms, p99Ms } of pages) console.log(`| ${name} | ${p50Ms.toFixed(2)} | ${p99Ms.toFixed(2)} |`)
}

function exportRow(name: string, rows: number, flow: Flow, copiedPerSecond: number): string {
  const inMb = (bytes: number | undefined) => (bytes === undefined ? '' : `${Math.round(bytes / megabyte)} MB`)
  const perSecond = rows / flow.seconds
  const { before, highest } = flow.resident ?? {}
  const cells = [
    name,
    Math.round(perSecond).toLocaleString('en'),
    (flow.bytes / megabyte / flow.seconds).toFixed(0),
    (perSecond / copiedPerSecond).toFixed(2),
    flow.seconds.toFixed(2),
    inMb(before),
    inMb(highest),
    inMb(before !== undefined && highest !== undefined ? highest - before : undefined),
  ]
  return `| ${cells.join(' | ')} |`
}

/** A new server each time, so that nothing earlier has grown it. */
async function withServer<Result>(work: (address: string, pid: number) => Promise<Result>): Promise<Result> {
  const running = await startFormgate(database.url, join(folder, 'server'), env, await freePort())
  try {
    return await work(running.address, running.process.pid ?? 0)
  } finally {
    await running.stop()
  }
}
