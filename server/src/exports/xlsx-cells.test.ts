import { describe, expect, it } from 'vitest'
import { timeZoneNamed, utc } from './time-zone.ts'
import type { ValueType } from './value-type.ts'
import { cellOf, cellXml, columnLetters, xmlText } from './xlsx-cells.ts'

const text = (value: string) => ({ kind: 'text', value })

describe('a cell', () => {
  it.each<[unknown, ValueType, unknown]>([
    [12.5, 'number', { kind: 'number', value: 12.5 }],
    ['12.5', 'number', { kind: 'number', value: 12.5 }],
    ['12.50', 'number', text('12.50')],
    ['12', 'text', text('12')],
    [999_999_999_999_999, 'number', { kind: 'number', value: 999_999_999_999_999 }],
    [1e15, 'number', text('1000000000000000')],
    [0.1 + 0.2, 'number', { kind: 'number', value: 0.30000000000000004 }],
    [false, 'boolean', { kind: 'boolean', value: false }],
    ['yes', 'boolean', text('yes')],
    [{ a: 1 }, 'json', text('{"a":1}')],
    ['as it is', 'json', text('as it is')],
    ['1900-03-01T00:00:00Z', 'dateTime', { kind: 'dateTime', value: 61 }],
    ['1900-02-28T23:59:59Z', 'dateTime', text('1900-02-28T23:59:59Z')],
    ['2026-11-26T10:00:00.0001Z', 'dateTime', text('2026-11-26T10:00:00.0001Z')],
    ['', 'text', undefined],
    [null, 'number', undefined],
    [undefined, 'json', undefined],
  ])('of %j in a column of type %s', (value, type, expected) => {
    expect(cellOf(value, type, utc)).toEqual(expected)
  })

  it('shows an instant as clocks in the zone do, on both sides of a change of clocks', () => {
    const zone = timeZoneNamed('America/Vancouver') ?? utc
    const hours = (instant: string) => {
      const cell = cellOf(new Date(instant), 'dateTime', zone)
      return cell?.kind === 'dateTime' ? Math.round((cell.value % 1) * 24) : undefined
    }
    expect([hours('2026-01-10T20:00:00Z'), hours('2026-07-10T20:00:00Z')]).toEqual([12, 13])
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '＝1'])('is a text that stays one when it is edited: %s', (value) => {
    expect(cellXml('A1', { kind: 'text', value })).toBe(`<c r="A1" s="4" t="inlineStr"><is><t>${value}</t></is></c>`)
  })

  it('keeps white space around a text and line breaks in it', () => {
    expect(cellXml('A1', { kind: 'text', value: ' a\nb' })).toContain('<t xml:space="preserve"> a\nb</t>')
  })
})

it.each([
  ['a < b & c > d', 'a &lt; b &amp; c &gt; d'],
  ['bell \u0007, form feed \f', 'bell _x0007_, form feed _x000C_'],
  ['two\r\nlines', 'two&#13;\nlines'],
  ['_x0041_ and _x41_', '_x005F_x0041_ and _x41_'],
  ['no character \uFFFE', 'no character _xFFFE_'],
  ['emoji 🍎', 'emoji 🍎'],
])('escapes %j for XML', (value, expected) => {
  expect(xmlText(value)).toBe(expected)
})

it.each([
  [0, 'A'],
  [25, 'Z'],
  [26, 'AA'],
  [701, 'ZZ'],
  [702, 'AAA'],
  [16_383, 'XFD'],
])('names column %d %s', (index, letters) => {
  expect(columnLetters(index)).toBe(letters)
})
