import { expect, it } from 'vitest'
import { entityTagOf, hasAlready } from './entity-tag.ts'

const tag = entityTagOf('é')

it('tells texts apart', () => {
  expect(tag).toMatch(/^"[\w-]{22}"$/)
  expect(entityTagOf('e')).not.toBe(tag)
})

it.each([
  [undefined, false],
  [tag, true],
  [`W/${tag}`, true],
  [`"other", W/${tag}`, true],
  ['*', true],
  ['"other"', false],
  [tag.slice(1, -1), false],
])('knows whether If-None-Match %s names it', (header, expected) => {
  expect(hasAlready({ 'if-none-match': header }, tag)).toBe(expected)
})
