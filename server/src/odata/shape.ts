import type { MetadataName } from '../exports/metadata.ts'
import { problems } from '../problem.ts'
import type { ExpandItem, Selection } from './expand.ts'
import {
  type EntityType,
  type Model,
  navigationNamed,
  type Property,
  propertyNamed,
  singleNavigations,
} from './model.ts'

/** What is shown of the entities of a type. */
export type Shape = {
  type: EntityType
  properties: Property[]
  expand: { item: ExpandItem; shape: Shape }[]
  /** The names that were selected; undefined for all. */
  selected: string[] | undefined
}

/** Looks the names of a selection up. @throws Problem 400 that names an unknown one */
export function shapeOf(type: EntityType, { select, expand }: Selection, model: Model): Shape {
  const unknown = select?.find((name) => !propertyNamed(type, name) && !navigationNamed(type, model, name))
  if (unknown !== undefined) throw mistake('$select', `names ${unknown}, which is no property of ${type.name}`)
  const wanted = select && new Set(select)
  return {
    type,
    properties: wanted ? type.properties.filter(({ name }) => wanted.has(name)) : type.properties,
    expand: expand.map((item) => ({ item, shape: shapeOf(gridNamed(type, item.name, model), item, model) })),
    selected: select,
  }
}

function gridNamed(type: EntityType, name: string, model: Model): EntityType {
  const grid = type.grids.get(name)
  if (grid) return grid
  const single = singleNavigations(type, model).some((each) => each.name === name)
  const why = single ? 'which leads to one entity; only grids can be expanded' : `which is no grid of ${type.name}`
  throw mistake('$expand', `names ${name}, ${why}`)
}

function mistake(path: string, message: string): Error {
  return problems.invalidQuery([{ path, message }])
}

/** Whether the answers have to be read for it. */
export function needsAnswers({ properties, expand }: Shape): boolean {
  return expand.length > 0 || properties.some(({ kind }) => ['answer', 'undeclared', 'misfits'].includes(kind))
}

/** What has to be known of a submission for it. */
export function membersOf({ properties, expand }: Shape): Set<MetadataName> {
  const own = properties.flatMap((property) => (property.kind === 'metadata' ? [property.member] : []))
  return new Set([...own, ...expand.flatMap(({ shape }) => [...membersOf(shape)])])
}

/** The selection as `@odata.context` names it (OData 4.0 protocol §10.7); empty when everything is shown. */
export function contextSelection({ selected, expand }: Shape): string {
  const expanded = expand.map(({ item, shape }) => `${item.name}${contextSelection(shape) || '()'}`)
  const names = [...(selected ?? []), ...expanded]
  return names.length > 0 ? `(${names.join(',')})` : ''
}

/** An item of `$expand` as options of an address. */
export function optionsOfItem({ select, expand }: ExpandItem): [string, string][] {
  return [
    ...(select ? [['$select', select.join(',')] as [string, string]] : []),
    ...(expand.length > 0 ? [['$expand', expand.map(itemText).join(',')] as [string, string]] : []),
  ]
}

function itemText(item: ExpandItem): string {
  const options = optionsOfItem(item).map(([name, value]) => `${name}=${value}`)
  return options.length > 0 ? `${item.name}(${options.join(';')})` : item.name
}
