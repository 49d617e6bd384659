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

export type Spread = { median: number; min: number; max: number }

export function spreadOf(values: number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}
