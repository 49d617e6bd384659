// npm run bench:fill-in: bytes and times of a plain public form on a slow computer behind a slow line, in Chromium.
// What "interactive" means stands in page-visit.ts. "again" is a second visit in the same browser, with what it kept.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../server/src/db/migrate.ts'
import { startEmbeddedPostgres } from '../../server/src/embedded-postgres/embedded-postgres.ts'
import { howToGetChromium, installedChromium } from '../../web/test/installed-chromium.ts'
import { startChromium } from './devtools.ts'
import { type LoadedFile, type Visit, visit } from './page-visit.ts'
import { servePlainPage } from './plain-page.ts'
import { makePlainForm, newAdmin } from './scenario.ts'
import { startFormgate } from './servers.ts'

const runs = Number(process.env.BENCH_RUNS ?? 5)
const port = Number(process.env.BENCH_PORT ?? 3999)
const { admin, env: account } = newAdmin()
const encodings = { brotli: 'gzip, deflate, br, zstd', gzip: 'gzip, deflate', identity: 'identity' }

const chromium = installedChromium
if (!chromium) throw new Error(`There is no Chromium on this machine: ${howToGetChromium}`)

const folder = await mkdtemp(join(tmpdir(), 'formgate-fill-in-'))
await chmod(folder, 0o755) // PostgreSQL runs as another user when this runs as root
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'database'), log: () => undefined })
try {
  await migrate(postgres.url)
  await bench(postgres.url)
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}

async function bench(databaseUrl: string): Promise<void> {
  const env = {
    ...account,
  }
  const formgate = await startFormgate(databaseUrl, join(folder, 'server'), env, port)
  // By this name, for browsers offer brotli only to https and to localhost.
  const origin = `http://localhost:${port}`
  try {
    const address = `${origin}/app/form/submit?f=${await makePlainForm(origin, admin)}`
    const measured: Pair[] = []
    console.log('| page | visit | bytes | requests | first paint ms | input there ms | interactive ms | busy ms |')
    console.log('|---|---|--:|--:|--:|--:|--:|--:|')
    for (const [name, accepted] of Object.entries(encodings)) {
      const pairs = await measure(address, accepted)
      print(name, pairs)
      if (name === 'brotli') measured.push(...pairs)
    }
    const plain = await servePlainPage(median(measured.map(({ first }) => bytesOf(first))))
    print('plain page of as many bytes', await measure(plain.address, encodings.brotli))
    plain.stop()
    printFiles(measured[0])
  } finally {
    await formgate.stop()
  }
}

type Pair = { first: Visit; again: Visit }

/** Each run in a new browser with a new profile. */
async function measure(address: string, accepted: string): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let run = 0; run < runs; run += 1) {
    const browser = await startChromium(chromium ?? '')
    try {
      pairs.push({ first: await visit(browser, address, accepted), again: await visit(browser, address, accepted) })
    } finally {
      await browser.close()
    }
  }
  return pairs
}

function print(name: string, pairs: Pair[]): void {
  for (const kind of ['first', 'again'] as const) {
    const of = (value: (visit: Visit) => number) => Math.round(median(pairs.map((pair) => value(pair[kind]))))
    const requests = of(({ files }) => files.filter(({ cached }) => !cached).length)
    const times = [of((each) => each.firstPaintMs), of((each) => each.readyMs), of((each) => each.interactiveMs)]
    const cells = [name, kind, of(bytesOf).toLocaleString('en'), requests, ...times, of((each) => each.busyMs)]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

function printFiles(pair: Pair | undefined): void {
  if (!pair) return
  console.log('\n| file, with brotli | encoding | bytes | again |\n|---|---|--:|--:|')
  const again = new Map(pair.again.files.map((file) => [file.path, file.bytes]))
  const largestFirst = (left: LoadedFile, right: LoadedFile) => right.bytes - left.bytes
  for (const { path, bytes, encoding } of pair.first.files.toSorted(largestFirst))
    console.log(`| ${path} | ${encoding} | ${bytes} | ${again.get(path) ?? ''} |`)
}

function bytesOf({ files }: Visit): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}

function median(values: number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0
}
