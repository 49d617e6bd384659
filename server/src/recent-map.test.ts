import { expect, it } from 'vitest'
import { recentMap } from './recent-map.ts'

it('forgets what was not used for the longest time', () => {
  const map = recentMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  map.get('a')
  map.set('c', 3)
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3])
})

it('weighs values, and those that replace others', () => {
  const map = recentMap<string, string>(5, (text) => text.length)
  map.set('a', 'xx')
  map.set('b', 'xxx')
  map.set('a', 'x')
  map.set('c', 'x')
  expect([map.has('a'), map.has('b'), map.has('c')]).toEqual([true, true, true])
  map.set('d', 'xx')
  expect([map.has('a'), map.has('b'), map.has('c'), map.has('d')]).toEqual([true, false, true, true])
})

it('keeps the newest, however heavy', () => {
  const map = recentMap<string, string>(2, (text) => text.length)
  map.set('a', 'x')
  map.set('b', 'xxxxx')
  expect([map.has('a'), map.has('b')]).toEqual([false, true])
})
