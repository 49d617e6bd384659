import { type Ending, type Lane, openLane } from './lane.ts'
import { isDone, nextAnswers, type Trip, unchecked } from './trip.ts'

/** A version whose expressions ran out of the quick budget keeps to the slow lane for so long. */
const slowForMs = 60_000
/** One that took a worker with it, for longer: it can do so once, and then not again and again. */
const slowAfterLossMs = 3_600_000
/** A version with scripts has earned the last lane after so many quick jobs. */
const trustedAfter = 20
/** One trip's expressions may take so long in all, and wait so long for their turn; then they are left out. */
const patienceMs = 2_000
/** Callers wait so long before the pool takes on another worker. */
const growAfterMs = 15
const restartAfterMs = 1_000
const maxRemembered = 10_000
const tooLong = 'checking this submission took too long'

type Log = { warn(fields: object, message: string): void }
export type PoolOptions = { deadlineMs: number; workers: number; log: Log }
export type Pool = { add(trip: Trip): void; warmUp(): void; close(): Promise<void> }

/**
 * Sends trips to workers so that one form's slow expressions do not hold up another's callers: at most one lane
 * works on slow versions, versions not yet known to be quick and large answers never take the last lane, and a lane hands back after
 * 50 ms. A lane that hangs is replaced after the deadline; until then the pool has others, and adds more at need.
 */
export function openPool({ deadlineMs, workers, log }: PoolOptions): Pool {
  const base = Math.max(2, workers) + 1
  const most = base * 2
  const lanes = new Set<Lane>()
  const running = new Map<Lane, Trip>()
  const slowUntil = new Map<string, number>()
  const quick = new Map<string, number>()
  let queue: Trip[] = []
  let closed = false
  let growing: NodeJS.Timeout | undefined

  const isSlow = (trip: Trip): boolean =>
    trip.lost > 0 || (trip.mode !== 'plain' && (slowUntil.get(trip.version) ?? 0) > Date.now())
  const isTrusted = (trip: Trip): boolean =>
    !isSlow(trip) &&
    !trip.heavy &&
    (trip.mode === 'plain' || trip.harmless || (quick.get(trip.version) ?? 0) >= trustedAfter)

  const readyLanes = (): number => [...lanes].filter((lane) => lane.isReady()).length

  /** Started one after another, so that the start does not take all processors. */
  function open(): void {
    if (closed || lanes.size >= most || [...lanes].some((lane) => !lane.isReady())) return
    const lane: Lane = openLane(deadlineMs, { ready, gone: () => gone(lane) })
    lanes.add(lane)
  }

  function ready(): void {
    if (lanes.size < base) open()
    dispatch()
  }

  /** A worker that cannot even start must not be started in a circle. */
  function gone(lane: Lane): void {
    if (!lanes.delete(lane) || closed) return
    log.warn({ restartsInMs: restartAfterMs }, 'a validation worker ended by itself')
    setTimeout(open, restartAfterMs).unref()
  }

  /** One lane is always left to those that are not expected to hang; the others get no more lanes than we began with. */
  function mayStart(trip: Trip): boolean {
    const others = [...running.values()]
    const same = others.filter((other) => other.version === trip.version && !other.harmless)
    if (isTrusted(trip)) return same.length < Math.max(1, readyLanes() - 1)
    const doubtful = others.filter((other) => !isTrusted(other))
    if (doubtful.length >= Math.min(readyLanes(), base) - 1) return false
    return isSlow(trip) ? !doubtful.some(isSlow) : same.length === 0
  }

  function dispatch(): void {
    for (const lane of lanes) {
      if (!lane.isReady() || lane.isBusy()) continue
      const trip = queue.find(mayStart)
      if (!trip) return
      queue = queue.filter((waiting) => waiting !== trip)
      start(lane, trip)
    }
    if (queue.length > 0) growing ??= setTimeout(grow, growAfterMs)
  }

  function grow(): void {
    growing = undefined
    if (queue.some(isTrusted)) open()
  }

  async function start(lane: Lane, trip: Trip): Promise<void> {
    if (trip.mode !== 'plain') trip.mode = isSlow(trip) ? 'full' : 'quick'
    if (isSlow(trip) && Date.now() - trip.since > patienceMs) trip.mode = 'plain'
    running.set(lane, trip)
    const begun = Date.now()
    const ending = await lane.run(trip, trip.mode, nextAnswers(trip))
    running.delete(lane)
    if (trip.mode === 'full') trip.slowMs += Date.now() - begun
    if (ending === 'lost') replace(lane)
    if (!closed) follow(trip, ending)
  }

  function replace(lane: Lane): void {
    lanes.delete(lane)
    void lane.end()
    open()
  }

  function follow(trip: Trip, ending: Ending): void {
    if (ending === 'lost') lose(trip)
    else advance(trip, ending)
    if (isDone(trip)) trip.resolve(trip.verdicts)
    else queue.push(trip)
    dispatch()
  }

  function advance(trip: Trip, { verdicts, needsFull, failure }: Exclude<Ending, 'lost'>): void {
    if (failure) log.warn({ versionId: trip.version, failure }, 'a submission could not be validated')
    trip.verdicts.push(...verdicts)
    const known = slowUntil.get(trip.version) ?? 0
    if (needsFull) remember(slowUntil, trip.version, Math.max(known, Date.now() + slowForMs))
    else if (trip.mode === 'quick') remember(quick, trip.version, (quick.get(trip.version) ?? 0) + 1)
    if (trip.slowMs > patienceMs) trip.mode = 'plain'
  }

  /** First without expressions; an answer that takes too long even so is accepted unchecked, and recorded. */
  function lose(trip: Trip): void {
    log.warn({ versionId: trip.version, mode: trip.mode }, 'a validation was stopped at its deadline')
    remember(slowUntil, trip.version, Date.now() + slowAfterLossMs)
    quick.delete(trip.version)
    if (trip.mode === 'plain') trip.lost += 1
    if (trip.mode === 'plain') trip.verdicts.push(unchecked(tooLong))
    while (trip.lost > 2 && !isDone(trip)) trip.verdicts.push(unchecked(tooLong))
    trip.lost = Math.max(1, trip.lost)
    trip.mode = 'plain'
  }

  return {
    warmUp() {
      if (lanes.size === 0) open()
    },
    add(trip) {
      if (closed) {
        trip.reject(new Error('The validator is closed'))
        return
      }
      queue.push(trip)
      if (lanes.size === 0) open()
      dispatch()
    },
    async close() {
      closed = true
      clearTimeout(growing)
      for (const trip of [...queue, ...running.values()]) trip.reject(new Error('The validator is closed'))
      queue = []
      await Promise.all([...lanes].map((lane) => lane.end()))
    },
  }
}

/** A bounded memory: the oldest goes first. */
function remember<Value>(memory: Map<string, Value>, key: string, value: Value): void {
  memory.delete(key)
  memory.set(key, value)
  const [oldest] = memory.keys()
  if (memory.size > maxRemembered && oldest !== undefined) memory.delete(oldest)
}
