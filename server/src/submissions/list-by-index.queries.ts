import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { type AnswerCondition, type Driver, type ListFilter, type Sql, where } from './list-conditions.queries.ts'

/** A part of a list in the order of creation. */
export type Part = {
  /** The rows beyond a place, given the columns of its order. */
  beyond(createdAt: Sql, id: Sql): Sql
  oldestFirst: boolean
  limit: number
  offset: number
}

/** SQL: the times and ids of a list's rows as `hit`, found by an index in the order of the list: what is not asked for is not read. */
export function hitsInIndex(formId: string, filter: ListFilter, driver: Driver, part: Part): Sql {
  const direction = part.oldestFirst ? sql`asc` : sql`desc`
  // Any of several values: each has an order of its own in the index, so each gives as many as all together may need.
  return sql`(
    select distinct found.created_at, found.id from (${hashesOf(driver)}) wanted
    cross join lateral (
      select a.created_at, a.submission_id as id
      from submission_answer a join submission s on s.id = a.submission_id
      where a.indexed_field_id = ${driver.indexId} and a.value = wanted.value and ${inTime(filter)}
        and ${part.beyond(sql`a.created_at`, sql`a.submission_id`)} and ${where(formId, filter)}
      order by a.created_at ${direction}, a.submission_id ${direction} limit ${part.limit + part.offset}
    ) found
    order by found.created_at ${direction}, found.id ${direction} limit ${part.limit} offset ${part.offset}) hit`
}

/** SQL: whether an index has a row `s`, for orders that are not its own. */
export function isInIndex(driver: Driver): Sql {
  return sql`s.id in (select a.submission_id from submission_answer a
    where a.indexed_field_id = ${driver.indexId} and a.value in (${hashesOf(driver)}))`
}

/** With the hash of submissions that have too many answers to be told apart. */
function hashesOf({ values }: Pick<Driver, 'values'>): Sql {
  return sql`select answer_hash(answer) as value from jsonb_array_elements(${values}::jsonb) answer union select '\\x'::bytea`
}

function inTime({ createdAt }: ListFilter): Sql {
  return createdAt ? sql`a.created_at between ${createdAt[0]} and ${createdAt[1]}` : sql`true`
}

/** So far it is looked which of several indexes has the fewest rows. */
const comparedMax = 1000

/** The index that leaves the fewest rows to look at, of those that are ready. */
export async function bestIndex(db: Db, conditions: AnswerCondition[]): Promise<Driver | undefined> {
  const drivers = conditions.flatMap(({ indexId, values }) => (indexId === undefined ? [] : [{ indexId, values }]))
  if (drivers.length < 2) return drivers[0]
  const { rows } = await sql<{ place: number }>`select d.place::int from unnest(
      ${drivers.map(({ indexId }) => indexId)}::int[], ${drivers.map(({ values }) => values)}::text[]
    ) with ordinality d (index_id, wanted, place)
    cross join lateral (
      select count(*) as rows from (
        select from submission_answer a where a.indexed_field_id = d.index_id
          and a.value in (select answer_hash(answer) from jsonb_array_elements(d.wanted::jsonb) answer) limit ${comparedMax}
      ) few
    ) counted order by counted.rows, d.place limit 1`.execute(db)
  return drivers[(rows[0]?.place ?? 1) - 1]
}
