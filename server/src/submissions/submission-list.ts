import { type Caller, concernsTest, userIdOf } from '../access/caller.ts'
import { joinObjects } from '../http/json-text.ts'
import { problems } from '../problem.ts'
import type { ListFilter } from './list-conditions.queries.ts'
import { type ListCursor, listCursorIn, listCursorOf } from './list-cursor.ts'
import { type AskedField, askedFields } from './submission.ts'
import { type ListRow, type ListSort, sortColumns } from './submission-lists.queries.ts'
import type { ListSubmissionsQuery } from './submission-lists.schemas.ts'

type SortColumn = keyof typeof sortColumns

/** The answers that a list shows; a column of the list wins over an answer of the same name. */
export function listFields(query: Pick<ListSubmissionsQuery, 'fields'>): AskedField[] {
  return askedFields(query.fields).filter(({ name }) => !isColumn(name))
}

/** What a list's query narrows. @throws Problem 400 for dates that are none */
export function listFilter(query: ListSubmissionsQuery, fields: AskedField[], caller: Caller): ListFilter {
  const assigned = query.filterAssignedToCurrentUser === true ? userIdOf(caller) : null
  return {
    test: concernsTest(caller, query.test),
    submissionId: query.submissionId,
    confirmationId: query.confirmationId,
    draft: query.draft,
    deleted: query.deleted,
    createdBy: query.createdBy,
    createdAt: dateRange(query, 'createdAt'),
    updatedAt: dateRange(query, 'updatedAt'),
    submittedAt: dateRange(query, 'submittedAt'),
    formVersionId: query.formVersionId,
    version: query.version,
    status: query.status,
    hasStatus: query.filterformSubmissionStatusCode === true ? true : undefined,
    assignedToUserId: assigned ?? undefined,
    search: searchIn(query, fields),
  }
}

/** The order asked for, unless it is the list's own; a column that the reply does not have is ignored, as CHEFS does. */
export function listSort(query: ListSubmissionsQuery, fields: AskedField[]): ListSort | undefined {
  const name = query['sortBy[column]']
  const descending = query['sortBy[order]'] === 'desc'
  if (name === undefined || (name === 'createdAt' && descending)) return undefined
  if (isColumn(name)) return { column: name, descending }
  const field = fields.find((each) => each.name === name)
  return field && { field, descending }
}

/** A part of a list, by its number or by the row beside it. */
export type PageRequest = { limit: number } & (
  | { kind: 'number'; number: number }
  | { kind: 'after'; cursor: ListCursor }
  | { kind: 'before'; cursor: ListCursor }
)

/**
 * Which part of the list is wanted: undefined for the bare array of everything.
 * @throws Problem 400 for a cursor that is none, or beside what it contradicts
 */
export function pageOf(query: ListSubmissionsQuery, sort: ListSort | undefined): PageRequest | 'all' | undefined {
  const limit = query.itemsPerPage ?? 10
  const kind = query.before === undefined ? 'after' : 'before'
  const cursor = query[kind]
  if (cursor !== undefined) {
    assertCursorAlone(query, kind, sort)
    return { kind, cursor: listCursorIn(cursor, kind), limit }
  }
  if (['', 'false', '0', undefined].includes(query.paginationEnabled)) return undefined
  return limit === -1 ? 'all' : { kind: 'number', number: query.page ?? 0, limit }
}

function assertCursorAlone(
  { after, page, itemsPerPage = 10 }: ListSubmissionsQuery,
  kind: 'after' | 'before',
  sort: ListSort | undefined,
): void {
  const contradicting = [
    ...(kind === 'before' && after !== undefined ? ['after'] : []),
    ...(page === undefined ? [] : ['page']),
    ...(sort === undefined ? [] : ['sortBy[column]']),
    ...(itemsPerPage < 1 ? ['itemsPerPage'] : []),
  ]
  if (contradicting.length === 0) return
  const message = `cannot go with \`${kind}\`, which gives a page of at least one in the order of creation`
  throw problems.invalidQuery(contradicting.map((path) => ({ path, message })))
}

