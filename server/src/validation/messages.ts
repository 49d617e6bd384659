import { interpolateErrors, registerEvaluator } from '@formio/core'
import type { FieldError as LibraryError } from '@formio/core/error'
import { DefaultEvaluator } from '@formio/core/utils'
import { ownValue } from './answers.ts'
import type { Field } from './field.ts'

const maxTemplateLength = 1_000
const maxLabelLength = 200

/**
 * Takes the library's place for templates and scripts. Its own template code follows any path, `constructor` too,
 * and calls what it finds there, so that a label could reach `Function`; ours looks up own properties and calls nothing.
 */
class InertEvaluator extends DefaultEvaluator {
  override evaluate(): null {
    return null
  }
  override interpolate(template: unknown, context: unknown): string {
    return fill(template, context)
  }
  override interpolateString(template: unknown, context: unknown): string {
    return fill(template, context)
  }
}

/** Must run before the library checks anything. */
export function disarmLibrary(): void {
  registerEvaluator(new InertEvaluator({ noeval: true }))
}

function fill(template: unknown, context: unknown): string {
  if (typeof template !== 'string') return ''
  return template.slice(0, maxTemplateLength).replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, path: string) => {
    const value = ownValue(context, path.split('.'))
    return typeof value === 'object' || value === undefined ? '' : String(value)
  })
}

/** The name people know a field by. */
export function labelOf({ component }: Field): string {
  const named = [component.errorLabel, component.label, component.placeholder].find(
    (name) => typeof name === 'string' && name !== '',
  )
  const text = String(named ?? component.key)
    .slice(0, maxLabelLength)
    .replace(/<[^>]*>/g, '')
    .trim()
  return text === '' ? component.key : text
}

/** The sentence for an error of the library: the author's own words, or the library's with the label filled in. */
export function messageOf(error: LibraryError, field: Field): string {
  const own: string[] = ['custom', 'jsonLogic']
  if (own.includes(error.errorKeyOrMessage)) return `${labelOf(field)} is not valid.`
  const [message] = interpolateErrors([
    { ...error, context: { ...error.context, field: labelOf(field), label: labelOf(field) } } as never,
  ]) // same shape, other label
  return typeof message?.message === 'string' && message.message !== ''
    ? message.message
    : `${labelOf(field)} is not valid.`
}
