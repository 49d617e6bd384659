import { checkSimpleConditional } from '@formio/core/utils'
import { isRecord } from './definition.ts'
import type { Expressions, Scope } from './expressions.ts'
import type { Field, Form } from './field.ts'
import { lookUp, type Place, rowIndexOf } from './place.ts'

/** Whether a condition holds; `unknown` when the server cannot tell, with the rule that is skipped for it. */
export type Held = { kind: 'yes' } | { kind: 'no' } | { kind: 'unknown'; rule: string; reason: string }

export type Conditions = { form: Form; expressions: Expressions }

const held = (value: unknown): Held => ({ kind: value ? 'yes' : 'no' })
const elsewhere: Held = { kind: 'unknown', rule: 'conditional', reason: 'it looks at a row of another grid' }

/** Whether a component is shown, by its own conditions only. */
export function isShown(context: Conditions, field: Field, here: Place): Held {
  const { component } = field
  const conditional = component.conditional
  const script = component.customConditional
  const byScript: Held =
    typeof script === 'string' && script.trim() !== '' ? heldByScript(context, script, 'show', field, here) : held(true)
  if (byScript.kind === 'no') return byScript
  const byRule = isRecord(conditional) ? heldByRule(context, conditional, field, here) : held(true)
  return byRule.kind === 'yes' ? byScript : byRule
}

/** The conditional forms without a script: JSON logic, the old `when`, and the list of conditions. */
export function heldByRule(context: Conditions, rule: Record<string, unknown>, field: Field, here: Place): Held {
  if (Array.isArray(rule.conditions) && rule.conjunction) return heldByList(context, rule, rule.conditions, here)
  if (typeof rule.when === 'string' && rule.when !== '') return heldByWhen(context, rule.when, rule, here)
  if (isRecord(rule.json)) return heldByLogic(context, rule.json, field, here)
  return held(true)
}

function heldByWhen({ form }: Conditions, when: string, rule: Record<string, unknown>, here: Place): Held {
  const looked = lookUp(form, when, here)
  if (looked.kind === 'ambiguous') return elsewhere
  const { value } = looked
  const wanted = String(rule.eq)
  const show = String(rule.show)
  if (isRecord(value) && Object.hasOwn(value, wanted)) return held(String(value[wanted]) === show)
  if (Array.isArray(value) && value.map(String).includes(wanted)) return held(show === 'true')
  return held((String(value) === wanted) === (show === 'true'))
}

function heldByList(context: Conditions, rule: Record<string, unknown>, conditions: unknown[], here: Place): Held {
  const results = conditions.filter(isRecord).flatMap((condition) => heldByOne(context, condition, here))
  if (results.length === 0) return held(true)
  const unknown = results.find((result) => typeof result !== 'boolean')
  if (unknown) return unknown
  const result = rule.conjunction === 'any' ? results.includes(true) : !results.includes(false)
  return held(rule.show === false || rule.show === 'false' ? !result : result)
}

/**
 * One comparison by the library's own operators. It would search the whole form and all rows for the value each
 * time; given a form of one component and its value, it does not.
 */
function heldByOne({ form }: Conditions, condition: Record<string, unknown>, here: Place): (boolean | Held)[] {
  if (typeof condition.component !== 'string' || condition.component === '') return []
  const looked = lookUp(form, condition.component, here)
  if (looked.kind === 'ambiguous') return [elsewhere]
  const probe = {
    ...(looked.target?.component ?? { type: 'hidden' }),
    components: undefined,
    columns: undefined,
    rows: undefined,
  }
  const rule = { conjunction: 'all', show: true, conditions: [{ ...condition, component: 'probe' }] }
  const context = {
    form: { components: [{ ...probe, key: 'probe', modelType: 'any' }] },
    data: { probe: looked.value },
    component: probe,
  }
  // The library's context wants a whole processor's state, of which the operators look at these three.
  return [Boolean(checkSimpleConditional(rule as never, context as never))]
}

/** Conditions and triggers in JavaScript. */
export function heldByScript(
  { expressions }: Conditions,
  code: string,
  result: 'show' | 'result',
  field: Field,
  here: Place,
): Held {
  const outcome = expressions.script(code, result, scopeOf(field, here, undefined))
  if (outcome.kind === 'failed') return { kind: 'unknown', rule: 'customConditional', reason: outcome.reason }
  return held(outcome.value === null || outcome.value)
}

/** Conditions and triggers in JSON logic. */
export function heldByLogic({ expressions }: Conditions, logic: unknown, field: Field, here: Place): Held {
  const outcome = expressions.jsonLogic(logic, scopeOf(field, here, undefined))
  if (outcome.kind === 'failed') return { kind: 'unknown', rule: 'conditional', reason: outcome.reason }
  return held(outcome.value === null || outcome.value)
}

/** What an expression of a field may look at. */
export function scopeOf(field: Field, here: Place, value: unknown): Scope {
  return { rowPath: [...here.rowPath], value, rowIndex: rowIndexOf(here), component: field.component }
}
