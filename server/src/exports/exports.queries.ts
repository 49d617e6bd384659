import { type RawBuilder, sql } from 'kysely'
import { type CopyMemory, copiedOut, copyMemory, lastTupleIn, tuplesIn } from '../db/copy.ts'
import type { Database, Db } from '../db/database.ts'
import { sumBefore } from '../db/sums.ts'
import { formAnswerKey } from './columns.ts'
import type { ExportFilter } from './export-request.ts'

/** A submission of an export. */
export type ExportRow = {
  id: string
  confirmation_id: string
  version: number
  created_at: Date
  created_by: string
  full_name: string | null
  email: string | null
  submitted_at: Date | null
  updated_at: Date
  status: string | null
  assignee: string | null
  assignee_email: string | null
  draft: boolean
  deleted: boolean
  /** JSON text of an object, in UTF-8: the answers by their keys. */
  answers: Buffer
}

/** The rows that an export is about: those of one form that were there when it began. */
export type ExportScope = { formId: string; until: Date; versionId: string | undefined; filter: ExportFilter }

type Sql = RawBuilder<unknown>

/**
 * Bounds of one batch. Answers can have megabytes, so their stored size is counted too; a submission that is larger than
 * that makes a batch of its own.
 */
const batchRows = 1_000
const batchBytes = 1_500_000
/** Stored answers are compressed, up to a hundredth, so their text is measured too. */
const batchTextBytes = 8_000_000

/** A form's name, and the moment up to which its submissions belong to an export that begins now. */
export async function findExportedForm(db: Db, formId: string): Promise<{ name: string; until: Date } | undefined> {
  // A clock that was set back leaves submissions in the future; they belong to it as well.
  const result = await sql<{ name: string; until: Date }>`
    select f.name, greatest(now()::timestamptz(3), (select s.created_at from submission s where s.form_id = f.id
      order by s.created_at desc limit 1)) as until
    from form f where f.id = ${formId}`.execute(db)
  return result.rows[0]
}

/** The ids of the versions that the rows come from, newest first. */
export async function versionsExported(db: Db, scope: ExportScope): Promise<string[]> {
  const result = await sql<{ id: string }>`select v.id from form_version v where v.form_id = ${scope.formId}
    and exists (select 1 from submission s where s.form_version_id = v.id and ${where(scope)})
    order by v.version desc`.execute(db)
  return result.rows.map((row) => row.id)
}

/** The top-level keys of the answers beside the known ones, up to a number. */
export async function undeclaredKeys(
  db: Db,
  scope: ExportScope,
  known: readonly string[],
  limit: number,
): Promise<string[]> {
  const result = await sql<{ key: string }>`select distinct key from submission s
    cross join lateral jsonb_object_keys((s.submission->'data') - ${known}::text[]) key
    where ${where(scope)} limit ${limit}`.execute(db)
  return result.rows.map((row) => row.key)
}

const rowCount = (list: Sql) =>
  sql`case jsonb_typeof(${list}) when 'array' then jsonb_array_length(${list}) when 'object' then 1 else 0 end`
/** What was a container in another version is a single row. */
const asRows = (list: Sql) =>
  sql`case jsonb_typeof(${list}) when 'array' then ${list} when 'object' then jsonb_build_array(${list}) else '[]'::jsonb end`

/** How many rows a grid has at the most in one place. @param levels the steps to it, from one grid to the next */
export async function mostRowsIn(db: Db, scope: ExportScope, levels: string[][]): Promise<number> {
  const [first = [], ...rest] = levels
  const inData = first.map((key, place) => (place === 0 && key === formAnswerKey ? 'form' : key))
  let list = sql`s.submission #> ${['data', ...inData]}::text[]`
  const joins = rest.map((steps, place) => {
    const name = sql.raw(`level${place}`)
    const join = sql`cross join lateral jsonb_array_elements(${asRows(sql`(${list})`)}) ${name}(fields)`
    list = sql`${name}.fields #> ${steps}::text[]`
    return join
  })
  const { rows } = await sql<{ most: number | null }>`select max(${rowCount(sql`(${list})`)}) as most
    from submission s ${sql.join(joins, sql` `)} where ${where(scope)}`.execute(db)
  return rows[0]?.most ?? 0
}

/** Where a row stands in an export. */
export type Place = { createdAt: Date; id: string }
/**
 * Rows that were read at once, and whether they are the last. The rows after them may be on their way already. The bytes of their
 * answers last until the next batch is asked for.
 */
export type Batch = { rows: ExportRow[]; isLast(): Promise<boolean> }

type Source = Pick<Database, 'db' | 'pool'>

/**
 * The rows of an export in batches, newest first. No connection is held between two batches, and time and id of a row
 * never change: whatever is written meanwhile, each row comes once. The next batch is read while this one is sent.
 * @param after the place to go on from; from the newest row on when undefined
 */
