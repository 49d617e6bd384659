import { type Decision, decide, type RateLimit, type RateLimitStore, type Standing, standingIn } from './rate-limit.ts'

/** A unit that was taken, and how to give it back. */
export type Taken = Decision & { giveBack(): Promise<void> }

export type Limiter = {
  /** Counts a call and says whether it may go on. */
  take(key: string, limit: RateLimit): Promise<Taken>
  /** Where a caller stands, without counting. */
  peek(key: string, limit: RateLimit): Promise<Standing>
}

/** The one place where counts become decisions; what it counts in is the store's business. */
export function limiterOn(store: RateLimitStore): Limiter {
  return {
    async take(key, limit) {
      const window = await store.take(key, limit)
      const decision = decide(limit, window)
      return { ...decision, giveBack: () => (decision.allowed ? store.giveBack(key, window.id) : Promise.resolve()) }
    },
    peek: async (key, limit) => standingIn(limit, await store.peek(key)),
  }
}
