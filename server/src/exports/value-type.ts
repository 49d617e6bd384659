import { expectedOf } from '../validation/component-types.ts'
import type { Component } from '../validation/definition.ts'

/**
 * What a definition promises of a column's values. Whoever writes typed data must still look at each value: a program may
 * have sent anything to a form whose answers were not checked, and versions may disagree.
 *
 * `dateTime` is a text of ISO 8601; `json` is anything, lists and objects too.
 */
export type ValueType = 'text' | 'number' | 'boolean' | 'dateTime' | 'json'

/** @param type the component's standard type */
export function valueTypeOf(type: string, component: Component): ValueType {
  if (component.multiple === true) return 'json'
  switch (expectedOf(type)) {
    case 'number':
    case 'numberOrText':
      return 'number'
    case 'boolean':
      // A checkbox that is drawn as a radio button holds its value's text.
      return component.inputType === 'radio' ? 'text' : 'boolean'
    case 'boxes':
      return 'boolean'
    case 'scalar':
    case 'choice':
    case 'maskedText':
      return component.dataType === 'object' ? 'json' : 'text'
    case 'text':
      return type === 'datetime' ? 'dateTime' : 'text'
    default:
      return type === 'survey' ? 'text' : 'json'
  }
}

/** What holds the values of both. */
export function widened(one: ValueType, other: ValueType): ValueType {
  if (one === other) return one
  return one === 'json' || other === 'json' ? 'json' : 'text'
}
