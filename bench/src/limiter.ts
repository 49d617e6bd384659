// npm run bench:limiter [-- --quick] [-- --windows=1,2]: the rate limit through several servers that count in one store.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../server/src/db/migrate.ts'
import { startEmbeddedPostgres } from '../../server/src/embedded-postgres/embedded-postgres.ts'
import { type ExactnessOptions, measureExactness, type Result } from './limiter-exactness.ts'
import { type Load, measureLoad } from './limiter-load.ts'
import { memory, openRedis, postgres } from './limiter-stores.ts'
import { newAdmin } from './scenario.ts'

const quick = process.argv.includes('--quick')
/** Only windows of these many seconds, and no load. */
const windowSeconds = process.argv
  .find((each) => each.startsWith('--windows='))
  ?.slice('--windows='.length)
  .split(',')
  .map(Number)
const { admin, env } = newAdmin()

const dataDir = await mkdtemp(join(tmpdir(), 'formgate-bench-'))
const database = await startEmbeddedPostgres({ dataDir, log: () => {} })
const redis = await openRedis()
try {
  await migrate(database.url)
  const options: ExactnessOptions = { databaseUrl: database.url, env, admin, quick, windowSeconds }
  const shared = [postgres, ...(redis ? [redis] : [])]
  const results = await measureExactness(shared, options)
  printExactness(results)
  if (!windowSeconds) printLoads(await measureLoad([memory, ...shared], options))
  if (results.some(({ verdict, limit }) => verdict.faults.length > 0 || verdict.fewest !== limit)) process.exitCode = 1
} finally {
  await redis?.close()
  await database.stop()
  await rm(dataDir, { recursive: true, force: true })
}

function printExactness(results: Result[]): void {
  console.log('\nFour servers, two with clocks five seconds ahead; 64 clients on one key\n')
  console.log('| store | limit | windows | calls | admitted per window | refused | each figure once |')
  console.log('|---|---:|---:|---:|---:|---:|---|')
  for (const result of results) {
    const { store, limit, windowSeconds, verdict } = result
    const { windows, calls, fewest, most, refused, faults } = verdict
    const cells = [store, `${limit} / ${windowSeconds} s`, windows, calls, `${fewest}–${most}`, refused]
    console.log(`| ${[...cells, exactly(result)].join(' | ')} |`)
    for (const fault of faults.slice(0, 5)) console.error(`  ${store}, ${limit}: ${fault}`)
  }
}

function exactly({ verdict: { faults, fewest }, limit, unanswered }: Result): string {
  if (faults.length > 0) return unanswered > 0 ? `NO; the store did not answer ${unanswered} times` : 'NO'
  return fewest === limit ? 'yes' : 'too slow a machine to reach the limit'
}

function printLoads(loads: Load[]): void {
  const inMemory = loads[0]
  console.log('\nOne server; reading a form, ten connections; then a flood beyond the limit, 64 clients\n')
  console.log('| store | calls/s | p50 ms | p99 ms | added p50 | added p99 | refused/s | trips to the store/s |')
  console.log('|---|---:|---:|---:|---:|---:|---:|---:|')
  for (const { store, perSecond, p50Ms, p99Ms, refusedPerSecond, tripsPerSecond } of loads) {
    const added = [p50Ms - (inMemory?.p50Ms ?? 0), p99Ms - (inMemory?.p99Ms ?? 0)]
    const cells = [perSecond.toFixed(0), ...[p50Ms, p99Ms, ...added].map((each) => each.toFixed(2))]
    console.log(`| ${[store, ...cells, refusedPerSecond.toFixed(0), tripsPerSecond.toFixed(1)].join(' | ')} |`)
  }
}
