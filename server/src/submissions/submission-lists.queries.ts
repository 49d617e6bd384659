import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { ListCursor } from './list-cursor.ts'
import type { AskedField, SubmissionRow } from './submission.ts'
import type { PageRequest } from './submission-list.ts'

/** One row of a form's list of submissions. */
export type ListRow = {
  id: string
  confirmation_id: string
  created_at: Date
  form_id: string
  form_version_id: string
  status: string | null
  deleted: boolean
  created_by: string
  late_entry: boolean
  updated_by: string | null
  updated_at: Date
  /** JSON text of an object. */
  fields: string
}

/** What narrows a list; an absent member does not. */
export type ListFilter = {
  /** Test submissions instead of live ones. */
  test: boolean
  submissionId?: string | undefined
  confirmationId?: string | undefined
  draft?: boolean | undefined
  deleted?: boolean | undefined
  createdBy?: string | undefined
  createdAt?: [Date, Date] | undefined
  formVersionId?: string | undefined
  version?: number | undefined
  hasStatus?: boolean | undefined
  assignedToUserId?: string | undefined
  search?: { text: string; fields: AskedField[]; columns: boolean } | undefined
}
export type ListSort =
  | { column: keyof typeof sortColumns; descending: boolean }
  | { field: AskedField; descending: boolean }

type Sql = RawBuilder<unknown>

const human = sql`collate "und-x-icu"`

/** The columns of the reply by which a list can be sorted. */
export const sortColumns = {
  confirmationId: sql`s.confirmation_id`,
  createdAt: sql`s.created_at`,
  formId: sql`s.form_id`,
  formSubmissionStatusCode: sql`s.status`,
  submissionId: sql`s.id`,
  deleted: sql`s.deleted`,
  createdBy: sql`s.created_by ${human}`,
  formVersionId: sql`s.form_version_id`,
  lateEntry: sql`s.late_entry`,
  updatedAt: sql`s.updated_at`,
  updatedBy: sql`s.updated_by ${human}`,
} as const

const newestFirst = sql`s.created_at desc, s.id desc`
const batchSize = 500

/** One page of a form's submissions, and whether there are more beyond it. */
export async function pageOfSubmissions(
  db: Db,
  formId: string,
  filter: ListFilter,
  { fields, sort, page }: { fields: AskedField[]; sort: ListSort | undefined; page: PageRequest },
): Promise<{ rows: ListRow[]; more: boolean }> {
  const beside = page.kind === 'number' ? sql`true` : besideCursor(page)
  const offset = page.kind === 'number' ? page.number * page.limit : 0
  const inOrder = page.kind === 'before' ? sql`s.created_at, s.id` : order(sort)
  // One more than asked for, which tells whether there is one.
  const { rows } = await sql<ListRow>`select ${listColumns(fields)} from submission s
    where ${where(formId, filter)} and ${beside} order by ${inOrder} limit ${page.limit + 1} offset ${offset}`.execute(
    db,
  )
  const shown = rows.slice(0, page.limit)
  return { rows: page.kind === 'before' ? shown.reverse() : shown, more: rows.length > page.limit }
}

function besideCursor({ kind, cursor }: Extract<PageRequest, { cursor: ListCursor }>): Sql {
  const place = sql`(${cursor.createdAt}::timestamptz, ${cursor.id}::uuid)`
  return kind === 'after' ? sql`(s.created_at, s.id) < ${place}` : sql`(s.created_at, s.id) > ${place}`
}

/** All of a form's submissions in batches, newest first, or in the order asked for. */
export async function* submissionsOfForm(
  db: Db,
  formId: string,
  filter: ListFilter,
  fields: AskedField[],
  sort?: ListSort,
): AsyncGenerator<ListRow[]> {
  if (sort) yield* sortedSubmissions(db, formId, filter, fields, sort)
  else {
    const read = (after: Sql) => sql<ListRow>`select ${listColumns(fields)} from submission s
      where ${where(formId, filter)} and ${after} order by ${newestFirst} limit ${batchSize}`
    yield* inBatches(db, read)
  }
}

/** Sorting by an answer has no index to follow, so it is done once, for ids only; the rows come by them. */
async function* sortedSubmissions(
  db: Db,
  formId: string,
  filter: ListFilter,
  fields: AskedField[],
  sort: ListSort,
): AsyncGenerator<ListRow[]> {
  const sorted = await sql<{
    id: string
  }>`select s.id from submission s where ${where(formId, filter)} order by ${order(sort)}`.execute(db)
  const ids = sorted.rows.map((row) => row.id)
  for (let start = 0; start < ids.length; start += batchSize) {
    const batch = ids.slice(start, start + batchSize)
    const result = await sql<ListRow>`select ${listColumns(fields)}
      from unnest(${batch}::uuid[]) with ordinality as wanted (id, place)
      join submission s on s.id = wanted.id and s.form_id = ${formId} order by wanted.place`.execute(db)
    yield result.rows
  }
}

/** Whole submissions of a version in batches, newest first. */
export function submissionsOfVersion(db: Db, formId: string, filter: ListFilter): AsyncGenerator<SubmissionRow[]> {
  return inBatches(
    db,
    (after) => sql<SubmissionRow>`select s.id, s.form_version_id, s.confirmation_id, s.draft, s.deleted, s.test,
    s.submission::text as submission, s.created_by, s.created_at, s.updated_by, s.updated_at
    from submission s where ${where(formId, filter)} and ${after} order by ${newestFirst} limit ${batchSize}`,
  )
}

