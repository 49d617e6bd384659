import type { Ticks } from '../clock.ts'
import { regularly } from '../regularly.ts'
import { Late, within } from './deadline.ts'
import type { LimiterMetrics } from './limiter-metrics.ts'
import { memoryStore } from './memory-store.ts'
import type { LocalStore, RateLimitStore, RateLimitWindow, SharedStore } from './rate-limit.ts'
import { seenWindows } from './seen-windows.ts'

export type SharedCountsOptions = {
  store: SharedStore
  ticks: Ticks
  metrics: Pick<LimiterMetrics, 'trip' | 'storeUp'>
  warn(message: string): void
}

export type SharedCounts = LocalStore & {
  /** Looks for the store at once and then each second. Resolves when it is known whether it answers. */
  start(): Promise<void>
  /** Lets go of the store. */
  stop(): Promise<void>
}

/** The longest that a call waits for its count. */
const deadlineMs = 200
/** At the start nobody waits yet, the loop is busy, and a connection takes several trips to open. */
const startDeadlineMs = 2000
const lookEveryMs = 1000
/** Looking takes a unit, for only a store that can count is there. */
const looked = { key: 'looked for', limit: { max: 1_000_000_000, windowMs: 60_000 } }

/** Counts here while the store is away; the mark tells its windows from the store's and from those of another absence. */
type StandIn = { counts: LocalStore; mark: string }

/**
 * Counts in a store that other processes count in too, and in this process's memory while that does not answer. A key that
 * was seen over its limit is refused from memory for a second at most.
 */
export function sharedCounts({ store, ticks, metrics, warn }: SharedCountsOptions): SharedCounts {
  const seen = seenWindows(ticks)
  const { leaves, returns } = sayings(store.name)
  let standIn: StandIn | undefined
  let absences = 0

  function leave(error: unknown): StandIn {
    if (standIn) return standIn
    standIn = { counts: memoryStore(ticks, seen.last), mark: `absence ${++absences}: ` }
    metrics.storeUp(false)
    warn(leaves(error))
    return standIn
  }

  function comeBack(): void {
    standIn = undefined
    metrics.storeUp(true)
    warn(returns)
  }

  async function trip<T>(question: () => Promise<T>, waitMs = deadlineMs): Promise<T> {
    try {
      const answer = await within(waitMs, question())
      metrics.trip('answered')
      return answer
    } catch (error) {
      metrics.trip(error instanceof Late ? 'late' : 'failed')
      throw error
    }
  }

  /** Asks the store, or the stand-in where that does not answer. */
  async function ask<T>(
    question: (there: RateLimitStore) => Promise<T>,
    here: (by: StandIn) => Promise<T>,
  ): Promise<T> {
    if (standIn) return here(standIn)
    return trip(() => question(store)).catch((error: unknown) => here(leave(error)))
  }

  async function look(waitMs = deadlineMs): Promise<void> {
    const since = absences
    await trip(() => store.take(looked.key, looked.limit), waitMs).then(
      () => standIn && since === absences && comeBack(),
      (error: unknown) => void leave(error),
    )
  }
  const looking = regularly(
    lookEveryMs,
    () => look(),
    () => undefined,
  )

  return {
    seenFull: (key, limit) => (standIn ? standIn.counts.seenFull(key, limit) : seen.full(key, limit)),
    async take(key, limit) {
      const full = standIn ? undefined : seen.full(key, limit)
      if (full) return full
      const askedAt = ticks()
      return ask(
        async (there) => {
          const window = await there.take(key, limit)
          seen.note(key, limit, window, askedAt)
          return window
        },
        async ({ counts, mark }) => marked(mark, await counts.take(key, limit)),
      )
    },
    async giveBack(key, windowId) {
      const [, mark, localId = ''] = /^(absence \d+: )(.*)$/.exec(windowId) ?? []
      // What was counted here alone is not in the store.
      if (mark) return standIn?.mark === mark ? standIn.counts.giveBack(key, localId) : undefined
      await ask(
        (there) => there.giveBack(key, windowId),
        ({ counts }) => counts.giveBack(key, windowId),
      )
      seen.distrust(key)
    },
    // Only looking: if it comes late, that says nothing of those who count, and what was seen last will do.
    peek: (key) => (standIn ? standIn.counts.peek(key) : trip(() => store.peek(key)).catch(() => seen.last(key))),
    async start() {
      await look(startDeadlineMs)
      looking.start()
    },
    async stop() {
      await looking.stop()
      await store.close()
    },
  }
}

function marked(mark: string, window: RateLimitWindow): RateLimitWindow {
  return { ...window, id: mark + window.id }
}

/** What the log says, once for each absence. */
function sayings(name: SharedStore['name']) {
  const where = name === 'redis' ? 'REDIS_URL' : 'the database'
  return {
    leaves: (error: unknown) =>
      `The rate limits' counts in ${where} cannot be reached, so each process counts for itself: ${reasonOf(error)}`,
    returns: `The rate limits' counts in ${where} can be reached again, and all processes count together.`,
  }
}

/** A refused connection to a name with several addresses has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