export async function* submissionsToExport(source: Source, scope: ExportScope, after?: Place): AsyncGenerator<Batch> {
  // One for the batch that is sent, and one for that which is read.
  const [sent, read] = [copyMemory(), copyMemory()]
  let next = batchAfter(source, scope, after, sent)
  for (let memory = read; ; memory = memory === read ? sent : read) {
    const copied = await next
    const last = lastPlaceIn(copied)
    if (!last) return
    // Asked for before the rows are even read: the database works while they are.
    const following = batchAfter(source, scope, last, memory)
    // Awaited in the next round; a reader that left before is not waiting for this error.
    following.catch(() => undefined)
    next = following
    yield { rows: rowsIn(copied), isLast: async () => lastPlaceIn(await following) === undefined }
  }
}

/** As COPY gives them. */
async function batchAfter(
  { db, pool }: Source,
  scope: ExportScope,
  after: Place | undefined,
  memory: CopyMemory,
): Promise<Buffer> {
  const beyond = after ? sql`(s.created_at, s.id) < (${after.createdAt}, ${after.id})` : sql`true`
  const newestFirst = sql`s.created_at desc, s.id desc`
  // Each `offset 0` keeps a step to itself, so that what it makes is made once: the bytes of large answers are unpacked, and their
  // text is written, for whatever the steps after it ask.
  const query = sql`select s.id::text, s.confirmation_id, v.version, s.created_at, s.created_by, u.name, u.email, s.submitted_at,
      s.updated_at, s.status, a.name, a.email, s.draft, s.deleted, s.answers
    from (
      select s.*, ${sumBefore(sql`octet_length(s.answers)`, newestFirst)} as text_before
      from (
        select s.*, (case when s.data ? 'form'
          then (s.data - 'form') || jsonb_build_object(${formAnswerKey}::text, s.data->'form') else s.data end)::text as answers
        from (
          select s.*, s.submission->'data' as data
          from (
            select s.*, ${sumBefore(sql`pg_column_size(s.submission)`, newestFirst)} as bytes_before
            from submission s where ${where(scope)} and ${beyond}
            order by ${newestFirst} limit ${batchRows}
          ) s where s.bytes_before < ${batchBytes} offset 0
        ) s offset 0
      ) s
    ) s
    join form_version v on v.id = s.form_version_id
    left join app_user u on u.id = s.created_by_user_id
    left join app_user a on a.id = s.assigned_to_user_id
    where s.text_before < ${batchTextBytes}
    order by ${newestFirst}`
  return copiedOut(pool, query.compile(db), memory)
}

/** Where the last row stands, without a look at the others. */
function lastPlaceIn(copied: Buffer): Place | undefined {
  const tuples = lastTupleIn(copied)
  if (!tuples) return undefined
  const id = tuples.text()
  tuples.skip(2)
  return { createdAt: tuples.time(), id }
}

/** In the order of the columns above. */
function rowsIn(copied: Buffer): ExportRow[] {
  const tuples = tuplesIn(copied)
  const rows: ExportRow[] = []
  while (tuples.next()) {
    rows.push({
      id: tuples.text(),
      confirmation_id: tuples.text(),
      version: tuples.integer(),
      created_at: tuples.time(),
      created_by: tuples.text(),
      full_name: tuples.textOrNull(),
      email: tuples.textOrNull(),
      submitted_at: tuples.timeOrNull(),
      updated_at: tuples.time(),
      status: tuples.textOrNull(),
      assignee: tuples.textOrNull(),
      assignee_email: tuples.textOrNull(),
      draft: tuples.boolean(),
      deleted: tuples.boolean(),
      answers: tuples.bytes(),
    })
  }
  return rows
}

/** How many rows an export has by now. */
export async function countRows(db: Db, scope: ExportScope): Promise<number> {
  const result = await sql<{ count: number }>`select count(*) from submission s where ${where(scope)}`.execute(db)
  return result.rows[0]?.count ?? 0
}

function where({ formId, until, versionId, filter }: ExportScope): Sql {
  const conditions: Sql[] = [sql`s.form_id = ${formId}`, sql`s.created_at <= ${until}`]
  conditions.push(filter.test ? sql`s.test` : sql`not s.test`)
  if (!filter.deleted) conditions.push(sql`not s.deleted`)
  if (!filter.drafts) conditions.push(sql`not s.draft`)
  if (filter.status !== undefined) conditions.push(sql`s.status = ${filter.status}`)
  if (filter.minDate) conditions.push(sql`s.created_at >= ${filter.minDate}`)
  if (filter.maxDate) conditions.push(sql`s.created_at <= ${filter.maxDate}`)
  if (filter.updatedMinDate) conditions.push(sql`s.updated_at >= ${filter.updatedMinDate}`)
  if (filter.updatedMaxDate) conditions.push(sql`s.updated_at <= ${filter.updatedMaxDate}`)
  if (filter.submittedMinDate) conditions.push(sql`s.submitted_at >= ${filter.submittedMinDate}`)
  if (filter.submittedMaxDate) conditions.push(sql`s.submitted_at <= ${filter.submittedMaxDate}`)
  if (versionId !== undefined) conditions.push(sql`s.form_version_id = ${versionId}`)
  return sql.join(conditions, sql` and `)
}
