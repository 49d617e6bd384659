import { type Caller, concernsTest, userIdOf } from '../access/caller.ts'
import { joinObjects } from '../http/json-text.ts'
import { problems } from '../problem.ts'
import { type AskedField, askedFields } from './submission.ts'
import { type ListFilter, type ListRow, type ListSort, sortColumns } from './submission-lists.queries.ts'
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
    createdAt: dateRange(query.createdAt ?? query['createdAt[]']),
    formVersionId: query.formVersionId,
    version: query.version,
    hasStatus: query.filterformSubmissionStatusCode === true ? true : undefined,
    assignedToUserId: assigned ?? undefined,
    search: searchIn(query, fields),
  }
}

/** The order asked for; a column that the reply does not have is ignored, as CHEFS does. */
export function listSort(query: ListSubmissionsQuery, fields: AskedField[]): ListSort | undefined {
  const name = query['sortBy[column]']
  const descending = query['sortBy[order]'] === 'desc'
  if (name === undefined) return undefined
  if (isColumn(name)) return { column: name, descending }
  const field = fields.find((each) => each.name === name)
  return field && { field, descending }
}

/** Which part of the list is wanted: undefined for the bare array of everything. */
export function pageOf(query: ListSubmissionsQuery): { offset: number; limit: number } | 'all' | undefined {
  if (['', 'false', '0', undefined].includes(query.paginationEnabled)) return undefined
  const limit = query.itemsPerPage ?? 10
  if (limit === -1) return 'all'
  return { offset: (query.page ?? 0) * Math.max(0, limit), limit: Math.max(0, limit) }
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

function dateRange(texts: string[] | undefined): [Date, Date] | undefined {
  if (texts === undefined) return undefined
  const [from, to] = texts.map((text) => new Date(text))
  if (!from || !to || ![from, to].every(isStorable)) {
    throw problems.invalidQuery([{ path: 'createdAt', message: 'must be two dates, the earliest and the latest' }])
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
