import type { Ticks } from '../clock.ts'
import type { LocalStore, RateLimit, RateLimitWindow } from './rate-limit.ts'

type Entry = { id: string; count: number; endsAt: number }

/** Sweep when this many windows are kept, and again each time as many have been added. */
const sweepAt = 10_000

/**
 * Counts in this process.
 * @param countedBefore what is known of a key that was counted elsewhere until now; its count goes on from there
 */
export function memoryStore(
  ticks: Ticks,
  countedBefore: (key: string) => RateLimitWindow | undefined = () => undefined,
): LocalStore {
  const entries = new Map<string, Entry>()
  let sweepNext = sweepAt
  let windows = 0

  function sweep(now: number): void {
    for (const [key, entry] of entries) if (entry.endsAt <= now) entries.delete(key)
    sweepNext = entries.size + sweepAt
  }

  function keep(key: string, entry: Entry, now: number): Entry {
    if (entries.size >= sweepNext) sweep(now)
    entries.set(key, entry)
    return entry
  }

  function running(key: string, now: number): Entry | undefined {
    const entry = entries.get(key)
    if (entry) return entry.endsAt > now ? entry : undefined
    const before = countedBefore(key)
    return before && keep(key, { id: before.id, count: before.count, endsAt: now + before.endsInMs }, now)
  }

  function start(key: string, { windowMs }: RateLimit, now: number): Entry {
    return keep(key, { id: String(++windows), count: 0, endsAt: now + windowMs }, now)
  }

  const toWindow = ({ id, endsAt }: Entry, count: number, now: number): RateLimitWindow => ({
    id,
    count,
    endsInMs: endsAt - now,
    local: true,
  })

  return {
    async take(key, limit) {
      const now = ticks()
      const entry = running(key, now) ?? start(key, limit, now)
      const count = entry.count + 1
      // A refused call is not kept: else a unit given back later would only make up for it.
      if (count <= limit.max) entry.count = count
      return toWindow(entry, count, now)
    },
    async giveBack(key, windowId) {
      const entry = running(key, ticks())
      if (entry?.id === windowId && entry.count > 0) entry.count -= 1
    },
    async peek(key) {
      const now = ticks()
      const entry = running(key, now)
      return entry && toWindow(entry, entry.count, now)
    },
    seenFull(key, limit) {
      const now = ticks()
      const entry = running(key, now)
      return entry && entry.count >= limit.max ? toWindow(entry, entry.count + 1, now) : undefined
    },
  }
}
