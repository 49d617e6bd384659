// npm test: types, lint, the tests on the embedded PostgreSQL, and again on a PostgreSQL server where there is one.
// npm test -- ARGUMENTS: Vitest alone, once, with these arguments.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWeb } from './build-web.mjs'
import { prepare, root, run, stopSignals } from './prepare.mjs'

const isCI = process.env.CI === 'true'
const localServer = 'postgres://postgres@127.0.0.1:5432/postgres'

/** What can differ on another server is SQL, and the API's tests reach all of it. */
const onServerToo = ['server/test/', 'server/src/rate-limit/postgres-store.test.ts']
/**
 * These start databases or processes of their own, try what HTTP, credentials, files and browsers do whatever the database, or
 * say again for many callers what another file says in the same SQL.
 */
const notOnServer = [
  ...['*.embedded', 'exports-memory', 'exports-streaming*', 'odata-clients', 'odata-programs', 'form-openapi*'],
  ...['openapi*', 'operations-walk*', 'rubbish*', 'raw-requests*', 'bad-*', 'rate-limit-faults', 'rate-limit-headers*'],
  ...['metrics*', 'key-scopes*', 'default-key-scopes*', 'key-restrictions*', 'named-keys-access*', 'pages*', 'web-*'],
  ...['named-keys-secrets*', 'revoked-everywhere', 'people-oidc*', 'people-cross-site', 'people-mail', 'people-sign-*'],
  ...['people-set-up'],
].map((name) => `server/test/${name}.test.ts`)

/** Ctrl-C ends the step under way, and then there shall be no next one. */
let stopped = false
for (const signal of stopSignals)
  process.once(signal, () => {
    stopped = true
  })

const totals = { passed: 0, failed: 0, skipped: 0 }
const node = await prepare()
await buildWeb(node)
const extra = process.argv.slice(2)
if (extra.length > 0) await vitest(extra, process.env)
else await everything()
report()

async function everything() {
  await check('Types', ['node_modules/typescript/bin/tsc', '--noEmit'])
  await check('Types of the web app', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'web'])
  await check('Format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.'])
  console.log('\nTests on the embedded PostgreSQL')
  await vitest([], { ...process.env, TEST_DATABASE_URL: '' })
  await onServer()
}

/** A check counts when it fails, and only then: the numbers are about tests. */
async function check(name, args) {
  if (stopped) return
  console.log(`\n${name}`)
  if ((await run(node, args)) !== 0) totals.failed += 1
}

async function onServer() {
  if (stopped) return
  const url = process.env.TEST_DATABASE_URL || localServer
  console.log('\nTests on a PostgreSQL server')
  const reason = await whyUnreachable(url)
  if (reason === undefined) {
    const excluded = notOnServer.flatMap((path) => ['--exclude', path])
    return vitest([...onServerToo, ...excluded], { ...process.env, TEST_DATABASE_URL: url })
  }
  console.log(`skipped: no PostgreSQL server (${reason})`)
  if (isCI || process.env.TEST_DATABASE_URL) totals.failed += 1
}

async function whyUnreachable(connectionString) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 3000 })
  try {
    await client.connect()
    const { rows } = await client.query('SHOW server_version_num')
    return Number(rows[0].server_version_num) >= 150_000 ? undefined : 'it is older than version 15'
  } catch (error) {
    return error.code ?? error.message
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function vitest(args, env) {
  if (stopped) return
  const folder = mkdtempSync(join(tmpdir(), 'formgate-report-'))
  const file = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await run(node, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...args], env)
  count(file, code)
  rmSync(folder, { recursive: true })
}

/** A file that does not load or a set-up that breaks has no failed test to count, but it is a failure all the same. */
function count(file, code) {
  const failedBefore = totals.failed
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(file, 'utf8'))
    totals.passed += numPassedTests
    totals.failed += numFailedTests
    totals.skipped += numPendingTests + numTodoTests
  } catch (error) {
    console.error(`Vitest left no report: ${error.message}`)
  }
  if (code !== 0 && totals.failed === failedBefore) totals.failed += 1
}

function report() {
  if (stopped) totals.failed += 1
  const { passed, failed, skipped } = totals
  if (isCI && skipped > 0) console.error('A skipped test counts as a failure here.')
  process.exitCode = failed > 0 || (isCI && skipped > 0) ? 1 : 0
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
}
