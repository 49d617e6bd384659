/** So many calls in so long a window, which starts with its first call. */
export type RateLimit = { max: number; windowMs: number }

/** A window as a store sees it right after a call was counted. */
export type RateLimitWindow = {
  id: string
  count: number
  endsInMs: number
  /** Whether this process knew it by itself, without asking a shared store. */
  local?: boolean
}

/**
 * Counts calls. Implementations share one test suite. A window's id tells it from the next window of the same key, so that
 * a unit goes back only into the window that it was taken from.
 */
export type RateLimitStore = {
  take(key: string, limit: RateLimit): Promise<RateLimitWindow>
  giveBack(key: string, windowId: string): Promise<void>
  /** The window that runs now, without counting; undefined when none does. */
  peek(key: string): Promise<RateLimitWindow | undefined>
}

/** A store that answers some questions at once. */
export type LocalStore = RateLimitStore & {
  /** The window that a call would be refused in, if that is known here and now; counts nothing and asks nobody. */
  seenFull(key: string, limit: RateLimit): RateLimitWindow | undefined
}

/** A store that other processes count in too, on a server that may go away. */
export type SharedStore = RateLimitStore & {
  name: 'postgres' | 'redis'
  /** Lets go of the connections, without waiting for a server that does not answer. */
  close(): Promise<void>
}

export type Decision = {
  allowed: boolean
  limit: RateLimit
  remaining: number
  /** Whole seconds until the window ends, at least 1; the same figure for `reset` and `Retry-After`. */
  resetSeconds: number
}

/** Whether the call that was just counted may go on. */
export function decide(limit: RateLimit, window: RateLimitWindow): Decision {
  return {
    allowed: window.count <= limit.max,
    limit,
    remaining: Math.max(0, limit.max - window.count),
    // Whole milliseconds first: clocks tell fractions, whose sums are a little off, and a window is never longer than itself.
    resetSeconds: Math.max(1, Math.ceil(Math.round(window.endsInMs) / 1000)),
  }
}

/** Where a caller stands between two calls. */
export type Standing = { limit: RateLimit; remaining: number; resetSeconds: number }

/** What is left of a limit in a window that nobody counted in just now; without a window all of it, from this moment. */
export function standingIn(limit: RateLimit, window: RateLimitWindow | undefined): Standing {
  if (!window) return { limit, remaining: limit.max, resetSeconds: 0 }
  const { remaining, resetSeconds } = decide(limit, window)
  return { limit, remaining, resetSeconds }
}
