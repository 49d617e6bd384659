import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { AnswerPlace } from './answer-place.ts'

export type IndexedField = AnswerPlace & {
  id: number
  filled_rows: number
  ready_at: Date | null
  created_by: string
  created_at: Date
}

type Sql = RawBuilder<unknown>

/** The fields of a form whose answers are indexed or are about to be, in the order of their names. */
export async function indexedFieldsOf(db: Db, formId: string): Promise<IndexedField[]> {
  const { rows } =
    await sql<IndexedField>`select id, field, path::text as path, filled_rows, ready_at, created_by, created_at
    from indexed_field where form_id = ${formId} and removed_at is null order by field`.execute(db)
  return rows
}

/** How many submissions a form has in all. */
export async function submissionsIn(db: Db, formId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select coalesce(sum(count), 0)::bigint as count from submission_count
    where form_id = ${formId}`.execute(db)
  return rows[0]?.count ?? 0
}

/** Makes these all the indexed fields of a form. In a transaction that ends soon: no submission is written meanwhile. */
export async function changeIndexedFields(
  tx: Db,
  formId: string,
  wanted: AnswerPlace[],
  author: string,
): Promise<void> {
  // A statement that is writing a submission now has not seen the change, and its rows cannot be seen yet by whoever
  // fills the index. All that write answers are waited for; those that come later wait, and then see the change.
  await sql`set local lock_timeout = '5s'`.execute(tx)
  await sql`lock table submission_answer in share row exclusive mode`.execute(tx)
  const fields = wanted.map(({ field }) => field)
  await sql`update indexed_field set removed_at = now()
    where form_id = ${formId} and removed_at is null and field <> all(${fields}::text[])`.execute(tx)
  await sql`insert into indexed_field (form_id, field, path, created_by)
    select ${formId}, field, path::jsonpath, ${author}
    from unnest(${fields}::text[], ${wanted.map(({ path }) => path)}::text[]) wanted (field, path)
    on conflict (form_id, field) where removed_at is null do nothing`.execute(tx)
}

/**
 * SQL: a part of a statement that stores new submissions, which indexes their answers.
 * @param stored rows with `id`, `form_id`, `created_at`, and the `answers` as jsonb
 */
export function indexingAnswers(stored: Sql): Sql {
  return sql`, indexed as (${insertAnswers(answersOf(stored))})`
}

/** SQL: a part of a statement that changes the answers of submissions. @param changed as in `indexingAnswers` */
export function reindexingAnswers(changed: Sql): Sql {
  // Rows of answers that stayed are left alone: within one statement a row cannot be deleted and then inserted again.
  return sql`, answer as (${answersOf(changed)}),
    outdated as (
      delete from submission_answer a where a.submission_id in (select c.id from ${changed} c)
        and not exists (select from answer n where n.indexed_field_id = a.indexed_field_id and n.value = a.value)
    ), indexed as (${insertAnswers(sql`select * from answer`)})`
}

/** In the order of the index: two who insert the same rows then wait for each other in turn and not for ever. */
function insertAnswers(answers: Sql): Sql {
  return sql`insert into submission_answer (indexed_field_id, value, created_at, submission_id)
    select * from (${answers}) answers order by 1, 2, 3, 4 on conflict do nothing`
}

function answersOf(submissions: Sql): Sql {
  return sql`select f.id as indexed_field_id, h.value, s.created_at, s.id as submission_id
    from indexed_field f join ${submissions} s on s.form_id = f.form_id
    cross join lateral answer_hashes(s.answers, f.path) h (value)
    where f.removed_at is null`
}

export type FillStep = 'done' | 'more' | 'nothing'

/**
 * Adds the next batch of submissions to an index that is being built. Any number of containers may do so at once: each takes a
 * field that no other has.
 */
export function fillNext(db: Db, batchSize: number): Promise<FillStep> {
  return db.transaction().execute(async (tx) => {
    await lockAnswers(tx)
    const { rows: fields } = await sql<{ id: number; form_id: string }>`select id, form_id from indexed_field
      where ready_at is null and removed_at is null order by id limit 1 for update skip locked`.execute(tx)
    const [field] = fields
    if (!field) return 'nothing'
    const { rows } = await sql<{ ready: boolean }>`
      with batch as (
        select s.id, s.form_id, s.created_at, s.submission as answers from submission s
        where s.form_id = ${field.form_id} and (s.created_at, s.id) < (
          select filled_before, filled_before_id from indexed_field where id = ${field.id})
        order by s.created_at desc, s.id desc limit ${batchSize}
      ), indexed as (
        ${insertAnswers(sql`${answersOf(sql`batch`)} and f.id = ${field.id}`)}
      ), last as (
        select created_at, id from batch order by created_at, id limit 1
      )
      update indexed_field f set
        filled_before = coalesce((select created_at from last), f.filled_before),
        filled_before_id = coalesce((select id from last), f.filled_before_id),
        filled_rows = f.filled_rows + (select count(*) from batch),
        ready_at = case when (select count(*) from batch) < ${batchSize} then now() end
      where id = ${field.id} returning ready_at is not null as ready`.execute(tx)
    return rows[0]?.ready ? 'done' : 'more'
  })
}

/** Deletes the next batch of answers of a field that was removed and, after the last, the field. */
export function forgetNext(db: Db, batchSize: number): Promise<FillStep> {
  return db.transaction().execute(async (tx) => {
    await lockAnswers(tx)
    const { rows } = await sql<{ id: number }>`select id from indexed_field where removed_at is not null
      order by id limit 1 for update skip locked`.execute(tx)
    const [field] = rows
    if (!field) return 'nothing'
    const { numAffectedRows } =
      await sql`delete from submission_answer where (indexed_field_id, value, created_at, submission_id) in (
      select indexed_field_id, value, created_at, submission_id from submission_answer
      where indexed_field_id = ${field.id} limit ${batchSize})`.execute(tx)
    if (numAffectedRows === BigInt(batchSize)) return 'more'
    await sql`delete from indexed_field where id = ${field.id}`.execute(tx)
    return 'done'
  })
}

/** Before the row of a field: whoever changes the fields locks both in this order, and each would wait for the other. */
async function lockAnswers(tx: Db): Promise<void> {
  await sql`lock table submission_answer in row exclusive mode`.execute(tx)
}
