import type { Comparison } from './comparison.ts'
import { canPin, coreCount } from './cores.ts'
import { type Spread, verdictOn } from './rounds.ts'
import type { Scaling } from './two-processes.ts'

/** Lines of Markdown, to be put into docs/performance.md as they are. */
export const comparisonHead = [
  '| operation | SQL | Formgate req/s | p50 / p99 ms | bare req/s | p50 / p99 ms | of bare | hello req/s | of hello | database/s | server CPU µs, ours / bare | bare’s CPU of ours | our server’s core in use | aim |',
  '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|',
]

export function comparisonRow(each: Comparison): string {
  const { operation, ours, bare } = each
  return row([
    operation.name,
    each.statements,
    whole(ours.perSecond),
    milliseconds(ours),
    whole(bare.perSecond),
    milliseconds(bare),
    spread(each.ofBare),
    whole(each.helloPerSecond),
    spread(each.ofHello),
    each.databasePerSecond === undefined ? '–' : whole(each.databasePerSecond),
    `${whole(ours.cpuUs)} / ${whole(bare.cpuUs)}`,
    (bare.cpuUs / ours.cpuUs).toFixed(2),
    `${whole(ours.cores * 100)} %`,
    aimOf(each),
  ])
}

/** Below this share of its core a server waits for others, and requests per second say little about it. */
const boundFromCores = 0.8

function aimOf({ operation: { aim }, ofBare, ofHello, ours }: Comparison): string {
  if (!aim) return '–'
  const verdict = verdictOn(aim.beside === 'bare' ? ofBare : ofHello, aim.ratio)
  const bound = ours.cores >= boundFromCores ? '' : ' (not bound by the server)'
  return `${aim.ratio.toFixed(2)} of ${aim.beside}: ${verdict}${bound}`
}

export const scalingHead = [
  '| operation | one req/s | two req/s | two of one | server µs/request, one / two | by the servers’ work alone | cores busy of all, two | of them the client’s |',
  '|---|--:|--:|--:|--:|--:|--:|--:|',
]

export function scalingRow({ operation, one, two, ratio, byServerWork }: Scaling): string {
  return row([
    operation.name,
    whole(one.perSecond),
    whole(two.perSecond),
    spread(ratio),
    `${whole(one.serverUs)} / ${whole(two.serverUs)}`,
    byServerWork.toFixed(2),
    `${two.busyCores.toFixed(2)} of ${coreCount}`,
    two.clientCores.toFixed(2),
  ])
}

export function circumstances(coresOfOthers: number): string {
  const placement = canPin
    ? 'the server under test has the first for itself, the load generator and the database have the rest'
    : 'processes are not bound to any'
  return `${coreCount} cores: ${placement}. Other programs kept ${coresOfOthers.toFixed(2)} busy just before.`
}

function spread({ median, low, high }: Spread): string {
  return `**${median.toFixed(2)}** (${low.toFixed(2)}–${high.toFixed(2)})`
}

function milliseconds({ p50Ms, p99Ms }: { p50Ms: number; p99Ms: number }): string {
  return `${p50Ms.toFixed(2)} / ${p99Ms.toFixed(2)}`
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}

function row(cells: (string | number)[]): string {
  return `| ${cells.join(' | ')} |`
}
