import { natureOf, standardType } from '../../../../server/src/validation/component-types.ts'
import { type Component, childrenOf, isRecord, maxDepth } from '../../../../server/src/validation/definition.ts'

/** An answer that the table can show: a grid is one, whatever is in its rows. */
export type AnswerColumn = {
  /** The path with dots, as the API's `fields` takes it. */
  key: string
  path: string[]
  label: string
  /** form.io's standard type, or `rows` for every kind of grid. */
  type: string
  /** Labels of the options or questions that the definition lists, by value. */
  options: ReadonlyMap<string, string>
  component: Component
  /** The list names an answer by the last part of its path: two with one name cannot be told apart, nor be sorted by. */
  ambiguous: boolean
}

/** Names of the list's own columns: answers of these names do not come with the list. */
const listMembers = new Set([
  'confirmationId',
  'createdAt',
  'createdBy',
  'deleted',
  'formId',
  'formSubmissionStatusCode',
  'formVersionId',
  'lateEntry',
  'submissionId',
  'updatedAt',
  'updatedBy',
])

/** The answers of a definition that a table can show, in design order. */
export function answerColumns(schema: unknown): AnswerColumn[] {
  if (!isRecord(schema)) return []
  const all = childrenOf(schema).flatMap((component) => columnsBelow(component, [], 1))
  const columns = [...new Map(all.map((column) => [column.key, column])).values()].filter(
    ({ path }) => path.length > 1 || !listMembers.has(path[0] ?? ''),
  )
  const names = columns.map(nameOf)
  return columns.map((column) => {
    const name = nameOf(column)
    return { ...column, ambiguous: listMembers.has(name) || names.filter((each) => each === name).length > 1 }
  })
}

/** By which name the list gives an answer. */
export function nameOf({ path }: Pick<AnswerColumn, 'path'>): string {
  return path.at(-1) ?? ''
}

/** What to ask the list for: the answer, or all of the top-level one that an ambiguous answer lies in. */
export function fieldsFor(columns: AnswerColumn[]): string[] {
  return [...new Set(columns.map(({ key, path, ambiguous }) => (ambiguous ? (path[0] ?? key) : key)))]
}

/** The answer in a row of the list. */
export function answerIn(row: Record<string, unknown>, column: AnswerColumn): unknown {
  if (!column.ambiguous) return row[nameOf(column)]
  let value: unknown = row
  for (const key of column.path) value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return value
}

function columnsBelow(component: Component, above: string[], depth: number): Omit<AnswerColumn, 'ambiguous'>[] {
  if (depth > maxDepth) return []
  const type = standardType(typeof component.type === 'string' ? component.type : '')
  const nature = natureOf(type, component)
  if (nature === 'content') return []
  const key = typeof component.key === 'string' ? component.key : ''
  const path = nature === 'layout' || key === '' ? above : [...above, ...key.split('.')]
  const below = (at: string[]) => childrenOf(component).flatMap((child) => columnsBelow(child, at, depth + 1))
  if (nature === 'layout' || nature === 'object') return below(path)
  if (nature === 'form') return below([...path, 'data'])
  if (key === '' || (nature === 'value' && component.input === false)) return []
  const label = typeof component.label === 'string' && component.label.trim() !== '' ? component.label.trim() : key
  return [
    {
      key: path.join('.'),
      path,
      label,
      type: nature === 'rows' ? 'rows' : type,
      options: optionsOf(component),
      component,
    },
  ]
}

/** Radio buttons and select boxes list `values`, selects `data.values`, surveys `questions`. */
function optionsOf(component: Component): ReadonlyMap<string, string> {
  const inSelect = isRecord(component.data) ? component.data.values : undefined
  const lists = [component.values, inSelect, component.questions].filter((list): list is unknown[] =>
    Array.isArray(list),
  )
  return new Map(
    lists
      .flat()
      .filter(isRecord)
      .map(({ value, label }) => [String(value), typeof label === 'string' && label !== '' ? label : String(value)]),
  )
}
