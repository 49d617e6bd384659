import { describe, expect, it } from 'vitest'
import { Problem } from '../problem.ts'
import { assertStorable } from './json-body.ts'

/** The path that a refusal names; undefined when the body is taken. */
function refusedPath(body: unknown): string | undefined {
  try {
    assertStorable(body)
    return undefined
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    expect([error.status, error.code]).toEqual([422, 'unstorable_value'])
    return error.errors?.[0]?.path
  }
}

function nested(depth: number): unknown {
  let value: unknown = 'core'
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

describe('assertStorable', () => {
  it.each([
    ['plain answers', { name: 'Ada', age: 36, agree: true, none: null, list: [1, 'two', { three: 3 }] }],
    ['text of any script', { name: 'naïve 😀 ᓄᓇᕗᑦ', '😀': '\u0001\t\n' }],
    ['very small and very large numbers', [Number.MIN_VALUE, Number.MAX_VALUE, -0]],
    ['128 levels', nested(128)],
    ['nothing', {}],
  ])('takes %s', (_, body) => {
    expect(refusedPath(body)).toBeUndefined()
  })

  it.each([
    ['a NUL in a text', { a: { b: ['x', 'y\u0000'] } }, 'a.b[1]'],
    ['a NUL in a name', { a: { 'b\u0000': 1 } }, 'a'],
    ['the first half of a surrogate pair', { a: '\ud83d' }, 'a'],
    ['the second half of a surrogate pair', { a: 'x\ude00y' }, 'a'],
    ['half of a surrogate pair in a name', { list: [{ '\ud83d': 1 }] }, 'list[0]'],
    ['a number beyond what JSON.parse can hold', JSON.parse('{"a":{"n":1e999}}'), 'a.n'],
    ['a negative one', JSON.parse('[-1e999]'), '[0]'],
  ])('names the place of %s', (_, body, path) => {
    expect(refusedPath(body)).toBe(path)
  })

  it('refuses 129 levels', () => {
    expect(refusedPath(nested(129))).toBeDefined()
  })

  it('refuses a million levels without running out of stack', () => {
    expect(refusedPath(nested(1_000_000))).toBeDefined()
  })

  it('names the place of the deepest levels in a short text', () => {
    expect(refusedPath(nested(1_000_000))?.length).toBeLessThanOrEqual(200)
  })
})