type Neighbours = { page: PageRequest; rows: ListRow[]; more: boolean; sorted: boolean }

/**
 * The Link header field (RFC 8288) of a page. Where the list has its own order, links name the row beside the page: such a page
 * costs the same wherever it is, and none is missed or repeated when rows come and go meanwhile.
 * @param address path and query of the request
 */
export function linkOf(address: string, neighbours: Neighbours): string {
  const { first, prev, next } = placesBeside(neighbours)
  const links = Object.entries({ first, prev, next }).flatMap(([rel, place]) =>
    place ? [`<${withPlace(address, place, neighbours.page.limit)}>; rel="${rel}"`] : [],
  )
  return links.join(', ')
}

type Place = { after?: string; before?: string; page?: string }

function placesBeside({ page, rows, more, sorted }: Neighbours) {
  const [first, last] = [rows[0], rows.at(-1)]
  const older: Place | undefined = last && { after: listCursorOf(last) }
  const newer: Place | undefined = first && { before: listCursorOf(first) }
  const start: Place = { page: '0' }
  if (page.kind === 'after') return { first: start, prev: newer, next: more ? older : undefined }
  if (page.kind === 'before') return { first: start, prev: more ? newer : undefined, next: older }
  const byNumber = (number: number): Place => ({ page: String(number) })
  const isFirst = page.number === 0
  return {
    first: start,
    prev: isFirst ? undefined : sorted || !newer ? byNumber(page.number - 1) : newer,
    next: more && last ? (sorted ? byNumber(page.number + 1) : older) : undefined,
  }
}

/** Each link says how many rows a page has, also where the request left that to us. */
function withPlace(address: string, place: Place, limit: number): string {
  const [path = '', search = ''] = address.split(/\?(.*)/s)
  const parameters = new URLSearchParams(search)
  for (const name of ['after', 'before', 'page']) parameters.delete(name)
  parameters.set('itemsPerPage', String(limit))
  for (const [name, value] of Object.entries(place)) parameters.set(name, value)
  return `${path}?${parameters}`
}

/** One row as JSON text; `updatedAt` and `updatedBy` only when they were asked for. */
export function listItemText(row: ListRow, asked: ReadonlySet<string>): string {
  const item = {
    confirmationId: row.confirmation_id,
    createdAt: row.created_at.toISOString(),
    formId: row.form_id,
    formSubmissionStatusCode: row.status,
    submissionId: row.id,
    deleted: row.deleted,
    createdBy: row.created_by,
    formVersionId: row.form_version_id,
    lateEntry: row.late_entry,
    ...(asked.has('updatedAt') ? { updatedAt: row.updated_at.toISOString() } : {}),
    ...(asked.has('updatedBy') ? { updatedBy: row.updated_by } : {}),
  }
  return joinObjects(JSON.stringify(item), row.fields)
}

function isColumn(name: string): name is SortColumn {
  return Object.hasOwn(sortColumns, name)
}

function dateRange(
  query: ListSubmissionsQuery,
  path: 'createdAt' | 'updatedAt' | 'submittedAt',
): [Date, Date] | undefined {
  const texts = query[path] ?? query[`${path}[]`]
  if (texts === undefined) return undefined
  const [from, to] = texts.map((text) => new Date(text))
  if (!from || !to || ![from, to].every(isStorable)) {
    throw problems.invalidQuery([{ path, message: 'must be two dates, the earliest and the latest' }])
  }
  return [from, to]
}

/** PostgreSQL's times begin in 4713 BC, those of JavaScript long before. */
function isStorable(date: Date): boolean {
  return date.getTime() >= Date.UTC(-4000)
}

function searchIn(query: ListSubmissionsQuery, shown: AskedField[]): ListFilter['search'] {
  const text = query.search ?? query['search[value]']
  if (!text || query.searchEnabled === false) return undefined
  const named = askedFields(query['search[fields]'] ?? query['search[fields][]'])
  return named.length > 0 ? { text, fields: named, columns: false } : { text, fields: shown, columns: true }
}
