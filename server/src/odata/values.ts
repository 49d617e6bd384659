import type { ValueType } from '../exports/value-type.ts'

/** What a value becomes that its property cannot show. */
export const misfit: unique symbol = Symbol('misfit')

/**
 * PostgreSQL reads the same patterns when it filters, so that what is shown and what is found agree. A number is read from
 * text too, as form.io's currency fields write it. (PostgreSQL repeats nothing more than 255 times.)
 */
export const numberPattern = '^ *[-+]?([0-9]{1,250}(\\.[0-9]{0,250})?|\\.[0-9]{1,250})([eE][-+]?[0-9]{1,2})? *$'
/** A date, or a date-time with or without seconds and offset, of the years 1000 to 9999. */
export const instantPattern =
  '^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?)?$'

const number = new RegExp(numberPattern)
const instant = new RegExp(instantPattern)

/** An answer as its property shows it: a JSON value of the property's type, null where there is none, or `misfit`. */
export function fitted(value: unknown, type: ValueType): string | number | boolean | null | typeof misfit {
  if (value === undefined || value === null) return null
  if (type === 'json') return jsonText(value)
  if (type === 'text') return typeof value === 'object' ? misfit : String(value)
  if (value === '') return null
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : misfit
    case 'number':
      return numberIn(value)
    case 'dateTime':
      return typeof value === 'string' ? (instantText(value) ?? misfit) : misfit
  }
}

function numberIn(value: unknown): number | typeof misfit {
  if (typeof value === 'number') return Number.isFinite(value) ? value : misfit
  return typeof value === 'string' && number.test(value) ? Number(value) : misfit
}

/**
 * A date-time as Edm.DateTimeOffset writes it (OData 4.0 ABNF, dateTimeOffsetValue). Without an offset it is meant in UTC;
 * a date alone is its first moment.
 * @returns undefined when it is none
 */
export function instantText(text: string): string | undefined {
  const match = instant.exec(text)
  if (!match || !isDay(text.slice(0, 10))) return undefined
  if (match[3] === undefined) return `${text}T00:00:00Z`
  const offset = match[7] ?? 'Z'
  const clock = match[7] === undefined ? text : text.slice(0, -match[7].length)
  return `${clock}${match[5] === undefined ? ':00' : ''}${offset}`
}

/** JavaScript turns 30 February into 1 March. */
function isDay(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date)
}

/** JSON text with a space after each comma and colon, as PostgreSQL writes it, so that a filter finds what is shown. */
export function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const members = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${jsonText(each)}`)
  return `{${members.join(', ')}}`
}
