import type { BareOperation } from './bare-server.ts'
import { cpuMsOf, pin, restCores, serverCore } from './cores.ts'
import type { LoadGenerator, Measured } from './load.ts'
import { alternate, median, type Spread, spreadOf } from './rounds.ts'
import { type Operation, requestText } from './scenario.ts'
import type { Running } from './servers.ts'

export type Pace = { seconds: number; rounds: number }
export type Beside = { formgate: Running; bare: Running; hello: Running; databaseUrl: string }

/** One measurement, with the server's processor time: for each request in µs, and how much of a core in all. */
type Run = Measured & { cpuUs: number; cores: number }
export type Figures = { perSecond: number; p50Ms: number; p99Ms: number; cpuUs: number; cores: number }
export type Comparison = {
  operation: Operation
  statements: number
  ours: Figures
  bare: Figures
  ofBare: Spread
  helloPerSecond: number
  ofHello: Spread
  /** Undefined where nothing is read, or something written. */
  databasePerSecond: number | undefined
}

const connections = 10

/** An operation on our server, on the bare one, a hello and the statement alone, in alternating rounds. */
export async function compare(
  load: LoadGenerator,
  beside: Beside,
  operation: Operation,
  recorded: BareOperation,
  { seconds, rounds }: Pace,
): Promise<Comparison> {
  const request = requestText(operation)
  const { status } = operation
  // The database needs the core that an ever waking load generator would take.
  const neverSleeps = recorded.statements.length === 0
  const hello = { request: 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n', status: 200 }
  const contestants = {
    ours: () => http(load, beside.formgate, { request, status, neverSleeps }, seconds),
    bare: () => http(load, beside.bare, { request, status, neverSleeps }, seconds),
    hello: () => http(load, beside.hello, { ...hello, neverSleeps }, seconds),
    database: () => database(load, beside.databaseUrl, recorded, seconds),
  }
  await alternate(contestants, 2) // to warm all
  const runs = await alternate(contestants, rounds)
  assertSameBytes(operation, runs)
  return {
    operation,
    statements: recorded.statements.length,
    ours: figuresOf(runs.map(({ ours }) => ours)),
    bare: figuresOf(runs.map(({ bare }) => bare)),
    ofBare: spreadOf(runs.map(({ ours, bare }) => ours.perSecond / bare.perSecond)),
    helloPerSecond: median(runs.map((each) => each.hello.perSecond)),
    ofHello: spreadOf(runs.map((each) => each.ours.perSecond / each.hello.perSecond)),
    databasePerSecond: isOnlyRead(recorded) ? median(runs.map((each) => each.database.perSecond)) : undefined,
  }
}

async function http(
  load: LoadGenerator,
  server: Running,
  sent: { request: string; status: number; neverSleeps: boolean },
  seconds: number,
): Promise<Run> {
  const before = cpuMsOf(server.process.pid)
  const measured = await load.measure({ kind: 'http', ports: [server.port], ...sent, connections, seconds })
  const cores = (cpuMsOf(server.process.pid) - before) / (seconds * 1000)
  return { ...measured, cores, cpuUs: (cores * 1_000_000) / measured.perSecond }
}

function isOnlyRead({ method, statements }: BareOperation): boolean {
  return method === 'GET' && statements.length > 0
}

/** What the database gives to ten connections without HTTP; whoever asks it has the servers' core meanwhile. */
async function database(load: LoadGenerator, url: string, recorded: BareOperation, seconds: number): Promise<Run> {
  const nothing = { perSecond: 0, p50Ms: 0, p99Ms: 0, bytesPerReply: 0, cpuMs: 0, cpuUs: 0, cores: 0 }
  if (!isOnlyRead(recorded)) return nothing
  pin(load.pid, serverCore)
  const { statements } = recorded
  const measured = await load.measure({ kind: 'database', url, statements, connections, seconds })
  pin(load.pid, restCores)
  return { ...measured, cpuUs: 0, cores: 0 }
}

function figuresOf(runs: Run[]): Figures {
  const of = (name: keyof Figures) => median(runs.map((run) => run[name]))
  // The least: other programs on the machine can only add to it.
  const cpuUs = Math.min(...runs.map((run) => run.cpuUs))
  return { perSecond: of('perSecond'), p50Ms: of('p50Ms'), p99Ms: of('p99Ms'), cores: of('cores'), cpuUs }
}

/** Beside a server that sends less, ours would look slower than it is: counts in headers change, nothing else may. */
function assertSameBytes(operation: Operation, runs: { ours: Run; bare: Run }[]): void {
  for (const { ours, bare } of runs) {
    if (Math.abs(ours.bytesPerReply - bare.bytesPerReply) <= 20) continue
    throw new Error(`${operation.name}: ${ours.bytesPerReply} bytes each, the bare server's ${bare.bytesPerReply}.`)
  }
}
