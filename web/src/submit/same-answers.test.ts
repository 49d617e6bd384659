import { expect, it } from 'vitest'
import { sameAnswers } from './same-answers.ts'

it.each<[string, unknown, unknown, boolean]>([
  ['members in another order', { a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 }, true],
  ['a member that is undefined, which is not sent', { a: 1, b: undefined }, { a: 1 }, true],
  ['rows in another order', [1, 2], [2, 1], false],
  ['another value deep inside', { a: [{ b: 'x' }] }, { a: [{ b: 'y' }] }, false],
  ['a number and its text', { a: 1 }, { a: '1' }, false],
  ['an empty text and nothing', { a: '' }, {}, false],
])('compares %s', (_, a, b, same) => {
  expect(sameAnswers(a, b)).toBe(same)
})
