import { type FieldProblem, problems } from '../problem.ts'

/** Submissions whose answers in a field are equal to one of these. */
export type AskedFilter = {
  field: string
  /** JSON text of a list: each value that was typed, as the text and, where it reads like one, as the number or boolean. */
  values: string
}

const fieldsMax = 10
const valuesMax = 100

/** Other parameters of lists that begin like ours. */
const others = new Set(['filterformSubmissionStatusCode', 'filterAssignedToCurrentUser'])
const parameter = /^filter\[([^[\]]+)\](?:\[\])?$/

/**
 * The filters in a query: `filter[field]=value`, repeated for any of several values. Commas are part of a value.
 * @throws Problem 400 for what begins like a filter and is none: one that is dropped in silence gives more than was asked for
 */
export function askedFilters(query: Record<string, unknown>): AskedFilter[] {
  const values = new Map<string, string[]>()
  const mistakes: FieldProblem[] = []
  for (const [name, value] of Object.entries(query)) {
    if (!/^filter/i.test(name) || others.has(name) || value === undefined) continue
    const [, field] = parameter.exec(name) ?? []
    if (field === undefined) mistakes.push({ path: name, message: 'is no filter: write filter[field]=value' })
    else values.set(field, [...(values.get(field) ?? []), ...[value].flat().map(String)])
  }
  mistakes.push(...tooMany(values))
  if (mistakes.length > 0) throw problems.invalidQuery(mistakes)
  return [...values].map(([field, typed]) => ({ field, values: `[${typed.flatMap(meanings).join(',')}]` }))
}

function tooMany(values: ReadonlyMap<string, string[]>): FieldProblem[] {
  const long = [...values].filter(([, typed]) => typed.length > valuesMax)
  return [
    ...long.map(([field]) => ({ path: `filter[${field}]`, message: `must not have more than ${valuesMax} values` })),
    ...(values.size > fieldsMax ? [{ path: 'filter', message: `must not name more than ${fieldsMax} fields` }] : []),
  ]
}

/** Short enough for PostgreSQL to hold. */
const number = /^-?(?:0|[1-9]\d{0,99})(?:\.\d{1,100})?(?:[eE][+-]?\d{1,2})?$/

/** The JSON texts of all answers that somebody who typed this may mean. */
function meanings(typed: string): string[] {
  const isLiteral = typed === 'true' || typed === 'false' || number.test(typed)
  return [JSON.stringify(typed), ...(isLiteral ? [typed] : [])]
}
