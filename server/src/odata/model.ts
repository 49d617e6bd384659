import { type AnswerColumn, type Design, formAnswerKey, mergeDesigns } from '../exports/columns.ts'
import { type MetadataName, metadataLabels, metadataNames } from '../exports/metadata.ts'
import type { ValueType } from '../exports/value-type.ts'
import { namer } from './identifier.ts'

export type EdmType = 'Edm.Boolean' | 'Edm.DateTimeOffset' | 'Edm.Double' | 'Edm.Guid' | 'Edm.Int32' | 'Edm.String'

/** Where a property's value comes from. */
export type PropertySource =
  | { kind: 'metadata'; member: MetadataName }
  | { kind: 'answer'; path: string[]; valueType: ValueType }
  | { kind: 'rowId' | 'parentRowId' | 'row' | 'undeclared' | 'misfits' }

export type Property = PropertySource & { name: string; type: EdmType; nullable: boolean; label: string }

/** An entity type with its one entity set: the submissions, or the rows of a grid. */
export type EntityType = {
  name: string
  set: string
  /** The property that tells two entities apart. */
  key: string
  properties: Property[]
  /** The grids in it, by the names of their navigation properties. */
  grids: Map<string, EntityType>
  /** What the entity belongs to: nothing for a submission. */
  parent: EntityType | undefined
  /** The path to each grid on the way here, from one to the next; the first one lies below a submission's answers. */
  steps: string[][]
  /** The dotted paths below the entity's own values at which an answer stands, and those at which a grid does. */
  answersAt: ReadonlySet<string>
  gridsAt: ReadonlySet<string>
}

export type Model = {
  submission: EntityType
  /** All entity types, the submissions first. */
  types: EntityType[]
  /** The top-level keys of answers that have a property or a set of their own. */
  declared: ReadonlySet<string>
}

/** The navigation properties from a grid's row to its submission, and to the row that its grid stands in. */
export const toSubmission = 'submission'
export const toParent = 'parent'

/** What a filter reads as something else than a name. */
const words = ['null', 'true', 'false', 'not']
const members: MetadataName[] = [
  ...metadataNames.filter((name) => name !== 'submissionId'),
  'draft',
  'deleted',
  'updatedAt',
]
const memberTypes: Partial<Record<MetadataName, EdmType>> = {
  submissionId: 'Edm.Guid',
  version: 'Edm.Int32',
  createdAt: 'Edm.DateTimeOffset',
  submittedAt: 'Edm.DateTimeOffset',
  updatedAt: 'Edm.DateTimeOffset',
  draft: 'Edm.Boolean',
  deleted: 'Edm.Boolean',
}
const maybeNull: MetadataName[] = ['email', 'submittedAt', 'status', 'assignee', 'assigneeEmail']
const answerTypes: Record<ValueType, EdmType> = {
  text: 'Edm.String',
  number: 'Edm.Double',
  boolean: 'Edm.Boolean',
  dateTime: 'Edm.DateTimeOffset',
  json: 'Edm.String',
}

/**
 * The entity types of a form. Names are given in the order in which the versions came, so that a new version never
 * changes a name that a report knows already.
 * @param designs those of all versions of the form, the oldest first
 */
export function modelOf(designs: readonly Design[]): Model {
  const merged = mergeDesigns(designs.toReversed())
  const tree = typesOf(designs, merged)
  const names = new Map<string, string>()
  for (const { columns, grids } of designs) {
    for (const { path } of columns) {
      if (!names.has(idOf(path))) names.set(idOf(path), tree.nameOf(path))
    }
    for (const dotted of grids) tree.nameGrid(stepsIn(dotted, merged))
  }
  for (const column of merged.columns) {
    const { named, below } = tree.holderOf(column.path)
    named.answers.push(answerProperty(column, below, names.get(idOf(column.path)) ?? ''))
  }
  return { submission: tree.root.type, types: tree.all.map(finished), declared: declaredIn(merged) }
}

/** A type in the making. */
type Named = { type: EntityType; give(wanted: string): string; answers: Property[] }

function typesOf(designs: readonly Design[], merged: Design) {
  const root = named('Submission', 'Submissions', undefined, [])
  const suffix = namer([])
  const byPath = new Map<string, Named>()
  const isGrid = (path: readonly string[]) => merged.grids.has(path.join('.'))

  function holderOf(path: readonly string[]): { named: Named; below: string[] } {
    for (let end = path.length - 1; end > 0; end -= 1) {
      const above = path.slice(0, end)
      if (isGrid(above)) return { named: gridAt(above), below: path.slice(end) }
    }
    return { named: root, below: [...path] }
  }

  function gridAt(path: readonly string[]): Named {
    const known = byPath.get(path.join('.'))
    if (known) return known
    const { named: holder, below } = holderOf(path)
    const own = suffix(path.join('_'))
    const grid = named(`Submission_${own}`, `Submissions_${own}`, holder.type, [...holder.type.steps, below])
    byPath.set(path.join('.'), grid)
    return grid
  }

  function nameOf(path: readonly string[]): string {
    const { named: holder, below } = holderOf(path)
    return holder.give(below.join('_'))
  }

  function nameGrid(path: readonly string[]): void {
    const { type } = gridAt(path)
    const { grids } = holderOf(path).named.type
    if (![...grids.values()].includes(type)) grids.set(nameOf(path), type)
  }

  for (const design of designs) for (const dotted of design.grids) gridAt(stepsIn(dotted, merged))
  return { root, all: [root, ...byPath.values()], holderOf, nameOf, nameGrid }
}

