import { expect, it } from 'vitest'
import { withFrenchSpaces } from './french-spaces.ts'

it('keeps the marks of French from being torn off their words', () => {
  const texts = { ask: 'Le retirer ?', deeper: { quote: 'Le « formulaire » : voir https://example.org' } }
  expect(withFrenchSpaces(texts)).toEqual({
    ask: 'Le retirer\u00a0?',
    deeper: { quote: 'Le «\u00a0formulaire\u00a0»\u00a0: voir https://example.org' },
  })
})
