import type { Pace } from './comparison.ts'
import { allCores, coreCount, cpuMsOf, machineBusyMs, pin, pinWithChildren, restCores, serverCore } from './cores.ts'
import type { LoadGenerator } from './load.ts'
import { alternate, median, type Spread, spreadOf } from './rounds.ts'
import { type Operation, requestText } from './scenario.ts'
import type { Running } from './servers.ts'

type Run = { perSecond: number; serverUs: number; clientCores: number; busyCores: number }
export type Scaling = {
  operation: Operation
  one: Run
  two: Run
  ratio: Spread
  /** What two would be of one if nothing but the servers' own work bound them. */
  byServerWork: number
}

/** Twice as many as one process gets elsewhere, so that two have enough to do. */
const connections = 20

/** One process on its core against two on two; the load generator's connections go to both in turn. */
export async function scale(
  load: LoadGenerator,
  databasePid: number | undefined,
  [first, second]: [Running, Running],
  operation: Operation,
  { seconds, rounds }: Pace,
): Promise<Scaling> {
  const one = () => measure(load, databasePid, [first], operation, seconds)
  const two = () => measure(load, databasePid, [first, second], operation, seconds)
  await alternate({ one, two }, 1)
  const runs = await alternate({ one, two }, rounds)
  const figures = { one: middle(runs.map((each) => each.one)), two: middle(runs.map((each) => each.two)) }
  return {
    operation,
    ...figures,
    ratio: spreadOf(runs.map((each) => each.two.perSecond / each.one.perSecond)),
    byServerWork: (2 * figures.one.serverUs) / figures.two.serverUs,
  }
}

async function measure(
  load: LoadGenerator,
  databasePid: number | undefined,
  servers: Running[],
  operation: Operation,
  seconds: number,
): Promise<Run> {
  const spare = coreCount > servers.length
  servers.forEach((each, place) => {
    pin(each.process.pid, String(place))
  })
  // Without a core to spare the rest may run on all, else it would crowd the second server alone.
  const rest = spare ? `${servers.length}-${coreCount - 1}` : allCores
  pin(load.pid, rest)
  pinWithChildren(databasePid, rest)
  const usedMs = () => servers.reduce((sum, each) => sum + cpuMsOf(each.process.pid), 0)
  const before = { used: usedMs(), busy: machineBusyMs() }
  const ports = servers.map((each) => each.port)
  const { status } = operation
  const sent = { kind: 'http', request: requestText(operation), status, ports, connections, seconds } as const
  const { perSecond, cpuMs } = await load.measure(sent)
  const ms = seconds * 1000
  const run = {
    perSecond,
    serverUs: ((usedMs() - before.used) * 1000) / (perSecond * seconds),
    clientCores: cpuMs / ms,
    busyCores: (machineBusyMs() - before.busy) / ms,
  }
  for (const each of servers) pin(each.process.pid, serverCore)
  pin(load.pid, restCores)
  pinWithChildren(databasePid, restCores)
  return run
}

function middle(runs: Run[]): Run {
  const of = (name: keyof Run) => median(runs.map((run) => run[name]))
  return {
    perSecond: of('perSecond'),
    serverUs: of('serverUs'),
    clientCores: of('clientCores'),
    busyCores: of('busyCores'),
  }
}
