import { expect, it } from 'vitest'
import { judge } from './exactness.ts'
import type { Call } from './hammer.ts'

const at = (sentAt: number) => ({ sentAt, answeredAt: sentAt + 1, resetSeconds: 1 })
const admitted = (remaining: number, sentAt: number): Call => ({ status: 200, remaining, ...at(sentAt) })
const refused = (sentAt: number): Call => ({ status: 429, remaining: 0, ...at(sentAt) })
const window = (start: number) => [
  admitted(2, start),
  admitted(1, start + 5),
  admitted(0, start + 6),
  refused(start + 7),
]

it('finds nothing wrong with windows that hold the limit', () => {
  expect(judge([...window(0), ...window(1000), ...window(2100)], 3, 1000)).toEqual({
    windows: 3,
    calls: 12,
    admitted: 9,
    refused: 3,
    fewest: 3,
    most: 3,
    faults: [],
  })
})

it('tells a window that was not filled, unless it is the one that the end cut short', () => {
  const cut = [...window(0), ...window(1000), admitted(2, 2000)]
  expect(judge(cut, 3, 1000)).toMatchObject({ fewest: 3, most: 3, faults: [] })
  const slow = [...cut, admitted(2, 3000), admitted(1, 3001)]
  expect(judge(slow, 3, 1000)).toMatchObject({ fewest: 2, most: 3, faults: [] })
})

it.each([
  ['a figure told twice in one window', [...window(0), admitted(0, 8)]],
  ['two counts at once', [...window(0), ...window(3)]],
  ['a window that begins too early', [...window(0), ...window(990)]],
  ['a window that ends at another time for some', [...window(0), { ...refused(400), resetSeconds: 2 }]],
  ['an end that no window has', [...window(0), refused(1400)]],
  ['an answer of another kind', [...window(0), { ...refused(8), status: 500 }]],
])('finds %s', (_what, calls) => {
  expect(judge(calls, 3, 1000).faults.length).toBeGreaterThan(0)
})
