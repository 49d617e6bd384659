import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { hitsInIndex, isInIndex, type Part } from './list-by-index.queries.ts'
import { answerAt, type ListFilter, type Sql, where } from './list-conditions.queries.ts'
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

export type ListSort =
  | { column: keyof typeof sortColumns; descending: boolean }
  | { field: AskedField; descending: boolean }

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
  const part = {
    beyond: page.kind === 'number' ? anywhere : beyondCursor(page.kind, page.cursor),
    oldestFirst: page.kind === 'before',
    offset: page.kind === 'number' ? page.number * page.limit : 0,
    // One more than asked for, which tells whether there is one.
    limit: page.limit + 1,
  }
  const { rows } = await partOfList(formId, filter, { fields, sort, part }).execute(db)
  const shown = rows.slice(0, page.limit)
  return { rows: part.oldestFirst ? shown.reverse() : shown, more: rows.length > page.limit }
}

type PartOptions = { fields: AskedField[]; sort: ListSort | undefined; part: Part }

function partOfList(formId: string, filter: ListFilter, { fields, sort, part }: PartOptions): RawBuilder<ListRow> {
  const { beyond, oldestFirst, limit, offset } = part
  const inOrder = oldestFirst ? sql`s.created_at, s.id` : order(sort)
  if (filter.drivenBy && !sort) {
    return sql<ListRow>`select ${listColumns(fields)} from ${hitsInIndex(formId, filter, filter.drivenBy, part)}
      join submission s on s.id = hit.id order by ${inOrder}`
  }
  return sql<ListRow>`select ${listColumns(fields)} from submission s
    where ${whereIndexed(formId, filter)} and ${beyond(sql`s.created_at`, sql`s.id`)}
    order by ${inOrder} limit ${limit} offset ${offset}`
}

function whereIndexed(formId: string, filter: ListFilter): Sql {
  const rest = where(formId, filter)
  return filter.drivenBy ? sql`${isInIndex(filter.drivenBy)} and ${rest}` : rest
}

const anywhere = (): Sql => sql`true`

function beyondCursor(kind: 'after' | 'before', cursor: ListCursor): Part['beyond'] {
  const place = sql`(${cursor.createdAt}::timestamptz, ${cursor.id}::uuid)`
  return (createdAt, id) =>
    kind === 'after' ? sql`(${createdAt}, ${id}) < ${place}` : sql`(${createdAt}, ${id}) > ${place}`
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
    yield* inBatches(db, (beyond) =>
      partOfList(formId, filter, { fields, sort, part: { beyond, oldestFirst: false, limit: batchSize, offset: 0 } }),
    )
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
  }>`select s.id from submission s where ${whereIndexed(formId, filter)} order by ${order(sort)}`.execute(db)
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
    (beyond) => sql<SubmissionRow>`select s.id, s.form_version_id, s.confirmation_id, s.draft, s.deleted, s.test,
    s.submission::text as submission, s.created_by, s.created_at, s.updated_by, s.updated_at
    from submission s where ${where(formId, filter)} and ${beyond(sql`s.created_at`, sql`s.id`)} order by ${newestFirst} limit ${batchSize}`,
  )
}

/** Follows the order by its last row instead of an offset: the cost of a batch does not grow with its place. */
async function* inBatches<Row extends { id: string; created_at: Date }>(
  db: Db,
  read: (beyond: Part['beyond']) => RawBuilder<Row>,
): AsyncGenerator<Row[]> {
  for (let cursor: ListCursor | undefined, more = true; more; ) {
    const { rows } = await read(cursor ? beyondCursor('after', cursor) : anywhere).execute(db)
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

function order(sort: ListSort | undefined): Sql {
  if (!sort) return newestFirst
  // As the index has it; no row lacks this column.
  if ('column' in sort && sort.column === 'createdAt') {
    return sort.descending ? newestFirst : sql`s.created_at, s.id`
  }
  const direction = sort.descending ? sql`desc nulls last` : sql`asc nulls last`
  if ('column' in sort) return sql`${sortColumns[sort.column]} ${direction}, ${newestFirst}`
  const answer = answerAt(sort.field)
  // Numbers by value, all else as people sort text.
  return sql`case when jsonb_typeof(${answer}) = 'number' then (${answer})::numeric end ${direction},
    (${answer}) #>> '{}' ${human} ${direction}, ${newestFirst}`
}
