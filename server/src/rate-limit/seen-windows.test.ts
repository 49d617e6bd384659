import { expect, it } from 'vitest'
import { seenWindows } from './seen-windows.ts'

const limit = { max: 3, windowMs: 60_000 }

it('remembers the newest keys when there are too many', () => {
  const seen = seenWindows(() => 0)
  for (let key = 0; key < 60_000; key++) seen.note(`${key}`, limit, { id: 'w', count: 3, endsInMs: 60_000 }, 0)
  expect(seen.full('0', limit)).toBeUndefined()
  expect(seen.full('10000', limit)?.count).toBe(4)
  expect(seen.full('59999', limit)?.count).toBe(4)
})

it('keeps a key that is asked for often', () => {
  const seen = seenWindows(() => 0)
  const window = { id: 'w', count: 3, endsInMs: 60_000 }
  for (let key = 0; key < 60_000; key++) {
    seen.note(`${key}`, limit, window, 0)
    if (key % 1000 === 0) seen.note('often', limit, window, 0)
  }
  expect(seen.full('often', limit)?.count).toBe(4)
})

it('trusts an answer from the moment of the question, and tells no less than what is left of the window', () => {
  let now = 0
  const seen = seenWindows(() => now)
  now = 100
  // Asked at 0, answered at 100: the window may end anywhere between 400 and 500.
  seen.note('k', limit, { id: 'w', count: 4, endsInMs: 400 }, 0)
  expect(seen.full('k', limit)).toMatchObject({ count: 4, endsInMs: 400 })
  now = 399
  expect(seen.full('k', limit)?.endsInMs).toBe(101)
  now = 400
  expect(seen.full('k', limit)).toBeUndefined()
  expect(seen.last('k')?.endsInMs).toBe(100)
  now = 500
  expect(seen.last('k')).toBeUndefined()
})
