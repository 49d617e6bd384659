import type { MetadataName } from '../exports/metadata.ts'
import { ownValue } from '../validation/answers.ts'
import { isRecord } from '../validation/definition.ts'
import { type EntityType, type Model, type Property, singleNavigations } from './model.ts'
import { storedPath } from './paths.ts'
import { type Place, placeText } from './resource-path.ts'
import { optionsOfItem, type Shape } from './shape.ts'
import { skipTokenOf } from './skip-token.ts'
import { fitted, jsonText, misfit } from './values.ts'

/** A submission, or a row of a grid in one, with the answers that stand in it. */
export type Entity = {
  place: Place
  createdAt: Date
  metadata: Partial<Record<MetadataName, unknown>>
  answers: unknown
}

export type MetadataLevel = 'none' | 'minimal' | 'full'
export type Writing = {
  model: Model
  level: MetadataLevel
  /** The feed's address. */
  root: string
  /** The address of what lies below the root, with options that hold for the whole feed. */
  link(path: string, options: [string, string][]): string
}

/** Rows that one entity brings along at most; the rest is behind a link. */
const expandedMax = 1000

/** An entity as JSON text (OData JSON Format 4.0 §6). */
export function entityText(entity: Entity, shape: Shape, writing: Writing): string {
  return objectText(entity, shape, writing, { left: expandedMax })
}

type Budget = { left: number }

function objectText(entity: Entity, shape: Shape, writing: Writing, budget: Budget): string {
  const own = shape.properties.map((property) =>
    memberText(property.name, shownValue(property, entity, shape, writing.model)),
  )
  const expanded = shape.expand.map((each) => expandedText(entity, shape, each, writing, budget))
  const members = [...controlsOf(entity, shape, writing), ...own, ...expanded]
  return `{${members.join(',')}}`
}

function memberText(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value ?? null)}`
}

function shownValue(property: Property, entity: Entity, { type }: Shape, model: Model): unknown {
  const { place } = entity
  switch (property.kind) {
    case 'metadata': {
      const value = property.member === 'createdAt' ? entity.createdAt : entity.metadata[property.member]
      return property.member === 'submissionId' ? place.submissionId : value
    }
    case 'answer': {
      const value = fitted(answerAt(entity, property.path, type), property.valueType)
      return value === misfit ? null : value
    }
    case 'rowId':
      return placeText(place)
    case 'parentRowId':
      return placeText({ ...place, rows: place.rows.slice(0, -1) })
    case 'row':
      return place.rows.at(-1)
    case 'undeclared':
      return undeclaredText(entity.answers, model)
    case 'misfits':
      return misfitsText(entity, type)
  }
}

function answerAt({ answers }: Entity, path: string[], { parent }: EntityType): unknown {
  return ownValue(answers, parent ? path : storedPath(path))
}

function undeclaredText(answers: unknown, { declared }: Model): string | null {
  if (!isRecord(answers)) return null
  const others = Object.entries(answers).filter(([name]) => !declared.has(name))
  return others.length > 0 ? jsonText(Object.fromEntries(others)) : null
}

/** The values that no property shows, by the name of the property or the path of what they stand instead of. */
function misfitsText(entity: Entity, type: EntityType): string | null {
  // A row that is no object has no answers at all.
  if (!isRecord(entity.answers)) return isBlank(entity.answers) ? null : jsonText({ [type.name]: entity.answers })
  const found = new Map<string, unknown>()
  for (const property of type.properties) {
    if (property.kind !== 'answer') continue
    const value = answerAt(entity, property.path, type)
    if (value === undefined) noteBlocked(found, entity, property.path, type)
    else if (fitted(value, property.valueType) === misfit) found.set(property.name, value)
  }
  for (const { steps } of type.grids.values()) noteBlocked(found, entity, [...(steps.at(-1) ?? []), ''], type)
  return found.size > 0 ? jsonText(Object.fromEntries(found)) : null
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

/** Notes what stands on the way to an answer and is neither an object nor shown by a property. */
function noteBlocked(found: Map<string, unknown>, entity: Entity, path: string[], type: EntityType): void {
  for (let end = 1; end < path.length; end += 1) {
    const value = answerAt(entity, path.slice(0, end), type)
    if (isRecord(value)) continue
    const name = path.slice(0, end).join('.')
    const isShown = type.answersAt.has(name) || (Array.isArray(value) && type.gridsAt.has(name))
    if (!isBlank(value) && !isShown) found.set(name, value)
    return
  }
}

type Expanded = Shape['expand'][number]

function expandedText(
  entity: Entity,
  { type }: Shape,
  { item, shape }: Expanded,
  writing: Writing,
  budget: Budget,
): string {
  const rows = rowsIn(answerAt(entity, shape.type.steps.at(-1) ?? [], type))
  const texts: string[] = []
  for (const [index, answers] of rows.entries()) {
    if (budget.left <= 0) break
    budget.left -= 1
    const place = { ...entity.place, rows: [...entity.place.rows, index + 1] }
    texts.push(objectText({ ...entity, place, answers }, shape, writing, budget))
  }
  const name = JSON.stringify(item.name)
  const list = `${name}:[${texts.join(',')}]`
  if (texts.length === rows.length) return list
  return `${list},${memberText(`${item.name}@odata.nextLink`, restLink(entity, type, item, texts.length, writing))}`
}

/** What was a container in another version is a single row. */
function rowsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return isRecord(value) ? [value] : []
}

function restLink(entity: Entity, type: EntityType, item: Expanded['item'], shown: number, { link }: Writing): string {
  const { place, createdAt } = entity
  const token = { createdAt, id: place.submissionId, rows: [...place.rows, shown], keys: [], pageSize: undefined }
  const options = optionsOfItem(item)
  return link(`${entityPath(place, type)}/${encodeURIComponent(item.name)}`, [
    ...options,
    ['$skiptoken', skipTokenOf(token)],
  ])
}

/** The canonical address of an entity, below the feed's root. */
export function entityPath(place: Place, { set, parent }: EntityType): string {
  const key = parent ? `'${placeText(place)}'` : place.submissionId
  return `${encodeURIComponent(set)}(${key})`
}

/** What JSON's own types cannot tell, for readers that ask for `odata.metadata=full` (§4.5). */
function controlsOf({ place }: Entity, { type, properties }: Shape, { level, root, model }: Writing): string[] {
  if (level !== 'full') return []
  const id = `${root}/${entityPath(place, type)}`
  const navigations = [...type.grids.keys(), ...singleNavigations(type, model).map(({ name }) => name)]
  return [
    memberText('@odata.type', `#Formgate.${type.name}`),
    memberText('@odata.id', id),
    ...navigations.map((name) => memberText(`${name}@odata.navigationLink`, `${id}/${encodeURIComponent(name)}`)),
    ...properties
      .filter((property) => !['Edm.String', 'Edm.Boolean', 'Edm.Double'].includes(property.type))
      .map((property) => memberText(`${property.name}@odata.type`, `#${property.type.slice('Edm.'.length)}`)),
  ]
}
