import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fitted, instantText, jsonText, misfit } from './values.ts'

it.each([
  ['a text', 'text', 'a text'],
  ['an empty text', 'text', '', ''],
  ['a number in a text field', 'text', 5, '5'],
  ['an object in a text field', 'text', { a: 1 }, misfit],
  ['a number', 'number', 1.5],
  ['a number as text', 'number', '1.50', 1.5],
  ['a text in a number field', 'number', '1,5', misfit],
  ['no number at all', 'number', '', null],
  ['a truth', 'boolean', true],
  ['a truth as text', 'boolean', 'true', misfit],
  ['a time', 'dateTime', '2024-05-01T12:00:00-07:00'],
  ['a time without an offset', 'dateTime', '2024-05-01T12:00:00.5', '2024-05-01T12:00:00.5Z'],
  ['a time without seconds', 'dateTime', '2024-05-01T12:00+02:00', '2024-05-01T12:00:00+02:00'],
  ['a day', 'dateTime', '2024-02-29', '2024-02-29T00:00:00Z'],
  ['a day that is none', 'dateTime', '2023-02-29', misfit],
  ['another calendar', 'dateTime', '05/01/2024', misfit],
  ['a list', 'json', ['a', { b: null }], '["a", {"b": null}]'],
  ['null', 'json', null, null],
  ['nothing', 'text', undefined, null],
] as const)('shows %s', (_, type, value, shown = value as never) => {
  expect(fitted(value, type)).toBe(shown)
})

it('gives a date-time that JavaScript reads as the same moment', () => {
  const when = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(when, (date) => {
      expect(new Date(instantText(date.toISOString()) ?? '').getTime()).toBe(date.getTime())
    }),
  )
})

it('writes JSON that reads back as the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