/** How many submissions a list has: from the kept counts where they tell, else by counting. */
export async function countSubmissions(db: Db, formId: string, filter: ListFilter): Promise<number> {
  const { test, draft, deleted, formVersionId, ...others } = filter
  const counted = Object.values(others).every((each) => each === undefined)
  const result = counted
    ? await sql<{ count: number }>`select coalesce(sum(count), 0)::bigint as count from submission_count s
        where ${where(formId, { test, draft, deleted, formVersionId })}`.execute(db)
    : await sql<{ count: number }>`select count(*) as count from submission s where ${where(formId, filter)}`.execute(
        db,
      )
  return result.rows[0]?.count ?? 0
}

/** Follows the order by its last row instead of an offset: the cost of a batch does not grow with its place. */
async function* inBatches<Row extends { id: string; created_at: Date }>(
  db: Db,
  read: (after: Sql) => RawBuilder<Row>,
): AsyncGenerator<Row[]> {
  for (let cursor: ListCursor | undefined, more = true; more; ) {
    const { rows } = await read(
      cursor ? sql`(s.created_at, s.id) < (${cursor.createdAt}, ${cursor.id})` : sql`true`,
    ).execute(db)
    yield rows
    const last = rows.at(-1)
    more = last !== undefined && rows.length === batchSize
    if (last) cursor = { createdAt: last.created_at, id: last.id }
  }
}

function listColumns(fields: AskedField[]): Sql {
  return sql`s.id, s.confirmation_id, s.created_at, s.form_id, s.form_version_id, s.status, s.deleted, s.created_by,
    s.late_entry, s.updated_by, s.updated_at, ${fieldsObject(fields)}::text as fields`
}

/** PostgreSQL's functions take at most 100 arguments, so many fields become several objects that are joined. */
const pairsMax = 40

function fieldsObject(fields: AskedField[]): Sql {
  const parts: Sql[] = []
  for (let start = 0; start < fields.length; start += pairsMax) {
    const pairs = fields.slice(start, start + pairsMax).map((field) => sql`${field.name}::text, ${answerAt(field)}`)
    parts.push(sql`jsonb_build_object(${sql.join(pairs)})`)
  }
  return parts.length === 0 ? sql`'{}'::jsonb` : sql`(${sql.join(parts, sql` || `)})`
}

function answerAt(field: AskedField): Sql {
  return sql`s.submission #> ${['data', ...field.path]}::text[]`
}

function order(sort: ListSort | undefined): Sql {
  if (!sort) return newestFirst
  const direction = sort.descending ? sql`desc nulls last` : sql`asc nulls last`
  if ('column' in sort) return sql`${sortColumns[sort.column]} ${direction}, ${newestFirst}`
  const answer = answerAt(sort.field)
  // Numbers by value, all else as people sort text.
  return sql`case when jsonb_typeof(${answer}) = 'number' then (${answer})::numeric end ${direction},
    (${answer}) #>> '{}' ${human} ${direction}, ${newestFirst}`
}

function where(formId: string, filter: ListFilter): Sql {
  const conditions: Sql[] = [sql`s.form_id = ${formId}`, filter.test ? sql`s.test` : sql`not s.test`]
  if (filter.submissionId !== undefined) conditions.push(sql`s.id = ${filter.submissionId}`)
  if (filter.confirmationId !== undefined) conditions.push(sql`s.confirmation_id = ${filter.confirmationId}`)
  if (filter.draft !== undefined) conditions.push(sql`s.draft = ${filter.draft}`)
  if (filter.deleted !== undefined) conditions.push(sql`s.deleted = ${filter.deleted}`)
  if (filter.createdBy !== undefined) conditions.push(sql`s.created_by ilike ${holding(filter.createdBy)}`)
  if (filter.createdAt !== undefined)
    conditions.push(sql`s.created_at between ${filter.createdAt[0]} and ${filter.createdAt[1]}`)
  if (filter.formVersionId !== undefined) conditions.push(sql`s.form_version_id = ${filter.formVersionId}`)
  if (filter.version !== undefined)
    conditions.push(sql`s.form_version_id = (
    select id from form_version where form_id = ${formId} and version = ${filter.version})`)
  if (filter.hasStatus === true) conditions.push(sql`s.status is not null`)
  if (filter.assignedToUserId !== undefined) conditions.push(sql`s.assigned_to_user_id = ${filter.assignedToUserId}`)
  if (filter.search !== undefined) conditions.push(found(filter.search))
  return sql.join(conditions, sql` and `)
}

function found({ text, fields, columns }: NonNullable<ListFilter['search']>): Sql {
  const own = [sql`s.confirmation_id`, sql`s.created_by`, sql`s.status`]
  const places = [...(columns ? own : []), ...fields.map((field) => sql`(${answerAt(field)}) #>> '{}'`)]
  return sql`(${sql.join([sql`false`, ...places.map((place) => sql`${place} ilike ${holding(text)}`)], sql` or `)})`
}

/** A LIKE pattern for texts that hold this one, whatever characters it is made of. */
function holding(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}
