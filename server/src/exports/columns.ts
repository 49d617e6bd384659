import { natureOf, standardType } from '../validation/component-types.ts'
import { type Component, childrenOf, isRecord, maxDepth } from '../validation/definition.ts'
import { type ValueType, valueTypeOf, widened } from './value-type.ts'

/** A column of answers: where its value lies below a submission's data, or below a row of each grid on the way. */
export type AnswerColumn = { path: string[]; label: string; type: string; valueType: ValueType }

/** `form` is the metadata's name in an export; an answer of that key gets this one, in JSON as in CSV. */
export const formAnswerKey = 'data.form'

/** What one version, or several merged, say about the shape of an export. */
export type Design = {
  columns: AnswerColumn[]
  /** The dotted paths at which a list of rows stands. */
  grids: ReadonlySet<string>
  /** What the grids are called, by the same paths. */
  gridLabels: ReadonlyMap<string, string>
  /** The top-level keys that need no column of their own: those of the columns and of buttons. */
  keys: ReadonlySet<string>
}

type Found = { columns: AnswerColumn[]; grids: Map<string, string>; buttons: Set<string> }
type Place = { path: string[]; depth: number }

/**
 * The columns that a form.io definition gives an export, in design order: hidden inputs too, since their answers count.
 * Select boxes and surveys have one column for each of their known options or questions.
 */
export function designOf(schema: unknown): Design {
  const found: Found = { columns: [], grids: new Map(), buttons: new Set() }
  for (const component of isRecord(schema) ? childrenOf(schema) : []) collect(found, component, { path: [], depth: 1 })
  return toDesign(found.columns, found.grids, found.buttons)
}

/**
 * Merges the designs of several versions. The newest one's order stays as it is; a column that only older versions have
 * takes its place right after the column that it followed there. Each path comes once, with a type that holds the values
 * of all versions.
 */
export function mergeDesigns(newestFirst: Design[]): Design {
  const known = new Map<string, AnswerColumn>()
  const followers = new Map<string, AnswerColumn[]>()
  for (const { columns } of newestFirst) {
    let previous = start
    for (const column of columns) {
      const id = idOf(column)
      const newer = known.get(id)
      if (newer) newer.valueType = widened(newer.valueType, column.valueType)
      else {
        const merged = { ...column }
        known.set(id, merged)
        followers.set(previous, [merged, ...(followers.get(previous) ?? [])])
      }
      previous = id
    }
  }
  // Newest last, so that its labels stay.
  const grids = new Map(newestFirst.toReversed().flatMap((design) => [...design.gridLabels]))
  return toDesign(inOrder(followers), grids, union(newestFirst.map(({ keys }) => keys)))
}

const start = ''
const idOf = (column: AnswerColumn): string => JSON.stringify(column.path)

/** Each column, then those that follow it. A stack of our own: a form has up to 20,000 columns, one after another. */
function inOrder(followers: ReadonlyMap<string, AnswerColumn[]>): AnswerColumn[] {
  const after = (id: string) => (followers.get(id) ?? []).toReversed()
  const ordered: AnswerColumn[] = []
  const next = after(start)
  for (let column = next.pop(); column; column = next.pop()) {
    ordered.push(column)
    next.push(...after(idOf(column)))
  }
  return ordered
}

function toDesign(columns: AnswerColumn[], gridLabels: Map<string, string>, keys: Set<string>): Design {
  const own = columns.map(({ path }) => path[0] ?? '')
  const grids = new Set(gridLabels.keys())
  return {
    columns,
    grids,
    gridLabels,
    keys: new Set([...keys, ...own, ...(own.includes(formAnswerKey) ? ['form'] : [])]),
  }
}

function union(sets: ReadonlySet<string>[]): Set<string> {
  return new Set(sets.flatMap((set) => [...set]))
}

function collect(found: Found, component: Component, place: Place): void {
  if (place.depth > maxDepth) return
  const type = standardType(typeof component.type === 'string' ? component.type : '')
  const nature = natureOf(type, component)
  const key = typeof component.key === 'string' ? component.key : ''
  if (nature === 'content') {
    if (key !== '' && place.path.length === 0) found.buttons.add(key)
    return
  }
  const path = nature === 'layout' || key === '' ? place.path : pathBelow(place.path, key)
  if (nature === 'value') {
    if (key !== '' && component.input !== false) found.columns.push(...columnsOf(component, type, path))
    return
  }
  if (nature === 'rows') found.grids.set(path.join('.'), labelOf(component, path))
  const inner = { path: nature === 'form' ? [...path, 'data'] : path, depth: place.depth + 1 }
  for (const child of childrenOf(component)) collect(found, child, inner)
}

function pathBelow(path: string[], key: string): string[] {
  const keys = key.split('.')
  if (path.length === 0 && keys[0] === 'form') keys[0] = formAnswerKey
  return [...path, ...keys]
}

function columnsOf(component: Component, type: string, path: string[]): AnswerColumn[] {
  const label = labelOf(component, path)
  const parts = partsOf(type, component)
  const valueType = valueTypeOf(type, component)
  if (parts.length === 0) return [{ path, label, type, valueType: hasParts(type) ? 'json' : valueType }]
  return parts.map((part) => ({ path: [...path, part.value], label: `${label}: ${part.label}`, type, valueType }))
}

function labelOf({ label }: Component, path: string[]): string {
  return typeof label === 'string' && label !== '' ? label : (path.at(-1) ?? '')
}

function hasParts(type: string): boolean {
  return type === 'survey' || type === 'selectboxes'
}

type Part = { value: string; label: string }

/** The members that the answer of a component can have, when its definition tells them. */
function partsOf(type: string, component: Component): Part[] {
  if (type === 'survey') return partsIn(component.questions)
  const listed = component.dataSrc === undefined || component.dataSrc === 'values'
  return type === 'selectboxes' && listed ? partsIn(component.values) : []
}

function partsIn(options: unknown): Part[] {
  const records = Array.isArray(options) ? options.filter(isRecord) : []
  const parts = records.flatMap(({ value, label }) =>
    typeof value === 'string' && value !== ''
      ? [{ value, label: typeof label === 'string' && label !== '' ? label : value }]
      : [],
  )
  const first = new Map<string, Part>()
  for (const part of parts) if (!first.has(part.value)) first.set(part.value, part)
  return [...first.values()]
}
