/** What an expression gives. */
export type ExpressionType = 'boolean' | 'date' | 'dateTime' | 'guid' | 'number' | 'string'

type Signature = { takes: ExpressionType[]; gives: ExpressionType }

const ofInstant: Signature = { takes: ['dateTime'], gives: 'number' }
const ofNumber: Signature = { takes: ['number'], gives: 'number' }
const ofText: Signature = { takes: ['string'], gives: 'string' }
const ofTwo = (gives: ExpressionType): Signature => ({ takes: ['string', 'string'], gives })

/** The functions of OData 4.0 that are offered (URL conventions §5.1.1.4). */
export const signatures = {
  contains: ofTwo('boolean'),
  startswith: ofTwo('boolean'),
  endswith: ofTwo('boolean'),
  length: { takes: ['string'], gives: 'number' },
  indexof: ofTwo('number'),
  tolower: ofText,
  toupper: ofText,
  trim: ofText,
  concat: ofTwo('string'),
  year: ofInstant,
  month: ofInstant,
  day: ofInstant,
  hour: ofInstant,
  minute: ofInstant,
  second: ofInstant,
  date: { takes: ['dateTime'], gives: 'date' },
  now: { takes: [], gives: 'dateTime' },
  round: ofNumber,
  floor: ofNumber,
  ceiling: ofNumber,
} as const satisfies Record<string, Signature>

export type FunctionName = keyof typeof signatures
export const functionNames: readonly string[] = Object.keys(signatures)

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(signatures, name)
}
