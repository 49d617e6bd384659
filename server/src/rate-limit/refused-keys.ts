import type { Ticks } from '../clock.ts'
import type { CountedKey } from './key-limit.ts'
import type { RateLimit } from './rate-limit.ts'

/** What a caller has shown: the hash of its secret, and the address that it calls from. */
export type Shown = { secretHash: Buffer; ip: string }
type Refused = { key: CountedKey; limit: RateLimit; checkedAt: number }

/** A key may be changed or revoked meanwhile, so what was found out about it is not believed for longer. */
const believedMs = 1000
const entriesMax = 10_000

/** Keys that were right a moment ago, and over their limit. */
export type RefusedKeys = {
  note(key: CountedKey, shown: Shown, limit: RateLimit): void
  find(formId: string, shown: Shown): { key: CountedKey; limit: RateLimit } | undefined
  /** Something about this form's limits has changed. */
  forget(formId: string): void
}

export function refusedKeys(ticks: Ticks): RefusedKeys {
  const entries = new Map<string, Refused>()
  const nameOf = (formId: string, { secretHash, ip }: Shown) => `${formId} ${secretHash.toString('base64')} ${ip}`

  return {
    note(key, shown, limit) {
      const name = nameOf(key.form_id, shown)
      // Put last in the order of the map, whose first is the oldest.
      entries.delete(name)
      entries.set(name, { key, limit, checkedAt: ticks() })
      const [oldest] = entries.size > entriesMax ? entries.keys() : []
      if (oldest !== undefined) entries.delete(oldest)
    },
    find(formId, shown) {
      if (entries.size === 0) return undefined
      const found = entries.get(nameOf(formId, shown))
      return found && ticks() - found.checkedAt < believedMs ? found : undefined
    },
    forget(formId) {
      for (const name of entries.keys()) if (name.startsWith(`${formId} `)) entries.delete(name)
    },
  }
}
