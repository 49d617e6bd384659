import type { Call } from './hammer.ts'

export type Verdict = {
  windows: number
  calls: number
  admitted: number
  refused: number
  /** Calls admitted in a window, at least and at most; without the least filled one, for the end of the calls cuts one short. */
  fewest: number
  most: number
  /** What contradicts the limit; none when it held exactly. */
  faults: string[]
}

/**
 * Judges a limit from the outside, by what each reply said was left and when that ends. A window begins with the one call
 * that is told limit - 1, and tells each figure down to 0 once; so no figure may come more often than windows began, no
 * window may begin earlier than a window's length after the one before, and all replies must name the end of one of them.
 * @param calls all that were made on the key, from its first one on
 */
export function judge(calls: Call[], limit: number, windowMs: number): Verdict {
  const admitted = calls.filter(({ status }) => status === 200)
  const refused = calls.filter(({ status }) => status === 429)
  const timesOf = new Map<number, number>()
  for (const { remaining } of admitted) timesOf.set(remaining, (timesOf.get(remaining) ?? 0) + 1)
  const times = Array.from({ length: limit }, (_, remaining) => timesOf.get(remaining) ?? 0)
  const windows = times[limit - 1] ?? 0
  const perWindow = Array.from({ length: windows }, (_, window) => times.filter((each) => each > window).length)
  const firsts = admitted.filter(({ remaining }) => remaining === limit - 1)
  const faults = [
    ...strangers(calls.length - admitted.length - refused.length),
    ...tooOften(times, windows),
    ...(admitted.length > limit * windows ? [`${admitted.length} calls in ${windows} windows`] : []),
    ...tooEarly(firsts, windowMs),
    ...otherEnds([...admitted, ...refused], firsts, windowMs),
  ]
  // Each figure is told once in a window, so the counts come in falling order.
  const [most = 0, fewest = most] = [perWindow[0], perWindow.at(-2)]
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

/** How much later than its true end a window may seem to end to a process that refuses from memory: the answer's way. */
const wayMs = 200

/** A window ends its length after its first call, which the store counted between that call's question and answer. */
function otherEnds(calls: Call[], firsts: Call[], windowMs: number): string[] {
  const isEnd = ({ status, sentAt, answeredAt, resetSeconds }: Call) =>
    firsts.some(
      (first) =>
        first.sentAt + windowMs <= answeredAt + resetSeconds * 1000 &&
        first.answeredAt + windowMs + (status === 429 ? wayMs : 0) > sentAt + (resetSeconds - 1) * 1000,
    )
  return calls.flatMap((call) =>
    isEnd(call) ? [] : [`a call was told reset=${call.resetSeconds}, when no window ended`],
  )
}
