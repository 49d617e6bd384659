import { expect, it } from 'vitest'
import { keepTexts } from './kept-texts.ts'

function counted(text: string) {
  const made = { times: 0, make: async () => text }
  made.make = async () => {
    made.times += 1
    return text
  }
  return made
}

it('makes a text once, also for those who ask at the same time', async () => {
  const [kept, text] = [keepTexts(100), counted('abc')]
  expect(await Promise.all([kept.get('k', text.make), kept.get('k', text.make)])).toEqual(['abc', 'abc'])
  expect(await kept.get('k', text.make)).toBe('abc')
  expect(text.times).toBe(1)
})

it('forgets what was not asked for the longest, once there is too much', async () => {
  const [kept, a, b, c] = [keepTexts(10), counted('aaaa'), counted('bbbb'), counted('cccc')]
  await kept.get('a', a.make)
  await kept.get('b', b.make)
  await kept.get('a', a.make)
  await kept.get('c', c.make)
  await kept.get('a', a.make)
  await kept.get('b', b.make)
  expect([a.times, b.times]).toEqual([1, 2])
})

it('gives what is larger than all it keeps', async () => {
  const [kept, text] = [keepTexts(2), counted('large')]
  expect([await kept.get('k', text.make), await kept.get('k', text.make)]).toEqual(['large', 'large'])
})

it('tries again what failed', async () => {
  const kept = keepTexts(10)
  await expect(kept.get('k', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await kept.get('k', async () => 'yes')).toBe('yes')
})
