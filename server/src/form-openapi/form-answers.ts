import { isUnstored } from '../validation/check-answers.ts'
import { isRecord } from '../validation/definition.ts'
import type { Field } from '../validation/field.ts'
import { unspeakableKey } from './options.ts'

/** A field that has an answer, and whether its rules hold for certain: no condition decides whether it is shown. */
export type Answer = { field: Field; certain: boolean }

/** Longer paths exist in no form that a person made; each key makes a level of the schema. */
const keysMax = 64

/** The fields that have an answer right below some object of answers, those within panels and columns too. */
export function* answersIn(fields: Field[], certain: boolean): Generator<Answer> {
  for (const field of fields) {
    const sure = certain && isSurelyShown(field)
    if (field.nature === 'content') continue
    if (field.nature === 'layout') yield* answersIn(field.children, sure)
    else if (hasAnswer(field)) yield { field, certain: sure }
  }
}

/** Whether a submission without this answer is refused, as far as the definition alone can tell. */
export function isRequired({ field, certain }: Answer): boolean {
  if (!certain || isUnstored(field)) return false
  // An object that holds something required is missed with it. A nested form is not asked for until it was opened.
  return field.component.validate.required === true || (field.nature === 'object' && asksBelow(field, certain))
}

function asksBelow(field: Field, certain: boolean): boolean {
  for (const answer of answersIn(field.children, certain)) if (isRequired(answer)) return true
  return false
}

function hasAnswer({ component, keyPath }: Field): boolean {
  const named = keyPath.length > 0 && keyPath.length <= keysMax && !keyPath.includes(unspeakableKey)
  return named && component.input !== false
}

function isSurelyShown({ component }: Field): boolean {
  const { conditional, customConditional, hidden, logic } = component
  if (hidden === true || (Array.isArray(logic) && logic.length > 0)) return false
  if (typeof customConditional === 'string' && customConditional.trim() !== '') return false
  if (!isRecord(conditional)) return true
  const { when, conditions, json } = conditional
  return isNothing(when) && isNothing(json) && (!Array.isArray(conditions) || conditions.length === 0)
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === ''
