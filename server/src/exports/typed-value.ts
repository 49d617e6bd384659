import { parseInstant } from './instant.ts'
import type { TimeZone } from './time-zone.ts'
import type { ValueType } from './value-type.ts'

/** A value as its column's type has it. JSON is its text. */
export type TypedValue = number | boolean | Date | string | null

/** Finer times than a millisecond would lose digits. */
const finerThanMilliseconds = /\.\d{3}\d*[1-9]/

/**
 * What a cell's value is in a column of that type. Text columns take everything, as the CSV prints it. Blank values fit
 * everywhere, and so does a text that is a number or a time written without loss.
 * @param zone of times without an offset
 * @returns undefined for a value that does not fit
 */
export function typedValue(value: unknown, type: ValueType, zone: TimeZone): TypedValue | undefined {
  if (value === null || value === undefined) return null
  switch (type) {
    case 'text':
      return plainText(value)
    case 'json':
      return JSON.stringify(value)
    case 'number':
      return numberIn(value)
    case 'boolean':
      return value === '' ? null : typeof value === 'boolean' ? value : undefined
    case 'dateTime':
      return instantIn(value, zone)
  }
}

/** A value as the CSV prints it. */
export function plainText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Some components keep a number as text; `007` and `1.50` say more than their number does. */
function numberIn(value: unknown): number | null | undefined {
  if (typeof value === 'number') return value
  if (value === '') return null
  const number = typeof value === 'string' ? Number(value) : Number.NaN
  return Number.isFinite(number) && String(number) === value ? number : undefined
}

function instantIn(value: unknown, zone: TimeZone): Date | null | undefined {
  if (value instanceof Date) return value
  if (value === '') return null
  if (typeof value !== 'string' || finerThanMilliseconds.test(value)) return undefined
  return parseInstant(value, 'first', zone)
}
