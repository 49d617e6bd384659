import { describe, expect, it } from 'vitest'
import { decide } from './rate-limit.ts'

const limit = { max: 20, windowMs: 60_000 }

describe('decide', () => {
  it.each([
    ['the first call', { count: 1, endsInMs: 60_000 }, { allowed: true, remaining: 19, resetSeconds: 60 }],
    ['the last one that fits', { count: 20, endsInMs: 13_000 }, { allowed: true, remaining: 0, resetSeconds: 13 }],
    ['one too many', { count: 21, endsInMs: 13_000 }, { allowed: false, remaining: 0, resetSeconds: 13 }],
    ['a part of a second', { count: 2, endsInMs: 44_001 }, { allowed: true, remaining: 18, resetSeconds: 45 }],
    ['the last millisecond', { count: 2, endsInMs: 1 }, { allowed: true, remaining: 18, resetSeconds: 1 }],
    [
      'a sum of fractions',
      { count: 1, endsInMs: 60_000.000_000_01 },
      { allowed: true, remaining: 19, resetSeconds: 60 },
    ],
    ['a clock that is late', { count: 2, endsInMs: -5 }, { allowed: true, remaining: 18, resetSeconds: 1 }],
    ['a limit that was lowered', { count: 90, endsInMs: 1000 }, { allowed: false, remaining: 0, resetSeconds: 1 }],
  ])('on %s', (_, window, decision) => {
    expect(decide(limit, { id: 'w', ...window })).toEqual({ limit, ...decision })
  })
})
