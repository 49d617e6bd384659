import { natureOf, standardType } from './component-types.ts'

/** A component of a form.io definition: JSON of its author, so nothing but its being an object is known. */
export type Component = Record<string, unknown>

/** A column of an export: where its value lies, and whether it repeats because a grid is above it. */
export type Column = { path: string[]; key: string; label: string; type: string; repeats: boolean }

export type DefinitionCheck = { kind: 'ok' } | { kind: 'bad'; message: string; path: string }

/** Deeper or larger is no form that a person fills in; the bound keeps every recursive walk safe. */
export const maxDepth = 64
export const maxComponents = 20_000

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

type Nested = { at: string; components: unknown }

/** The lists of components right below one: of its own, its columns', its table cells'. */
export function nestedLists(component: Component): Nested[] {
  const lists: Nested[] = []
  listOf(component.columns).forEach((column, index) => {
    if (isRecord(column)) lists.push({ at: `.columns[${index}].components`, components: column.components })
  })
  listOf(component.rows).forEach((row, index) => {
    listOf(row).forEach((cell, place) => {
      if (isRecord(cell)) lists.push({ at: `.rows[${index}][${place}].components`, components: cell.components })
    })
  })
  if (component.components !== undefined) lists.push({ at: '.components', components: component.components })
  return lists.filter((list) => list.components !== undefined && list.components !== null)
}

/** The components right below one, whichever way they are nested. */
export function childrenOf(component: Component): Component[] {
  return nestedLists(component).flatMap((list) => listOf(list.components).filter(isRecord))
}

/** Says whether an uploaded schema is a form.io definition that we can show, validate and export. */
export function checkDefinition(value: unknown): DefinitionCheck {
  if (!isRecord(value)) return bad('The form definition must be an object', '')
  if (!Array.isArray(value.components)) return bad('The form definition needs a list of components', 'components')
  if (value.display !== undefined && value.display !== 'form' && value.display !== 'wizard')
    return bad('The display of a form definition is "form" or "wizard"', 'display')
  return checkList(value.components, 'components', 1, { components: 0 }) ?? { kind: 'ok' }
}

function bad(message: string, path: string): DefinitionCheck {
  return { kind: 'bad', message, path }
}

function checkList(
  list: unknown,
  path: string,
  depth: number,
  seen: { components: number },
): DefinitionCheck | undefined {
  if (!Array.isArray(list)) return bad('Components must be a list', path)
  if (depth > maxDepth) return bad(`Components are nested more than ${maxDepth} deep`, path)
  for (const [index, component] of list.entries()) {
    const found = checkComponent(component, `${path}[${index}]`, depth, seen)
    if (found) return found
  }
  return undefined
}

function checkComponent(
  value: unknown,
  path: string,
  depth: number,
  seen: { components: number },
): DefinitionCheck | undefined {
  seen.components += 1
  if (seen.components > maxComponents) return bad(`A form has at most ${maxComponents} components`, path)
  if (!isRecord(value)) return bad('A component must be an object', path)
  // A tab is a component without a type: only its list of components counts.
  if (typeof value.type !== 'string' && !(value.type === undefined && Array.isArray(value.components)))
    return bad('A component needs a type', `${path}.type`)
  if (value.key !== undefined && typeof value.key !== 'string')
    return bad('The key of a component is a text', `${path}.key`)
  for (const list of nestedLists(value)) {
    const found = checkList(list.components, path + list.at, depth + 1, seen)
    if (found) return found
  }
  return undefined
}

type Place = { path: string[]; repeats: boolean; depth: number }

/** The columns of an export in design order: one for each answer, those in grids and containers with their whole path. */
export function columnsOf(schema: unknown): Column[] {
  if (!isRecord(schema)) return []
  return childrenOf(schema).flatMap((component) => columnsBelow(component, { path: [], repeats: false, depth: 1 }))
}

function columnsBelow(component: Component, place: Place): Column[] {
  if (place.depth > maxDepth) return []
  const type = standardType(typeof component.type === 'string' ? component.type : '')
  const nature = natureOf(type, component)
  if (nature === 'content') return []
  const key = typeof component.key === 'string' ? component.key : ''
  const path = nature === 'layout' || key === '' ? place.path : [...place.path, ...key.split('.')]
  const inner = {
    path: nature === 'form' ? [...path, 'data'] : path,
    repeats: place.repeats || nature === 'rows',
    depth: place.depth + 1,
  }
  if (nature !== 'value') return childrenOf(component).flatMap((child) => columnsBelow(child, inner))
  if (key === '' || component.input === false) return []
  const label = typeof component.label === 'string' && component.label !== '' ? component.label : key
  return [{ path, key, label, type, repeats: place.repeats }]
}

/**
 * The input keys in design order, as CHEFS's `/fields` lists them: dotted below grids and containers; hidden
 * inputs, buttons and layout are left out.
 */
export function fieldKeys(schema: unknown): string[] {
  if (!isRecord(schema)) return []
  return columnsOf({ components: childrenOf(schema).flatMap((component) => visible(component, 1)) }).map((column) =>
    column.path.join('.'),
  )
}

function visible(component: Component, depth: number): Component[] {
  if (component.hidden === true || depth > maxDepth) return []
  const { columns: _columns, rows: _rows, ...rest } = component
  return [{ ...rest, components: childrenOf(component).flatMap((child) => visible(child, depth + 1)) }]
}
