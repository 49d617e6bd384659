import type { Field } from '../validation/field.ts'
import { type PlainPattern, plainPattern } from './plain-pattern.ts'

/** The number in a rule; builders store some as texts. */
export function numberOf({ component }: Field, rule: string): number | undefined {
  const setting = component.validate[rule]
  const number = typeof setting === 'string' && setting.trim() !== '' ? Number(setting) : setting
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** How many characters, or rows, an answer may have. */
export function lengthsOf(field: Field): { minLength?: number; maxLength?: number } {
  const [least, most] = [numberOf(field, 'minLength'), numberOf(field, 'maxLength')].map(asLength)
  // A rule that nothing can fulfil is the author's mistake; a schema of it would only hide that.
  if (least !== undefined && most !== undefined && least > most) return {}
  return { ...(least ? { minLength: least } : {}), ...(most ? { maxLength: most } : {}) }
}

/** The pattern that an answer must match, where it is plain. */
export function patternOf({ component }: Field): PlainPattern | undefined {
  const { pattern } = component.validate
  return typeof pattern === 'string' ? plainPattern(pattern) : undefined
}

function asLength(number: number | undefined): number | undefined {
  return number !== undefined && Number.isSafeInteger(number) && number > 0 ? number : undefined
}
