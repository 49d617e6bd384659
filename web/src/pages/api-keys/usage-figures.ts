import type { KeyUsage } from './named-key-queries.ts'

type Figures = Pick<KeyUsage['total'], 'calls' | 'succeeded' | 'clientErrors' | 'rateLimited'>

/** How calls end, from the bottom of a bar to its top. */
export const outcomes = ['succeeded', 'clientErrors', 'rateLimited', 'serverErrors'] as const
export type Outcome = (typeof outcomes)[number]

/** How many calls ended in each way; what is none of the others was a mistake of the server. */
export function outcomesOf({ calls, succeeded, clientErrors, rateLimited }: Figures): Record<Outcome, number> {
  return { succeeded, clientErrors, rateLimited, serverErrors: calls - succeeded - clientErrors - rateLimited }
}

export type Bar = { day: string; calls: number; parts: { outcome: Outcome; calls: number; share: number }[] }

/** A bar for each day, its parts as shares of the chart's height. */
export function chartOf(days: KeyUsage['days']): { max: number; bars: Bar[] } {
  const max = roundUp(Math.max(0, ...days.map(({ calls }) => calls)))
  const bars = days.map((day) => {
    const counts = outcomesOf(day)
    const parts = outcomes
      .filter((outcome) => counts[outcome] > 0)
      .map((outcome) => ({ outcome, calls: counts[outcome], share: counts[outcome] / max }))
    return { day: day.day, calls: day.calls, parts }
  })
  return { max, bars }
}

/** The next of 1, 2, 5, 10, 20, 50 …: figures that an axis can carry. */
function roundUp(value: number): number {
  if (value <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power
}
