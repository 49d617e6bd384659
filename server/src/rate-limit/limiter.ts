import type { LimiterMetrics } from './limiter-metrics.ts'
import {
  type Decision,
  decide,
  type LocalStore,
  type RateLimit,
  type RateLimitWindow,
  type Standing,
  standingIn,
} from './rate-limit.ts'

/** A unit that was taken, and how to give it back. */
export type Taken = Decision & { giveBack(): Promise<void> }

export type Limiter = {
  /** Counts a call and says whether it may go on. */
  take(key: string, limit: RateLimit): Promise<Taken>
  /** Where a caller stands, without counting. */
  peek(key: string, limit: RateLimit): Promise<Standing>
  /** The refusal of a call, if it is known without asking anybody that it would be refused; counts as one. */
  refusalFromMemory(key: string, limit: RateLimit): Decision | undefined
}

/** The one place where counts become decisions; what it counts in is the store's business. */
export function limiterOn(store: LocalStore, metrics?: Pick<LimiterMetrics, 'refused'>): Limiter {
  function decideOn(limit: RateLimit, window: RateLimitWindow): Decision {
    const decision = decide(limit, window)
    if (!decision.allowed) metrics?.refused(window.local ? 'memory' : 'store')
    return decision
  }

  return {
    async take(key, limit) {
      const window = await store.take(key, limit)
      const decision = decideOn(limit, window)
      return { ...decision, giveBack: () => (decision.allowed ? store.giveBack(key, window.id) : Promise.resolve()) }
    },
    peek: async (key, limit) => standingIn(limit, await store.peek(key)),
    refusalFromMemory(key, limit) {
      const window = store.seenFull(key, limit)
      return window && decideOn(limit, window)
    },
  }
}
