import type { Call } from './hammer.ts'

export type Verdict = {
  windows: number
  calls: number
  admitted: number
  refused: number
  /** Calls admitted in a window, at least and at most. */
  fewest: number
  most: number
  /** What contradicts the limit; none when it held exactly. */
  faults: string[]
}

/**
 * Judges a limit from the outside, by what each reply said was left. A window begins with the one call that is told
 * limit - 1, and tells each figure down to 0 once; so no figure may come more often than windows began, and no window
 * may begin earlier than a window's length after the one before.
 */
export function judge(calls: Call[], limit: number, windowMs: number): Verdict {
  const admitted = calls.filter(({ status }) => status === 200)
  const refused = calls.filter(({ status }) => status === 429)
  const timesOf = new Map<number, number>()
  for (const { remaining } of admitted) timesOf.set(remaining, (timesOf.get(remaining) ?? 0) + 1)
  const times = Array.from({ length: limit }, (_, remaining) => timesOf.get(remaining) ?? 0)
  const windows = times[limit - 1] ?? 0
  const perWindow = Array.from({ length: windows }, (_, window) => times.filter((each) => each > window).length)
  const faults = [
    ...strangers(calls.length - admitted.length - refused.length),
    ...tooOften(times, windows),
    ...(admitted.length > limit * windows ? [`${admitted.length} calls in ${windows} windows`] : []),
    ...tooEarly(
      admitted.filter(({ remaining }) => remaining === limit - 1),
      windowMs,
    ),
  ]
  const [fewest, most] = [Math.min(...perWindow), Math.max(...perWindow)]
  return { windows, calls: calls.length, admitted: admitted.length, refused: refused.length, fewest, most, faults }
}

function strangers(count: number): string[] {
  return count > 0 ? [`${count} calls were neither admitted nor refused`] : []
}

function tooOften(times: number[], windows: number): string[] {
  return times.flatMap((count, remaining) =>
    count > windows ? [`remaining=${remaining} was told ${count} times in ${windows} windows`] : [],
  )
}

/** Only what must be wrong: a window began between its first call's question and answer. */
function tooEarly(firsts: Call[], windowMs: number): string[] {
  const inOrder = firsts.toSorted((a, b) => a.answeredAt - b.answeredAt)
  return inOrder.slice(1).flatMap((next, index) => {
    const gapMs = next.answeredAt - (inOrder[index]?.sentAt ?? 0)
    return gapMs < windowMs ? [`a window began ${Math.round(gapMs)} ms after the one before`] : []
  })
}
