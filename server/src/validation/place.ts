import { ownValue } from './answers.ts'
import type { Field, Form } from './field.ts'

export type Path = readonly (string | number)[]

/** Where in the answers a check stands: the row or container around it, and the number of each grid's row. */
export type Place = {
  data: unknown
  row: unknown
  rowPath: Path
  rowOf: ReadonlyMap<Field, number>
}

/** `children[0].age`: how a path is shown to people and programs. */
export function showPath(path: Path): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('')
}

/** The number of the nearest row around. */
export function rowIndexOf({ rowPath }: Place): number | undefined {
  return rowPath.findLast((key): key is number => typeof key === 'number')
}

export type Looked = { kind: 'found'; value: unknown; target: Field | undefined } | { kind: 'ambiguous' }

/** The answer that a condition names, seen from a place: in the same row where both are in one grid. */
export function lookUp(form: Form, name: string, here: Place): Looked {
  const target = form.byPath.get(name) ?? form.byKey.get(name)
  if (target) return answerOf(target, here)
  const dot = name.lastIndexOf('.')
  const boxes = dot > 0 ? form.byPath.get(name.slice(0, dot)) : undefined
  if (boxes?.component.type !== 'selectboxes')
    return { kind: 'found', value: ownValue(here.data, name.split('.')), target: undefined }
  const answer = answerOf(boxes, here)
  return answer.kind === 'found'
    ? { ...answer, value: ownValue(answer.value, [name.slice(dot + 1)]), target: undefined }
    : answer
}

function answerOf(target: Field, here: Place): Looked {
  const path = pathTo(target, here)
  return path === undefined ? { kind: 'ambiguous' } : { kind: 'found', value: ownValue(here.data, path), target }
}

function pathTo(target: Field, here: Place): Path | undefined {
  const above = target.parent ? pathInside(target.parent, here) : []
  return above && [...above, ...target.keyPath]
}

function pathInside(field: Field, here: Place): Path | undefined {
  if (field.nature === 'layout' || field.nature === 'content') return field.parent ? pathInside(field.parent, here) : []
  const path = pathTo(field, here)
  if (path === undefined || field.nature === 'object') return path
  if (field.nature === 'form') return [...path, 'data']
  const row = here.rowOf.get(field)
  return row === undefined ? undefined : [...path, row]
}
