import { expect, it } from 'vitest'
import { plainPattern } from './plain-pattern.ts'

it.each([
  ['[A-Z]{2}\\d{3}', 'AA555'],
  ['\\d{5}(-\\d{4})?', '55555'],
  ['(?:red|blue)-[0-9]+', 'red-0'],
  ['^[A-Za-z]\\d[A-Za-z] ?\\d[A-Za-z]\\d$', 'A5A5A5'],
  ['a|b', 'a'],
  ['\\w+@\\w+\\.org', 'a@a.org'],
  ['[\\d.]{2,4}', '55'],
])('gives a text that matches %s', (pattern, sample) => {
  expect(plainPattern(pattern)).toEqual({ pattern: `^${pattern}$`, sample })
})

it.each([
  ['repeats of repeats', '(a+)+'],
  ['repeats in a repeated group', '(\\w\\d*)*x'],
  ['look-ahead', '(?=.*\\d).{8,}'],
  ['a reference', '(a)\\1'],
  ['what a class leaves out', '[^a]+'],
  ['a lazy quantifier', 'a+?'],
  ['an open group', '(a'],
  ['an open class', '[a'],
  ['a stray escape', '\\q'],
  ['an anchor inside', 'a^b'],
  ['more than anybody reads', 'a{999}'],
  ['nothing', ''],
  ['groups in groups in groups', '(((((((a)))))))'],
])('takes a pattern with %s for not plain', (_, pattern) => {
  expect(plainPattern(pattern)).toBeUndefined()
})
