import { isUuid } from '../http/uuid.ts'
import { type EntityType, type Model, navigationNamed } from './model.ts'

/** A submission, or one of its rows by the numbers from 1 that lead to it. */
export type Place = { submissionId: string; rows: number[] }
/** What an address below the feed's root names. */
export type Resource = {
  type: EntityType
  /** Only what is in this entity, or is itself this one. */
  within: Place | undefined
  kind: 'entities' | 'entity' | 'count'
}

/** The steps of an address, as in `Submissions(…)/fields/$count`. @returns undefined when there is no such resource */
export function resourceAt(path: string, model: Model): Resource | undefined {
  const [first = '', ...rest] = path.split('/')
  const set = segmentIn(first)
  const type = model.types.find((each) => each.set === set?.name)
  let found = set && type && keyed({ type, within: undefined, kind: 'entities' }, set.key)
  for (const step of rest) found = found && below(found, step, model)
  return found
}

function below(resource: Resource, step: string, model: Model): Resource | undefined {
  if (step === '$count') return resource.kind === 'entities' ? { ...resource, kind: 'count' } : undefined
  const segment = segmentIn(step)
  if (resource.kind !== 'entity' || !resource.within || !segment) return undefined
  const way = navigationNamed(resource.type, model, segment.name)
  if (!way) return undefined
  if (way.collection) return keyed({ type: way.target, within: resource.within, kind: 'entities' }, segment.key)
  const { submissionId, rows } = resource.within
  const within = { submissionId, rows: rows.slice(0, way.target.steps.length) }
  return segment.key === undefined ? { type: way.target, within, kind: 'entity' } : undefined
}

/** `name`, or `name(key)`. */
function segmentIn(text: string): { name: string; key: string | undefined } | undefined {
  const [, name, key] = /^([^()]+)(?:\((.*)\))?$/s.exec(text) ?? []
  return name === undefined ? undefined : { name, key }
}

/** Narrows a set to the entity of this key, if that lies in what the address named so far. */
function keyed(resource: Resource, key: string | undefined): Resource | undefined {
  if (key === undefined) return resource
  const place = placeIn(key, resource.type)
  const { within } = resource
  if (!place || (within && !isIn(place, within))) return undefined
  return { ...resource, within: place, kind: 'entity' }
}

function isIn(inner: Place, outer: Place): boolean {
  return inner.submissionId === outer.submissionId && outer.rows.every((row, index) => inner.rows[index] === row)
}

/** `83dd…`, `submissionId=83dd…`, `'83dd….1.2'` or `rowId='83dd….1.2'` (OData 4.0 URL conventions §4.3). */
function placeIn(key: string, { key: name, parent, steps }: EntityType): Place | undefined {
  const value = key.trim().replace(new RegExp(`^${name}\\s*=\\s*`), '')
  const quoted = /^'(.*)'$/s.exec(value)?.[1]
  const text = parent ? quoted : value
  return text === undefined ? undefined : placeOf(text, steps.length)
}

/** What a `rowId` names, or with depth 0 a `submissionId`. */
export function placeOf(text: string, depth: number): Place | undefined {
  const [id = '', ...numbers] = text.split('.')
  const isPlace = isUuid(id) && numbers.length === depth && numbers.every((each) => /^[1-9]\d{0,8}$/.test(each))
  return isPlace ? { submissionId: id.toLowerCase(), rows: numbers.map(Number) } : undefined
}

/** The text of a place: a submission's id, or that with the numbers of a row behind dots. */
export function placeText({ submissionId, rows }: Place): string {
  return [submissionId, ...rows].join('.')
}
