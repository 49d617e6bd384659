import { natureOf, standardType } from '../../../../server/src/validation/component-types.ts'
import { type Component, childrenOf, isRecord } from '../../../../server/src/validation/definition.ts'
import type { Definition } from '../../frame/protocol.ts'

/** What the server takes in one body; said before sending, in words, instead of after 30 MB. */
export const definitionCharactersMax = 30 * 1024 * 1024 - 1024

/** As the server has it. */
export const formNameMax = 255

export type Display = 'form' | 'wizard'

export function displayOf(definition: Definition): Display {
  return definition.display === 'wizard' ? 'wizard' : 'form'
}

export const emptyDefinition = (): Definition => ({ display: 'form', components: [] })

/**
 * The definition as a form on one page, or as a wizard, whose pages are its panels. What lies outside of panels would be
 * lost from sight in a wizard, so it gets pages of its own where it lies.
 * @param pageTitle names the page with this number
 */
export function withDisplay(definition: Definition, display: Display, pageTitle: (page: number) => string): Definition {
  if (display === 'form') return { ...definition, display }
  const pages: unknown[] = []
  let loose: unknown[] = []
  const keys = new Set(definition.components.filter(isRecord).map(({ key }) => key))
  const close = () => {
    if (loose.length > 0) pages.push({ ...page(pages.length + 1, keys, pageTitle), components: loose })
    loose = []
  }
  for (const component of definition.components) {
    // A wizard brings its own button to submit.
    if (isSubmit(component)) continue
    if (isRecord(component) && component.type === 'panel') {
      close()
      pages.push(component)
    } else loose.push(component)
  }
  close()
  if (pages.length === 0) pages.push({ ...page(1, keys, pageTitle), components: [] })
  return { ...definition, display, components: pages }
}

function page(number: number, keys: Set<unknown>, pageTitle: (page: number) => string) {
  let at = number
  while (keys.has(`page${at}`)) at += 1
  keys.add(`page${at}`)
  const title = pageTitle(number)
  return { title, label: title, type: 'panel', key: `page${at}`, input: false, tableView: false }
}

function isSubmit(component: unknown): boolean {
  return (
    isRecord(component) &&
    standardType(String(component.type)) === 'button' &&
    (component.action ?? 'submit') === 'submit'
  )
}

export type DesignProblem = { kind: 'empty' } | { kind: 'duplicates'; keys: string[] }

/** Why a definition may not be published: nothing to answer, or answers that would overwrite each other. */
export function problemOf(definition: Definition): DesignProblem | undefined {
  const counted = new Map<string, number>()
  for (const path of inputPaths({ components: definition.components }, '')) {
    counted.set(path, (counted.get(path) ?? 0) + 1)
  }
  if (counted.size === 0) return { kind: 'empty' }
  const keys = [...counted].filter(([, count]) => count > 1).map(([path]) => path)
  return keys.length > 0 ? { kind: 'duplicates', keys } : undefined
}

/** Where each answer of a definition lies; below grids and containers, keys need to differ only within. */
function inputPaths(parent: Component, above: string): string[] {
  return childrenOf(parent).flatMap((component) => {
    const type = standardType(String(component.type ?? ''))
    const nature = natureOf(type, component)
    const key = typeof component.key === 'string' ? component.key : ''
    // Radio buttons that were laid out one by one share their answer on purpose.
    if (nature === 'content' || (type === 'checkbox' && component.inputType === 'radio')) return []
    if (nature === 'layout') return inputPaths(component, above)
    const path = above ? `${above}.${key}` : key
    if (nature === 'value') return key === '' || component.input === false ? [] : [path]
    return [path, ...inputPaths(component, path)]
  })
}

/** The definition in a JSON file: bare, or as CHEFS and our API wrap it. Undefined when there is none. */
export function definitionIn(value: unknown): Definition | undefined {
  if (!isRecord(value)) return undefined
  if (Array.isArray(value.components)) return value as Definition // its list of components is what the type asks for
  const inner = definitionIn(value.schema)
  if (inner) return inner
  const versions = Array.isArray(value.versions) ? value.versions : []
  return versions.map(definitionIn).find((found) => found !== undefined)
}

/** What to call a form that is made of a file: as the form in it was called, else like the file. */
export function nameIn(value: unknown, name: string): string {
  const named = isRecord(value) ? [value.name, value.title, isRecord(value.schema) && value.schema.title] : []
  const found = named.find((each) => typeof each === 'string' && each.trim() !== '')
  return (typeof found === 'string' ? found : name.replace(/\.json$/i, '')).trim().slice(0, formNameMax)
}

/** A file name of letters that every system takes. */
export function fileName(formName: string, what: string): string {
  const plain = formName
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
  return `${plain.replace(/^-+|-+$/g, '').toLowerCase() || 'form'}-${what}.json`
}
