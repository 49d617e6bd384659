import { type KeyCall, type Usage, UsageSum } from './key-usage.ts'

/** Keeps calls in memory until they are written together: a call costs no trip to the database for it. */
export type UsageRecorder = {
  record(call: KeyCall): void
  /** Writes what was recorded. What fails stays for the next time. */
  flush(): Promise<void>
}

/** More than so many rows are not kept while they cannot be stored: then the oldest figures are lost. */
const rowsMax = 20_000

export function usageRecorderOf(save: (usage: Usage) => Promise<void>): UsageRecorder {
  let sum = new UsageSum()
  return {
    record(call) {
      sum.add(call)
    },
    async flush() {
      if (sum.size === 0) return
      const taken = sum.usage()
      sum = new UsageSum()
      try {
        await save(taken)
      } catch (error) {
        if (sum.size + taken.rows.length <= rowsMax) sum.addAll(taken)
        throw error
      }
    },
  }
}

/** How often usage is written: what a killed process loses at most. */
export const usageFlushMs = 10_000

/** Usage older than that is deleted. */
export const usageKeptMs = 91 * 86_400_000
