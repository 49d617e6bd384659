import type { Ticks } from '../clock.ts'
import type { RateLimit, RateLimitWindow } from './rate-limit.ts'

type Seen = {
  id: string
  count: number
  /** When we had the answer, plus what it said was left: never before the window's true end. */
  endsAt: number
  /** Until when a full window is refused without asking: by then, a unit that came back elsewhere must be noticed. */
  trustedUntil: number
}

const trustedMs = 1000
const keysMax = 50_000

/** What this process has seen of windows that a shared store keeps. */
export type SeenWindows = {
  /** @param askedAt when the store was asked: the answer is no newer than that */
  note(key: string, limit: RateLimit, window: RateLimitWindow, askedAt: number): void
  full(key: string, limit: RateLimit): RateLimitWindow | undefined
  /** A unit came back: the store must be asked again. */
  distrust(key: string): void
  /** The count as it was last seen, while its window runs. */
  last(key: string): RateLimitWindow | undefined
}

/** Remembers a window for as long as it runs; beyond so many keys, those seen longest ago are forgotten first. */
export function seenWindows(ticks: Ticks): SeenWindows {
  const windows = new Map<string, Seen>()

  function running(key: string, now: number): Seen | undefined {
    const seen = windows.get(key)
    return seen && seen.endsAt > now ? seen : undefined
  }

  return {
    note(key, { max }, { id, count, endsInMs }, askedAt) {
      // A refused call was not kept in the count.
      const kept = count > max ? count - 1 : count
      const trustedUntil = askedAt + Math.min(trustedMs, endsInMs)
      // Put last in the order of the map.
      windows.delete(key)
      windows.set(key, { id, count: kept, endsAt: ticks() + endsInMs, trustedUntil })
      if (windows.size > keysMax) forgetFirst(windows)
    },
    full(key, { max }) {
      const now = ticks()
      const seen = running(key, now)
      if (!seen || seen.count < max || seen.trustedUntil <= now) return undefined
      return { id: seen.id, count: seen.count + 1, endsInMs: seen.endsAt - now, local: true }
    },
    distrust(key) {
      const seen = windows.get(key)
      if (seen) seen.trustedUntil = Number.NEGATIVE_INFINITY
    },
    last(key) {
      const now = ticks()
      const seen = running(key, now)
      return seen && { id: seen.id, count: seen.count, endsInMs: seen.endsAt - now }
    },
  }
}

function forgetFirst(windows: Map<string, Seen>): void {
  for (const key of windows.keys()) {
    windows.delete(key)
    return
  }
}
