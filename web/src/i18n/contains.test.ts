import { expect, it } from 'vitest'
import { contains } from './contains.ts'

it.each<[string, string, boolean]>([
  ['Demande de subvention', 'SUBVENTION', true],
  ['Demande de congé', 'conge', true],
  ['Conge', 'congé', true],
  ['Demande de congé', 'congé demande', true],
  ['Demande de congé', 'congé annuel', false],
  ['Anything', '', true],
  ['Anything', '  ', true],
])('finds in “%s” the words “%s”: %s', (text, wanted, found) => {
  expect(contains(text, wanted)).toBe(found)
})
