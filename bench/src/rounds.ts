/** Something that is measured in turn with others. */
export type Contestants<Name extends string, Result> = Record<Name, () => Promise<Result>>

/**
 * Measures all in turn, several times: what slows the machine for a while then meets each. Every second round goes
 * backwards, so that a drift favours nobody.
 */
export async function alternate<Name extends string, Result>(
  contestants: Contestants<Name, Result>,
  rounds: number,
): Promise<Record<Name, Result>[]> {
  const results: Record<Name, Result>[] = []
  // Object.entries forgets the names' type.
  const entries = Object.entries(contestants) as [Name, () => Promise<Result>][]
  for (let round = 0; round < rounds; round++) {
    const result: Partial<Record<Name, Result>> = {}
    for (const [name, measure] of round % 2 === 0 ? entries : entries.toReversed()) result[name] = await measure()
    // Each name was measured in the loop above.
    results.push(result as Record<Name, Result>)
  }
  return results
}

/** The middle one; of an even number the lower of the two in the middle. */
export function median(values: number[]): number {
  return values.toSorted((left, right) => left - right)[Math.ceil(values.length / 2) - 1] ?? Number.NaN
}

/** The time that half of the calls took at the most, and that of 99 in a hundred. */
export function percentilesOf(timesMs: number[]): { p50Ms: number; p99Ms: number } {
  const sorted = Float64Array.from(timesMs).sort()
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** The middle value, and the quartiles between which half of the values lie: one disturbed round moves neither. */
export type Spread = { median: number; low: number; high: number }

export function spreadOf(values: number[]): Spread {
  const sorted = values.toSorted((left, right) => left - right)
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN
  return { median: median(values), low: at(0.25), high: at(0.75) }
}

/** Whether an aim is reached; unsettled when it lies within the spread, so that noise decides nothing. */
export function verdictOn({ low, high }: Spread, aim: number): 'reached' | 'missed' | 'unsettled' {
  if (low >= aim) return 'reached'
  return high < aim ? 'missed' : 'unsettled'
}
