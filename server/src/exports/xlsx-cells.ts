import { isExactNumber } from './exact-json.ts'
import type { TimeZone } from './time-zone.ts'
import { plainText, typedValue } from './typed-value.ts'
import type { ValueType } from './value-type.ts'

/** Places in the list of cell formats that `xlsx-parts.ts` writes. */
export const styles = { plain: 0, header: 1, secondHeader: 2, dateTime: 3, literal: 4 } as const

/** What Excel takes in one cell, in UTF-16 units. It calls a file with more of them damaged. */
export const cellCharactersMax = 32_767

/** Excel shows fifteen digits, and ids of more would change when somebody edits the cell. */
const longestNumber = 1e15
const dayMs = 86_400_000
/** Up to the next hundredth of a millisecond, as some readers cut a time instead of rounding it. */
const precision = 1e10
/** Day 0 of Excel's calendar, which has a 29 February 1900 that never was: from March of that year on it is right. */
const dayZeroMs = Date.UTC(1899, 11, 30)
const firstDayMs = Date.UTC(1900, 2, 1)
const lastDayMs = Date.UTC(9999, 11, 31)

/** A cell that holds something. */
export type Cell =
  | { kind: 'number'; value: number }
  | { kind: 'boolean'; value: boolean }
  /** Days of Excel's calendar, as clocks in the zone show the instant. */
  | { kind: 'dateTime'; value: number }
  | { kind: 'text'; value: string }

/** What a value is in a spreadsheet; what does not fit its column's type stays as it is. Undefined for an empty cell. */
export function cellOf(value: unknown, type: ValueType, zone: TimeZone): Cell | undefined {
  if (value === null || value === undefined || value === '') return undefined
  const known = type === 'number' || type === 'dateTime' ? (typedValue(value, type, zone) ?? value) : value
  if (known instanceof Date) return dateCell(known, zone) ?? { kind: 'text', value: plainDate(value, zone) }
  if (typeof known === 'boolean') return { kind: 'boolean', value: known }
  if (typeof known === 'number' && (Math.abs(known) < longestNumber || !Number.isInteger(known))) {
    return { kind: 'number', value: known }
  }
  return { kind: 'text', value: isExactNumber(known) ? known.rawJSON : plainText(known) }
}

function dateCell(instant: Date, zone: TimeZone): Cell | undefined {
  const shown = instant.getTime() + zone.offsetMinutes(instant) * 60_000
  if (shown < firstDayMs || shown >= lastDayMs) return undefined
  return { kind: 'dateTime', value: Math.ceil(((shown - dayZeroMs) / dayMs) * precision) / precision }
}

/** Before Excel's calendar begins. */
function plainDate(value: unknown, zone: TimeZone): string {
  return value instanceof Date ? zone.text(value) : plainText(value)
}

/** The XML of a cell. @param reference such as `B7` @param style one of `styles`, in place of the usual one */
export function cellXml(reference: string, cell: Cell, style?: number): string {
  switch (cell.kind) {
    case 'number':
      return `<c r="${reference}"><v>${cell.value}</v></c>`
    case 'dateTime':
      return `<c r="${reference}" s="${styles.dateTime}"><v>${cell.value}</v></c>`
    case 'boolean':
      return `<c r="${reference}" t="b"><v>${cell.value ? 1 : 0}</v></c>`
    case 'text':
      return textXml(reference, cell.value, style ?? (mayBeFormula.test(cell.value) ? styles.literal : styles.plain))
  }
}

/** An inline text is never calculated. These keep Excel from doing so when somebody edits the cell. */
const mayBeFormula = /^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/
/** XML readers drop this white space otherwise. */
const outerSpace = /^\s|\s$|\n/

function textXml(reference: string, text: string, style: number): string {
  const attributes = style === styles.plain ? '' : ` s="${style}"`
  const space = outerSpace.test(text) ? ' xml:space="preserve"' : ''
  return `<c r="${reference}"${attributes} t="inlineStr"><is><t${space}>${xmlText(text)}</t></is></c>`
}

/** What XML needs escaped, what it cannot hold, and texts that look like an escape of the latter. */
const special = /[&<>\uFFFE\uFFFF]|(?![\t\n])\p{Cc}|_(?=x[0-9A-Fa-f]{4}_)/gu
/** A bare carriage return would be read as a line feed. */
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

/** Text as XML 1.0 has it. Control characters become `_xHHHH_` (ECMA-376 part 1, 22.9.2.19). */
export function xmlText(text: string): string {
  return text.replace(special, (found) => entities[found] ?? `_x${hex(found)}_`)
}

/** Text between the quotes of an attribute. */
export function xmlAttribute(text: string): string {
  return xmlText(text).replaceAll('"', '&quot;')
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
}

/** The letters of a column, from 0: A … Z, AA … */
export function columnLetters(index: number): string {
  const letters = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letters : columnLetters(Math.floor(index / 26) - 1) + letters
}
