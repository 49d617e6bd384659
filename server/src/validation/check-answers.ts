import { ownValue, typeComplaint } from './answers.ts'
import { type Conditions, type Held, isShown } from './conditions.ts'
import { isRecord } from './definition.ts'
import type { Field } from './field.ts'
import { effectsOf } from './logic.ts'
import { labelOf } from './messages.ts'
import { type Path, type Place, showPath } from './place.ts'
import { checkRules } from './rules.ts'
import { Findings, type Verdict } from './verdict.ts'

type Check = Conditions & { findings: Findings; draft: boolean }

/** Checks one submission's answers. They are only read. A draft is checked for the types of its answers alone. */
export function checkAnswers(conditions: Conditions, answers: unknown, draft: boolean): Verdict {
  const check: Check = { ...conditions, findings: new Findings(), draft }
  const here: Place = { data: answers, row: answers, rowPath: [], rowOf: new Map() }
  visitAll(check, conditions.form.fields, here)
  return check.findings.verdict()
}

function visitAll(check: Check, fields: Field[], here: Place): void {
  for (const field of fields) {
    if (check.findings.isFull) return
    visit(check, field, here)
  }
}

/** Below a hidden component nothing is checked, nor where the server cannot tell whether it is hidden. */
function visit(check: Check, field: Field, here: Place): void {
  if (field.nature === 'content') return
  const { component } = field
  const effects = component.logic ? effectsOf(check, field, here) : {}
  const shown = shownWith(effects.hidden ?? component.hidden === true, effects.unknown, isShown(check, field, here))
  if (shown.kind === 'unknown') check.findings.skip(field.path, shown.rule, shown.reason)
  if (shown.kind !== 'yes' && !(shown.kind === 'no' && component.validateWhenHidden)) return
  checkShown(check, effects.required === undefined ? field : asRequired(field, effects.required), here)
}

function shownWith(hidden: boolean, unknown: { rule: string; reason: string } | undefined, shown: Held): Held {
  if (hidden) return { kind: 'no' }
  return unknown && shown.kind === 'yes' ? { kind: 'unknown', ...unknown } : shown
}

function checkShown(check: Check, field: Field, here: Place): void {
  if (field.nature === 'layout') visitAll(check, field.children, here)
  else checkAnswer(check, field, here)
}

function checkAnswer(check: Check, field: Field, here: Place): void {
  if (field.keyPath.length === 0 || field.component.input === false) return
  const value = ownValue(here.row, field.keyPath)
  const path: Path = [...here.rowPath, ...field.keyPath]
  const complaint = typeComplaint(field, value)
  if (complaint) {
    check.findings.refuse(showPath(path), field.component.key, `${labelOf(field)} ${complaint}.`)
    return
  }
  if (!check.draft && !isUnstored(field)) checkRules(check, { field, value, path, here })
  visitInside(check, field, value, path, here)
}

/** What the form does not keep is not asked for. */
export function isUnstored({ component }: Field): boolean {
  return !component.protected && (component.persistent === false || component.persistent === 'client-only')
}

function visitInside(check: Check, field: Field, value: unknown, path: Path, here: Place): void {
  if (field.nature === 'object') visitAll(check, field.children, { ...here, row: value, rowPath: path })
  // A nested form that was not sent was not opened; one that was is checked by the components that came with it.
  if (field.nature === 'form' && isRecord(value) && isRecord(value.data))
    visitAll(check, field.children, { ...here, row: value.data, rowPath: [...path, 'data'] })
  if (field.nature === 'rows' && Array.isArray(value)) visitRows(check, field, value, path, here)
}

function visitRows(check: Check, field: Field, rows: unknown[], path: Path, here: Place): void {
  for (const [index, row] of rows.entries()) {
    if (check.findings.isFull) return
    if (!isRecord(row)) continue
    visitAll(check, field.children, {
      ...here,
      row,
      rowPath: [...path, index],
      rowOf: new Map(here.rowOf).set(field, index),
    })
  }
}

function asRequired(field: Field, required: boolean): Field {
  return { ...field, component: { ...field.component, validate: { ...field.component.validate, required } } }
}
