import type { Clock } from '../clock.ts'
import type { RateLimitStore } from './rate-limit.ts'

type Entry = { id: string; count: number; endsAt: number }

/** Sweep when this many windows are kept, and again each time as many have been added. */
const sweepAt = 10_000

/** Counts in this process, by the clock that it is given. */
export function memoryStore(clock: Clock): RateLimitStore {
  const entries = new Map<string, Entry>()
  let sweepNext = sweepAt
  let windows = 0

  function sweep(now: number): void {
    for (const [key, entry] of entries) if (entry.endsAt <= now) entries.delete(key)
    sweepNext = entries.size + sweepAt
  }

  function open(key: string, windowMs: number, now: number): Entry {
    if (entries.size >= sweepNext) sweep(now)
    const entry = { id: String(++windows), count: 0, endsAt: now + windowMs }
    entries.set(key, entry)
    return entry
  }

  return {
    async take(key, limit) {
      const now = clock()
      const known = entries.get(key)
      const entry = known && known.endsAt > now ? known : open(key, limit.windowMs, now)
      const count = entry.count + 1
      // A refused call is not kept: else a unit given back later would only make up for it.
      if (count <= limit.max) entry.count = count
      return { id: entry.id, count, endsInMs: entry.endsAt - now }
    },
    async giveBack(key, windowId) {
      const entry = entries.get(key)
      if (entry?.id === windowId && entry.endsAt > clock() && entry.count > 0) entry.count -= 1
    },
    async peek(key) {
      const now = clock()
      const entry = entries.get(key)
      if (!entry || entry.endsAt <= now) return undefined
      return { id: entry.id, count: entry.count, endsInMs: entry.endsAt - now }
    },
  }
}
