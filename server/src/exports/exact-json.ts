/** A number of JSON text that JavaScript's numbers cannot hold. `JSON.stringify` prints its digits as they were sent. */
export type ExactNumber = { readonly rawJSON: string }

/** ECMAScript's "JSON.parse source text access", which TypeScript's library does not describe yet. */
type SourceTextJson = {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown
  rawJSON(text: string): ExactNumber
  isRawJSON(value: unknown): value is ExactNumber
}
// Node 24 has these members; only their types are missing.
const json = JSON as unknown as SourceTextJson

/** Fifteen digits always fit into a double; with a point they are sixteen characters. */
const digitsMax = 16
const longNumber = /[\d.]{16}/

/**
 * JSON text as values that lose no digit: PostgreSQL keeps numbers as long as they were sent, JavaScript rounds them.
 * Such numbers become `ExactNumber`; everything else is what JSON.parse gives.
 */
export function parseExactly(text: string): unknown {
  if (!mayBeInexact(text)) return JSON.parse(text)
  return json.parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && !isExact(value, source) ? json.rawJSON(source) : value,
  )
}

/** So many digits in a row cover one of these places, so most characters need no look. */
function mayBeInexact(text: string): boolean {
  for (let place = digitsMax - 1; place < text.length; place += digitsMax) {
    const code = text.charCodeAt(place)
    const inNumber = code === 0x2e || (code >= 0x30 && code <= 0x39)
    if (inNumber && longNumber.test(text.slice(place - digitsMax + 1, place + digitsMax))) return true
  }
  return false
}

export function isExactNumber(value: unknown): value is ExactNumber {
  return json.isRawJSON(value)
}

function isExact(value: number, source: string): boolean {
  return Number.isFinite(value) && digitsOf(String(value)) === digitsOf(source)
}

/** The digits that count. Both texts are of nearly the same size, so their exponents say nothing more. */
function digitsOf(number: string): string {
  return number
    .replace(/e.*$/i, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '')
}
