// npm run bench:data [-- SUBMISSIONS …]: how fast data comes out, and in how much memory; 10,000 and 100,000 submissions unless said.
// npm run bench:data -- --pages [SMALL LARGE]: pages of a form of 1,000 submissions beside those of one of 1,000,000.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../server/src/db/migrate.ts'
import { startEmbeddedPostgres } from '../../server/src/embedded-postgres/embedded-postgres.ts'
import { freePort } from './containers.ts'
import { measureBeside } from './data-beside.ts'
import { copyOut, type Flow, measureExport } from './data-exports.ts'
import { comparePages, measurePages } from './data-pages.ts'
import { indexAnswers } from './index-answers.ts'
import { type BenchForm, makeForm, newAdmin } from './scenario.ts'
import { seedTo } from './seed.ts'
import { startFormgate } from './servers.ts'

const megabyte = 1024 * 1024
/** How much more a page of the large form may take. */
const flatMax = 1.3
const formats = [
  { name: 'JSON', query: 'format=json' },
  { name: 'NDJSON', query: 'format=ndjson' },
  { name: 'CSV', query: 'format=csv' },
  { name: 'CSV, back-filled', query: 'format=csv&template=multiRowBackFilledCSVExport' },
  { name: 'CSV, single rows', query: 'format=csv&template=singleRowCSVExport' },
  { name: 'CSV, unformatted', query: 'format=csv&template=unFormattedCSVExport' },
  { name: 'JSON in gzip', query: 'format=json', coding: 'gzip' },
  { name: 'JSON in zstd', query: 'format=json', coding: 'zstd' },
  { name: 'XLSX', query: 'format=xlsx' },
  { name: 'Parquet', query: 'format=parquet' },
]
const exportsAtOnce = 8

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
  if (process.argv.includes('--pages')) await compare(given[0] ?? 1000, given[1] ?? 1_000_000)
  else {
    const form = await withServer((address) => makeForm(address, admin))
    for (const size of sizes) await measure(form, size)
  }
} finally {
  await database.stop()
  await rm(folder, { recursive: true, force: true })
}

async function measure(form: BenchForm, size: number): Promise<void> {
  await seedTo(database.url, form, size)
  console.log(`\n${size.toLocaleString('en')} submissions of 20 fields, 1.5 KB each\n`)
  console.log('| | rows/s | MB/s | of COPY’s rows | seconds | RSS before | highest | growth | growth at each fifth |')
  console.log('|---|--:|--:|--:|--:|--:|--:|--:|---|')
  for (const { name, query, coding } of formats) {
    // COPY again beside each: what else the machine does changes by the minute.
    const copied = await copyOut(database.url, form)
    const exported = await withServer((address, pid) => measureExport(address, pid, form, query, coding))
    console.log(exportRow(name, size, exported, size / copied.seconds))
    if (name === 'JSON') console.log(exportRow('COPY … TO STDOUT', size, copied, size / copied.seconds))
  }
  console.log('\n| page | p50 ms | p99 ms |\n|---|--:|--:|')
  const pages = await withServer(async (address) => {
    await indexAnswers(address, admin, form, ['mail', 'region'])
    return measurePages(address, form, database.url)
  })
  for (const { name, p50Ms, p99Ms } of pages) console.log(`| ${name} | ${p50Ms.toFixed(2)} | ${p99Ms.toFixed(2)} |`)
  console.log('\n| reading a submission beside | calls | p50 ms | p99 ms |\n|---|--:|--:|--:|')
  await withServer(async (address) => {
    for (const exports of [0, exportsAtOnce]) {
      const { calls, p50Ms, p99Ms } = await measureBeside(address, form, exports)
      console.log(`| ${exports} exports | ${calls} | ${p50Ms.toFixed(2)} | ${p99Ms.toFixed(2)} |`)
    }
  })
}

async function compare(smallRows: number, largeRows: number): Promise<void> {
  const [small, large] = await withServer(async (address) => [
    await makeForm(address, admin),
    await makeForm(address, admin),
  ])
  const seedingSince = performance.now()
  await seedTo(database.url, large, largeRows)
  await seedTo(database.url, small, smallRows)
  const [smallName, largeName] = [smallRows.toLocaleString('en'), largeRows.toLocaleString('en')]
  console.log(`Two forms of ${smallName} and ${largeName} submissions, made in ${secondsSince(seedingSince)} s.`)
  await withServer(async (address) => {
    for (const form of [small, large]) {
      const since = performance.now()
      await indexAnswers(address, admin, form, ['mail', 'region'])
      console.log(`Two fields were indexed in ${secondsSince(since)} s.`)
    }
    console.log(`\n| page | ${smallName}, ms | ${largeName}, ms | ratio | at most |\n|---|--:|--:|--:|--:|`)
    for await (const { name, smallMs, largeMs, ratio, flat } of comparePages(address, { small, large }, database.url)) {
      const verdict = flat ? `${flatMax}${ratio > flatMax ? ', missed' : ''}` : ''
      console.log(`| ${name} | ${smallMs.toFixed(2)} | ${largeMs.toFixed(2)} | ${ratio.toFixed(2)} | ${verdict} |`)
    }
  })
}

function secondsSince(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(1)
}

function exportRow(name: string, rows: number, flow: Flow, copiedPerSecond: number): string {
  const inMb = (bytes: number | undefined) => (bytes === undefined ? '' : `${Math.round(bytes / megabyte)} MB`)
  const perSecond = rows / flow.seconds
  const { before, highest, curve = [] } = flow.resident ?? {}
  const cells = [
    name,
    Math.round(perSecond).toLocaleString('en'),
    (flow.bytes / megabyte / flow.seconds).toFixed(0),
    (perSecond / copiedPerSecond).toFixed(2),
    flow.seconds.toFixed(2),
    inMb(before),
    inMb(highest),
    inMb(before !== undefined && highest !== undefined ? highest - before : undefined),
    curve.map((bytes) => Math.round((bytes - (before ?? 0)) / megabyte)).join(', '),
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
