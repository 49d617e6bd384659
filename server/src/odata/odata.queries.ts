import { sql } from 'kysely'
import { isCancelled } from '../db/cancelled.ts'
import type { Db } from '../db/database.ts'
import { sumBefore } from '../db/sums.ts'
import type { MetadataName } from '../exports/metadata.ts'
import { problems } from '../problem.ts'
import { keptCount } from '../submissions/list-counts.queries.ts'
import type { Entity } from './entity-text.ts'
import { conditionSql } from './filter.queries.ts'
import type { Expression, Ordering } from './filter.ts'
import type { EntityType, Model } from './model.ts'
import { afterSql, orderOf, orderSql } from './order.queries.ts'
import { fromSql, holderSql, metadataSql, rowNumberSql, type Sql } from './properties.queries.ts'
import type { Place } from './resource-path.ts'
import type { SkipToken } from './skip-token.ts'

/** The entities that a request is about. */
export type Entities = {
  formId: string
  model: Model
  type: EntityType
  within: Place | undefined
  filter: Expression | undefined
  test: boolean
  drafts: boolean
  deleted: boolean
}

export type PageWanted = {
  orderBy: Ordering[]
  after: SkipToken | undefined
  skip: number
  limit: number
  /** What has to be known of the submission, and whether answers are to be read. */
  members: ReadonlySet<MetadataName>
  answers: boolean
}

export type Found = { entity: Entity; keys: (string | null)[] }

/** Bounds of one page beside its number: answers can have megabytes, stored and as text. */
const storedBytesMax = 4_000_000
const textBytesMax = 8_000_000

/** A page of entities, and whether there are more behind it. @throws Problem 400 `query_too_slow` */
export async function pageOfEntities(
  db: Db,
  entities: Entities,
  wanted: PageWanted,
): Promise<{ found: Found[]; more: boolean }> {
  const { rows } = await inTime(db, (tx) => pageSql(entities, wanted).execute(tx))
  const shown = rows.slice(0, wanted.limit)
  const found = shown.map((row) => toFound(row, entities.type, wanted.members))
  return { found, more: (rows[0]?.found ?? 0) > shown.length }
}

type Row = {
  id: string
  created_at: Date
  rows: number[]
  keys: (string | null)[]
  answers: string | null
  found: number
  [member: `m_${string}`]: unknown
}

function pageSql(entities: Entities, { orderBy, after, skip, limit, members, answers }: PageWanted) {
  const { type } = entities
  const order = orderOf(orderBy, entities)
  const rowNumbers = type.steps.map((_, index) => sql`${rowNumberSql(index + 1)}::int`)
  const known = [...members].map((member) => sql`, ${metadataSql[member]} as ${sql.ref(`m_${member}`)}`)
  const holder = type.parent ? sql`p.holder` : sql`p.holder->'data'`
  // From the innermost on: the places by their order, how large they are as they are stored, and what stands there. What is
  // known beside the answers is looked up for those that are shown, not for those that an offset leaves out.
  return sql<Row>`select * from (
    select p.id, p.created_at, p.rows, p.keys, p.found, p.place, t.answers, ${sumBefore(sql`coalesce(octet_length(t.answers), 0)`, sql`p.place`)} as text_before ${sql.join(known, sql``)}
    from (
      select i.*, count(*) over () as found, row_number() over () as place,
        coalesce(sum(pg_column_size(i.holder)) over (rows unbounded preceding) - pg_column_size(i.holder), 0) as stored_before
      from (
        select s.id, s.created_at, array[${sql.join(rowNumbers)}]::int[] as rows,
          array[${sql.join(order.keys.map((key) => sql`${key.value}::text`))}]::text[] as keys,
          ${answers ? holderSql(type) : sql`null::jsonb`} as holder
        from ${fromSql(type)} where ${where(entities)} and ${after ? afterSql(order, after) : sql`true`}
        order by ${orderSql(order)} limit ${limit + 1} offset ${skip}
      ) i
    ) p
    join submission s on s.id = p.id and s.form_id = ${entities.formId}
    -- Kept apart by the offset, so that large answers are unpacked once.
    cross join lateral (select (${holder})::text as answers offset 0) t
    where p.stored_before < ${storedBytesMax}
    ) page where text_before < ${textBytesMax} order by place`
}

function toFound(row: Row, { parent }: EntityType, members: ReadonlySet<MetadataName>): Found {
  const answers: unknown = row.answers === null ? undefined : JSON.parse(row.answers)
  const metadata = Object.fromEntries([...members].map((member) => [member, row[`m_${member}`]]))
  const place = { submissionId: row.id, rows: parent ? row.rows : [] }
  return { entity: { place, createdAt: row.created_at, metadata, answers }, keys: row.keys }
}

/** How many entities there are: of all submissions by the counts that are kept. @throws Problem 400 `query_too_slow` */
export async function countEntities(db: Db, entities: Entities): Promise<number> {
  const { formId, type, within, filter, test, drafts, deleted } = entities
  if (!type.parent && !within && !filter) {
    return keptCount(db, formId, {
      test,
      ...(drafts ? {} : { draft: false }),
      ...(deleted ? {} : { deleted: false }),
    })
  }
  const counting = sql<{ count: number }>`select count(*) as count from ${fromSql(type)} where ${where(entities)}`
  const { rows } = await inTime(db, (tx) => counting.execute(tx))
  return rows[0]?.count ?? 0
}

/** Whether a submission is one of those that the feed shows. */
export async function isInFeed(db: Db, entities: Entities, submissionId: string): Promise<boolean> {
  const within = { submissionId, rows: [] }
  const found = await sql`select from submission s where ${where({ ...entities, within, filter: undefined })}`.execute(
    db,
  )
  return found.rows.length > 0
}

function where({ formId, model, type, within, filter, test, drafts, deleted }: Entities): Sql {
  const conditions = [sql`s.form_id = ${formId}`, test ? sql`s.test` : sql`not s.test`]
  if (!deleted) conditions.push(sql`not s.deleted`)
  if (!drafts) conditions.push(sql`not s.draft`)
  if (within) conditions.push(sql`s.id = ${within.submissionId}`)
  for (const [index, row] of (within?.rows ?? []).entries()) conditions.push(sql`${rowNumberSql(index + 1)} = ${row}`)
  if (filter) conditions.push(conditionSql(filter, { type, model, option: '$filter' }))
  return sql.join(conditions, sql` and `)
}

/** A filter or an order without an index reads all answers, and nobody waits longer for a page. */
const statementMs = 20_000

/** Runs a statement that may not take for ever. @throws Problem 400 `query_too_slow` */
export async function inTime<T>(db: Db, run: (tx: Db) => Promise<T>, ms = statementMs): Promise<T> {
  try {
    return await db.transaction().execute(async (tx) => {
      await sql`select set_config('statement_timeout', ${String(ms)}, true)`.execute(tx)
      return run(tx)
    })
  } catch (error) {
    if (isCancelled(error)) throw problems.queryTooSlow(tooSlow(ms))
    throw error
  }
}

function tooSlow(ms: number): string {
  return `It took more than ${ms / 1000} s. Ask for a range of form_createdAt, or without $orderby: these have an index to follow.`
}

/** The ids of a form's versions, the oldest first. */
export async function versionIdsOf(db: Db, formId: string): Promise<string[]> {
  const found = await db
    .selectFrom('form_version')
    .select('id')
    .where('form_id', '=', formId)
    .orderBy('version')
    .execute()
  return found.map(({ id }) => id)
}
