import { expect, it } from 'vitest'
import { limitOfKey } from './key-limit.ts'

it.each([
  ['the configured one', { configured: 120, raised: null, own: null }, 120],
  ['the one that was raised for its form', { configured: 120, raised: 1000, own: null }, 1000],
  ['the one set for its form, also when that is lower', { configured: 120, raised: 10, own: null }, 10],
  ['its own', { configured: 120, raised: null, own: 30 }, 30],
  ['no more than the configured one, whatever its own is', { configured: 120, raised: null, own: 500 }, 120],
  ['its own within a raised one', { configured: 120, raised: 1000, own: 500 }, 500],
  ['no more than the raised one', { configured: 120, raised: 1000, own: 5000 }, 1000],
])('the limit of a key is %s', (_, limits, limit) => {
  expect(limitOfKey(limits)).toBe(limit)
})
