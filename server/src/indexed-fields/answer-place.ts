import { type Design, formAnswerKey } from '../exports/columns.ts'

/** Where the values of a field lie in a submission, as a path of SQL/JSON (ISO 9075-2, `jsonpath` of PostgreSQL). */
export type AnswerPlace = { field: string; path: string }

/**
 * A field by the name of its column in an export, which is the dotted path of its answers. In a data grid it stands for its values
 * in all rows, and a list of values for each of them.
 * @returns undefined when no version that the design comes from has it
 */
export function placeOfField(field: string, { columns }: Pick<Design, 'columns'>): AnswerPlace | undefined {
  const column = columns.find(({ path }) => path.join('.') === field)
  return column && { field, path: pathTo(column.path) }
}

/** In lax mode a step into a list goes into each of its members, so grids need not be told from containers. */
function pathTo([first = '', ...rest]: string[]): string {
  const keys = ['data', first === formAnswerKey ? 'form' : first, ...rest]
  return `lax $${keys.map((key) => `.${JSON.stringify(key)}`).join('')}[*]`
}
