import type { Expected, Nature } from './component-types.ts'
import { expectedOf, natureOf, standardType } from './component-types.ts'
import { type Component, childrenOf, isRecord } from './definition.ts'

/** One component of a definition, made ready for validation once and used for every submission. */
export type Field = {
  component: Component & { type: string; key: string; validate: Record<string, unknown> }
  nature: Nature
  expected: Expected | undefined
  /** Where the answer lies below the nearest container or row. */
  keyPath: string[]
  /** The keys down from the submission's data without row numbers, as a condition names it. */
  path: string
  parent: Field | undefined
  children: Field[]
}

export type Form = {
  fields: Field[]
  byPath: Map<string, Field>
  byKey: Map<string, Field>
  schema: Record<string, unknown>
}

/** Lays a definition out as fields. It has passed `checkDefinition`. */
export function layOut(schema: Record<string, unknown>): Form {
  const form: Form = { fields: [], byPath: new Map(), byKey: new Map(), schema }
  form.fields = childrenOf(schema).map((component) => fieldOf(form, component, undefined))
  return form
}

function fieldOf(form: Form, raw: Component, parent: Field | undefined): Field {
  const component = standardised(raw)
  const nature = component.type === '' ? 'layout' : natureOf(component.type, raw)
  const above = parent?.path ?? ''
  const path = holdsNothing(nature) || component.key === '' ? above : [above, component.key].filter(Boolean).join('.')
  const keyPath = component.key === '' ? [] : component.key.split('.')
  const field: Field = { component, nature, expected: expectedOf(component.type), keyPath, path, parent, children: [] }
  if (!holdsNothing(nature) && !form.byPath.has(path)) form.byPath.set(path, field)
  if (!holdsNothing(nature) && !form.byKey.has(component.key)) form.byKey.set(component.key, field)
  // An address's own components are its parts; the address is checked as a whole.
  field.children =
    nature === 'value' || nature === 'content' ? [] : childrenOf(raw).map((child) => fieldOf(form, child, field))
  return field
}

const holdsNothing = (nature: Nature): boolean => nature === 'layout' || nature === 'content'

/**
 * A copy under its standard type, with unset settings left out: builders store `"max": null` for "no maximum", and
 * the library's rule would compare with it.
 */
function standardised(raw: Component): Field['component'] {
  const type = standardType(typeof raw.type === 'string' ? raw.type : '')
  const key = typeof raw.key === 'string' ? raw.key : ''
  const settings = Object.entries(isRecord(raw.validate) ? raw.validate : {})
  const validate = Object.fromEntries(settings.filter(([, setting]) => setting !== null && setting !== ''))
  const { modelType: _modelType, scope: _scope, ...rest } = raw
  return { ...rest, type, key, validate }
}
