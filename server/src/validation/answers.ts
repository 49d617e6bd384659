import type { Expected } from './component-types.ts'
import { isRecord } from './definition.ts'
import type { Field } from './field.ts'

/** The own property of an answer; never one that JavaScript's objects inherit. */
export function ownValue(holder: unknown, keys: readonly (string | number)[]): unknown {
  let value = holder
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    // The key is its own property, so indexing is safe whatever the object is.
    value = (value as Record<string | number, unknown>)[key]
  }
  return value
}

/** What a form leaves when nothing was filled in; `required` is about these, types are not. */
export const isBlank = (value: unknown): boolean => value === undefined || value === null || value === ''

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null
const isNumeric = (value: unknown): boolean =>
  typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
const isMasked = (value: unknown): boolean => isScalar(value) || (isRecord(value) && isScalar(value.value))

const fits: Record<Expected, (value: unknown) => boolean> = {
  any: () => true,
  scalar: isScalar,
  text: (value) => typeof value === 'string',
  maskedText: isMasked,
  number: (value) => typeof value === 'number',
  numberOrText: (value) => typeof value === 'number' || isNumeric(value),
  boolean: (value) => typeof value === 'boolean',
  boxes: (value) => isRecord(value) && Object.values(value).every((box) => isBlank(box) || typeof box === 'boolean'),
  choice: (value) => !Array.isArray(value),
  map: isRecord,
  rows: (value) => Array.isArray(value) && value.every((row) => row === null || isRecord(row)),
  file: (value) => Array.isArray(value) && value.every((file) => file === null || isRecord(file)),
  tags: (value) => typeof value === 'string' || (Array.isArray(value) && value.every(isScalar)),
}

const wanted: Record<Expected, string> = {
  any: 'valid',
  scalar: 'a text',
  text: 'a text',
  maskedText: 'a text',
  number: 'a number',
  numberOrText: 'a number',
  boolean: 'true or false',
  boxes: 'an object of true and false',
  choice: 'a single choice',
  map: 'an object',
  rows: 'a list of rows',
  file: 'a list of files',
  tags: 'a list of texts',
}

/** Says what is wrong with the JSON type of an answer, or nothing. Blank answers are of every type. */
export function typeComplaint(field: Field, value: unknown): string | undefined {
  const expected = expectedAnswer(field)
  if (isBlank(value) || expected === 'any') return undefined
  if (!isList(field)) return fits[expected](value) ? undefined : `must be ${wanted[expected]}`
  if (!Array.isArray(value)) return 'must be a list'
  return value.every((item) => isBlank(item) || fits[expected](item))
    ? undefined
    : `must be a list, each item ${wanted[expected]}`
}

/** What JSON an answer must be, with the settings that change what its type expects. */
export function expectedAnswer({ component, expected }: Field): Expected {
  if (component.type === 'textfield' || component.type === 'phoneNumber')
    return component.allowMultipleMasks ? 'maskedText' : 'scalar'
  // A text area may edit JSON, and a radio button or a checkbox in a group carries its option's value.
  if (component.type === 'textarea' && component.as === 'json') return 'any'
  if (component.type === 'radio' && component.dataSrc === 'url') return 'any'
  if (component.type === 'checkbox' && component.inputType === 'radio') return 'scalar'
  return expected ?? 'any'
}

/** Whether the component takes several answers. A grid's, a file's and tags' list is their single answer. */
export function isList({ component, expected }: Field): boolean {
  return component.multiple === true && expected !== 'rows' && expected !== 'file' && expected !== 'tags'
}
