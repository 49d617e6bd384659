import { problems } from '../problem.ts'
import { parseExpand, parseSelect, type Selection } from './expand.ts'
import { type Expression, type Ordering, parseFilter, parseOrderBy } from './filter.ts'
import type { ODataQuery } from './odata.schemas.ts'
import { type SkipToken, skipTokenIn } from './skip-token.ts'

/** What a request asks of a set of entities. */
export type QueryOptions = Selection & {
  filter: Expression | undefined
  orderBy: Ordering[]
  /** Entities at most, over all pages. */
  top: number | undefined
  skip: number
  count: boolean
  after: SkipToken | undefined
  /** Which submissions there are: these are for the whole feed. */
  test: boolean
  drafts: boolean
  deleted: boolean
}

const offered = ['$select', '$filter', '$orderby', '$top', '$skip', '$count', '$expand', '$skiptoken', '$format']
/** Options of our own. */
const own = ['test', 'drafts', 'deleted']

/**
 * Reads the options of an address. Whatever is not known is refused: a filter that is left out in silence gives more data
 * than was asked for.
 * @param takes the options that make sense here, for a single entity has no order
 * @throws Problem 400 `invalid_query`
 */
export function optionsIn(query: ODataQuery, takes: readonly string[] = offered): QueryOptions {
  const unknown = Object.keys(query).filter((name) => !takes.includes(name) && !own.includes(name))
  if (unknown.length > 0)
    throw problems.invalidQuery(unknown.map((path) => ({ path, message: messageFor(path, takes) })))
  const { test = false, drafts = false, deleted = false } = query
  const token = query.$skiptoken
  return {
    select: query.$select === undefined ? undefined : parseSelect(query.$select),
    expand: query.$expand === undefined ? [] : parseExpand(query.$expand),
    filter: query.$filter === undefined ? undefined : parseFilter(query.$filter),
    orderBy: query.$orderby === undefined ? [] : parseOrderBy(query.$orderby),
    top: query.$top,
    skip: query.$skip ?? 0,
    count: query.$count ?? false,
    after: token === undefined ? undefined : skipTokenIn(token),
    test,
    drafts,
    deleted,
  }
}

function messageFor(name: string, takes: readonly string[]): string {
  if (takes.includes(`$${name}`)) return `is written $${name}`
  return `is not offered here; ${[...takes, ...own].join(', ')} are`
}

export const singleOptions = ['$select', '$expand', '$format']
export const countOptions = ['$filter']
