import { expect, it } from 'vitest'
import { alternate, median, spreadOf, verdictOn } from './rounds.ts'

it('measures all in turn, every second round backwards', async () => {
  const order: string[] = []
  const contestant = (name: string) => async () => order.push(name)
  const rounds = await alternate({ ours: contestant('ours'), bare: contestant('bare') }, 2)
  expect(order).toEqual(['ours', 'bare', 'bare', 'ours'])
  expect(rounds).toEqual([
    { ours: 1, bare: 2 },
    { ours: 4, bare: 3 },
  ])
})

it.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2],
])('takes the middle one of %j', (values, expected) => {
  expect(median(values)).toBe(expected)
})

it('is not moved by one disturbed round', () => {
  expect(spreadOf([0.6, 0.61, 9, 0.62, 0.63])).toEqual({ median: 0.62, low: 0.61, high: 0.63 })
})

it.each([
  [0.61, 0.7, 'reached'],
  [0.5, 0.59, 'missed'],
  [0.5, 0.7, 'unsettled'],
])('says of a spread from %d to %d that an aim of 0.6 is %s', (low, high, verdict) => {
  expect(verdictOn({ median: 0.6, low, high }, 0.6)).toBe(verdict)
})
