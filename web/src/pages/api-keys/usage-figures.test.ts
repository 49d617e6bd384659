import { describe, expect, it } from 'vitest'
import { chartOf, outcomesOf } from './usage-figures.ts'

const day = (calls: number, more: object = {}) => ({
  day: '2026-11-26',
  calls,
  succeeded: calls,
  clientErrors: 0,
  rateLimited: 0,
  bytesSent: 0,
  ...more,
})

describe('the chart of a key’s usage', () => {
  it.each([
    [0, 1],
    [1, 1],
    [3, 5],
    [10, 10],
    [11, 20],
    [99, 100],
    [100, 100],
    [4321, 5000],
  ])('has room for %d calls below %d', (calls, max) => {
    expect(chartOf([day(calls), day(0)]).max).toBe(max)
  })

  it('stacks what became of the calls, and leaves out what did not happen', () => {
    const { bars } = chartOf([day(10, { succeeded: 5, clientErrors: 2, rateLimited: 3 })])
    expect(bars[0]?.parts).toEqual([
      { outcome: 'succeeded', calls: 5, share: 0.5 },
      { outcome: 'clientErrors', calls: 2, share: 0.2 },
      { outcome: 'rateLimited', calls: 3, share: 0.3 },
    ])
  })

  it('counts what is nothing else as the server’s mistakes', () => {
    expect(outcomesOf(day(10, { succeeded: 8, clientErrors: 1 }))).toEqual({
      succeeded: 8,
      clientErrors: 1,
      rateLimited: 0,
      serverErrors: 1,
    })
  })
})
