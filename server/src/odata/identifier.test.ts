import fc from 'fast-check'
import { expect, it } from 'vitest'
import { identifierOf, namer } from './identifier.ts'

/** CSDL 4.0 §17.2. */
const simpleIdentifier = /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]{0,127}$/u

it.each([
  ['name', 'name'],
  ['first-name', 'first_name'],
  ['1st', '_1st'],
  ['Prénom', 'Prénom'],
  ['ᓄᓇᕗᑦ', 'ᓄᓇᕗᑦ'],
  ['a b/c', 'a_b_c'],
  ['😀', '_'],
  ['', '_'],
])('makes of %j the identifier %j', (text, identifier) => {
  expect(identifierOf(text)).toBe(identifier)
})

it('makes an identifier of any text, and never one twice, whatever the case', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', 'A', 'a_2', 'a-2', 'null', 'x'.repeat(300)))
  fc.assert(
    fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
      const give = namer(['null'])
      const names = texts.map(give)
      for (const name of names) expect(name).toMatch(simpleIdentifier)
      expect(new Set([...names, 'null'].map((name) => name.toLowerCase())).size).toBe(names.length + 1)
    }),
  )
})
