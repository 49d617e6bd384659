import { describe, expect, it } from 'vitest'
import { joinObjects, withMember } from './json-text.ts'

describe('joinObjects', () => {
  it.each([
    ['two objects', '{"a":1}', '{"b": {"c": []}}', { a: 1, b: { c: [] } }],
    ['nothing on the left', '{}', '{"b":1}', { b: 1 }],
    ['nothing on the right', '{"a":1}', '{}', { a: 1 }],
    ['nothing at all', '{}', '{}', {}],
  ])('joins %s', (_, left, right, joined) => {
    expect(JSON.parse(joinObjects(left, right))).toEqual(joined)
  })
})

describe('withMember', () => {
  it('adds JSON text as it is', () => {
    expect(withMember('{"a":1}', 'schema', '{ "n": 12345678901234567890 }')).toBe(
      '{"a":1,"schema":{ "n": 12345678901234567890 }}',
    )
  })

  it('quotes the name', () => {
    expect(JSON.parse(withMember('{}', 'a "b" \\', 'null'))).toEqual({ 'a "b" \\': null })
  })
})
