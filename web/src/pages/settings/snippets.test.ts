import { expect, it } from 'vitest'
import { calls, type Language, type Place, snippet } from './snippets.ts'
import { rValue } from './snippets-r.ts'

const place: Place = {
  origin: 'https://forms.example.org',
  formId: '8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d',
  versionId: '11111111-3f2b-4a55-9d0e-6a1f2b3c2b1d',
  answers: { name: "O'Brien", agree: true },
  secret: undefined,
}
const text = (language: Language, change: Partial<Place> = {}) =>
  calls.map((call) => snippet(language, call, { ...place, ...change }) ?? '').join('\n')

it.each(['curl', 'javascript', 'python', 'r'] as const)('holds the key in %s only while it is shown', (language) => {
  expect(text(language)).toContain('API_KEY')
  expect(text(language)).not.toContain('fg_live_')
  expect(text(language, { secret: 'fg_live_abc' })).toContain('fg_live_abc')
  expect(text(language, { secret: 'fg_live_abc' })).not.toContain('API_KEY')
})

it('never holds the key in Power Query, which asks for it', () => {
  expect(text('powerBi', { secret: 'fg_live_abc' })).not.toContain('fg_live_abc')
  expect(snippet('powerBi', 'submit', place)).toBeUndefined()
})

it('submits nothing to a form without a published version', () => {
  expect(snippet('curl', 'submit', { ...place, versionId: undefined })).toBeUndefined()
})

it.each([
  [{ a: 1, 'two words': [true, null] }, 'list(\n  a = 1,\n  `two words` = list(TRUE, NULL)\n)'],
  [{}, 'setNames(list(), character(0))'],
  [{ if: 'a "quote"' }, 'list(\n  `if` = "a \\"quote\\""\n)'],
])('writes %j as R', (value, written) => {
  expect(rValue(value)).toBe(written)
})
