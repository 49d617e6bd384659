import { type Conditions, type Held, heldByLogic, heldByRule, heldByScript } from './conditions.ts'
import { isRecord } from './definition.ts'
import type { Field } from './field.ts'
import type { Place } from './place.ts'

/** What a component's logic changes about its validation at a place. */
export type Effects = { hidden?: boolean; required?: boolean; unknown?: { rule: string; reason: string } }

/** Follows the `logic` of a component as far as it decides whether and how its answer is checked. */
export function effectsOf(context: Conditions, field: Field, here: Place): Effects {
  const { logic } = field.component
  const effects: Effects = {}
  for (const entry of Array.isArray(logic) ? logic.filter(isRecord) : []) {
    const actions = Array.isArray(entry.actions) ? entry.actions.filter(isRecord).filter(matters) : []
    if (actions.length === 0) continue
    const triggered = isTriggered(context, entry.trigger, field, here)
    if (triggered.kind === 'unknown') effects.unknown = { rule: 'logic', reason: triggered.reason }
    else if (triggered.kind === 'yes') for (const action of actions) apply(effects, action)
  }
  return effects
}

/** Actions on values and labels change nothing about what was sent. */
function matters(action: Record<string, unknown>): boolean {
  if (action.type === 'mergeComponentSchema') return true
  return action.type === 'property' && ['hidden', 'validate.required'].includes(propertyOf(action))
}

function propertyOf(action: Record<string, unknown>): string {
  return isRecord(action.property) && typeof action.property.value === 'string' ? action.property.value : ''
}

function apply(effects: Effects, action: Record<string, unknown>): void {
  const state = action.state === true || action.state === 'true'
  if (action.type !== 'property') effects.unknown = { rule: 'logic', reason: 'it rewrites the component by a script' }
  else if (propertyOf(action) === 'hidden') effects.hidden = state
  else effects.required = state
}

function isTriggered(context: Conditions, trigger: unknown, field: Field, here: Place): Held {
  if (!isRecord(trigger)) return { kind: 'no' }
  if (trigger.type === 'simple' && isRecord(trigger.simple)) return heldByRule(context, trigger.simple, field, here)
  if (trigger.type === 'json' && isRecord(trigger.json)) return heldByLogic(context, trigger.json, field, here)
  if (trigger.type === 'javascript' && typeof trigger.javascript === 'string')
    return heldByScript(context, trigger.javascript, 'result', field, here)
  return { kind: 'no' }
}
