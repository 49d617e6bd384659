/** What was used last, up to a weight. */
export type RecentMap<Key, Value> = {
  /** Counts as a use. */
  get(key: Key): Value | undefined
  has(key: Key): boolean
  /** Forgets what was not used for the longest time until the rest is light enough; what was just set stays in any case. */
  set(key: Key, value: Value): void
}

/** @param weightOf of a value; 1 unless said, so that values are counted */
export function recentMap<Key, Value>(
  weightMax: number,
  weightOf: (value: Value) => number = () => 1,
): RecentMap<Key, Value> {
  // A Map keeps the order in which keys were set.
  const kept = new Map<Key, Value>()
  let weight = 0

  function forget(key: Key): void {
    const known = kept.get(key)
    if (known === undefined) return
    kept.delete(key)
    weight -= weightOf(known)
  }

  return {
    has: (key) => kept.has(key),
    get(key) {
      const known = kept.get(key)
      if (known === undefined) return undefined
      kept.delete(key)
      kept.set(key, known)
      return known
    },
    set(key, value) {
      forget(key)
      kept.set(key, value)
      weight += weightOf(value)
      for (const oldest of kept.keys()) {
        if (weight <= weightMax || kept.size === 1) return
        forget(oldest)
      }
    },
  }
}
