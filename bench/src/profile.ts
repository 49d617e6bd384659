// npm run bench:profile [-- NAME]: where a call's time goes in the server, by a CPU profile under load. NAME as in the bench's table.
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../server/src/db/migrate.ts'
import { startEmbeddedPostgres } from '../../server/src/embedded-postgres/embedded-postgres.ts'
import { cpuMsOf, pin, restCores } from './cores.ts'
import { type Load, startLoadGenerator } from './load.ts'
import { type CpuProfile, phasesOf } from './phases.ts'
import { type BenchForm, makeForm, newAdmin, type Operation, operationsOn, requestText } from './scenario.ts'
import { startFormgate } from './servers.ts'

const name = process.argv[2] ?? 'GET submission'
const seconds = Number(process.env.BENCH_SECONDS ?? 6)
const port = Number(process.env.BENCH_PORT ?? 3999)
/** Enough to tell which limit an operation wants. */
const exampleForm: BenchForm = { formId: '', versionId: '', secret: '-', submissionId: '' }
const { admin, env: account } = newAdmin()

pin(process.pid, restCores)
const folder = await mkdtemp(join(tmpdir(), 'formgate-profile-'))
await chmod(folder, 0o755) // PostgreSQL runs as another user when this runs as root
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: () => undefined })
try {
  await migrate(postgres.url)
  const cpuUs = await runUnderLoad(postgres.url)
  console.log(`${name}: ${cpuUs.toFixed(0)} µs of processor time each\n\n| where | share | µs |\n|---|--:|--:|`)
  // The first half is when code is compiled and the form is made.
  for (const [phase, share] of phasesOf(await profileIn(folder), 0.5)) {
    if (share >= 0.002) console.log(`| ${phase} | ${(share * 100).toFixed(1)} % | ${(share * cpuUs).toFixed(1)} |`)
  }
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}

/** @returns the processor time of one request, in µs, with what the profiler adds */
async function runUnderLoad(url: string): Promise<number> {
  const limit = operationNamed(exampleForm)?.overLimit ? '1' : '1000000000'
  const env = {
    ...account,
    RATE_LIMIT_STORE: 'memory',
    RATE_LIMIT_API_KEY: limit,
    RATE_LIMIT_WINDOW_SECONDS: '86400',
    NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder} --cpu-prof-interval=200`,
  }
  const server = await startFormgate(url, folder, env, port)
  const load = startLoadGenerator()
  try {
    const operation = operationNamed(await makeForm(server.address, admin))
    if (!operation) throw new Error(`There is no operation “${name}”.`)
    const { path, authorization, status } = operation
    await fetch(`${server.address}${path}`, { headers: { authorization } })
    const sent: Load = {
      kind: 'http',
      request: requestText(operation),
      status,
      ports: [port],
      connections: 10,
      seconds,
    }
    await load.measure(sent)
    const before = cpuMsOf(server.process.pid)
    const { perSecond } = await load.measure(sent)
    return ((cpuMsOf(server.process.pid) - before) * 1000) / (perSecond * seconds)
  } finally {
    await load.stop()
    await server.stop()
  }
}

function operationNamed(form: BenchForm): Operation | undefined {
  return operationsOn(form).find((operation) => operation.name === name)
}

/** The main thread's is the largest; each worker writes one too. */
async function profileIn(directory: string): Promise<CpuProfile> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.cpuprofile'))
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')))
  return JSON.parse(texts.toSorted((left, right) => right.length - left.length)[0] ?? '')
}