function named(name: string, set: string, parent: EntityType | undefined, steps: string[][]): Named {
  const properties = parent ? rowProperties(parent) : submissionProperties
  const type = {
    name,
    set,
    key: parent ? 'rowId' : 'submissionId',
    properties,
    grids: new Map(),
    parent,
    steps,
    answersAt: new Set<string>(),
    gridsAt: new Set<string>(),
  }
  const own = properties.map((property) => property.name)
  const give = namer([...words, ...own, 'undeclared', 'misfits', name, toSubmission, toParent])
  return { type, give, answers: [] }
}

/** The answers stand behind what tells where they come from, and before what holds the rest. */
function finished({ type, answers }: Named): EntityType {
  const rest = [...(type.parent ? [] : [undeclared]), misfits]
  type.properties = [...type.properties, ...answers, ...rest]
  type.answersAt = new Set(answers.flatMap((each) => (each.kind === 'answer' ? [each.path.join('.')] : [])))
  type.gridsAt = new Set([...type.grids.values()].map(({ steps }) => (steps.at(-1) ?? []).join('.')))
  return type
}

function stepsIn(dotted: string, { columns }: Design): string[] {
  // The only key with a dot in it, unless a container is called `data`.
  const renamed = columns.some(({ path }) => path[0] === formAnswerKey) || dotted === formAnswerKey
  if (!renamed || !`${dotted}.`.startsWith(`${formAnswerKey}.`)) return dotted.split('.')
  return [formAnswerKey, ...dotted.split('.').slice(2)]
}

function declaredIn({ keys, grids }: Design): Set<string> {
  const ofGrids = [...grids].map((dotted) => dotted.split('.')[0] ?? '')
  return new Set([...keys, ...ofGrids, ...(grids.has(formAnswerKey) ? ['form'] : [])])
}

const idOf = (path: readonly string[]): string => JSON.stringify(path)

function answerProperty({ label, valueType }: AnswerColumn, below: string[], name: string): Property {
  return { kind: 'answer', path: below, valueType, name, type: answerTypes[valueType], nullable: true, label }
}

function metadataProperty(member: MetadataName, name = `form_${member}`): Property {
  const type = memberTypes[member] ?? 'Edm.String'
  return { kind: 'metadata', member, name, type, nullable: maybeNull.includes(member), label: metadataLabels[member] }
}

const submissionId = metadataProperty('submissionId', 'submissionId')
const submissionProperties = [submissionId, ...members.map((member) => metadataProperty(member))]
const text = { type: 'Edm.String', nullable: false } as const
const undeclared: Property = {
  ...text,
  kind: 'undeclared',
  name: 'undeclared',
  nullable: true,
  label: 'Answers that no version of the form declares, as JSON',
}
const misfits: Property = {
  ...text,
  kind: 'misfits',
  name: 'misfits',
  nullable: true,
  label: 'Values that do not fit the type of their property, as JSON',
}

function rowProperties(parent: EntityType): Property[] {
  const parentRowId: Property = {
    ...text,
    kind: 'parentRowId',
    name: 'parentRowId',
    label: 'Row that the grid stands in',
  }
  return [
    { ...text, kind: 'rowId', name: 'rowId', label: 'Row' },
    submissionId,
    ...(parent.parent ? [parentRowId] : []),
    { kind: 'row', name: 'row', type: 'Edm.Int32', nullable: false, label: 'Number of the row, from 1' },
    metadataProperty('createdAt'),
  ]
}

/** The property of this name; undefined when there is none. */
export function propertyNamed({ properties }: EntityType, name: string): Property | undefined {
  return properties.find((property) => property.name === name)
}

/** Where a navigation property leads. */
export type Navigation = { target: EntityType; collection: boolean }

export function navigationNamed(type: EntityType, model: Model, name: string): Navigation | undefined {
  const grid = type.grids.get(name)
  if (grid) return { target: grid, collection: true }
  const single = singleNavigations(type, model).find((each) => each.name === name)
  return single && { target: single.target, collection: false }
}

/** The ways up from a row: to its submission, and from a grid in a grid to the outer row. */
export function singleNavigations(
  { parent }: EntityType,
  { submission }: Model,
): { name: string; target: EntityType }[] {
  if (!parent) return []
  return [{ name: toSubmission, target: submission }, ...(parent.parent ? [{ name: toParent, target: parent }] : [])]
}
