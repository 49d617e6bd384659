import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { SubmissionRow } from './submission.ts'

/** All writing of submissions goes through this file, so that counts, statuses and rows never part. */
export type NewSubmissions = {
  formId: string
  versionId: string
  draft: boolean
  late: boolean
  author: string
  userId: string | null
  /** One each; `submission` is JSON text. */
  items: { id: string; submission: string }[]
}

/** Several rows per count, so that writers of one form do not queue for one row. */
const shards = 16
const anyShard = () => Math.floor(Math.random() * shards)

/** Stores submissions with their first status and their count, in one statement: all or none. In the items' order. */
export async function insertSubmissions(db: Db, rows: NewSubmissions): Promise<SubmissionRow[]> {
  const ids = rows.items.map((each) => each.id)
  const texts = rows.items.map((each) => each.submission)
  const result = await sql<SubmissionRow>`
    with item as (
      select * from unnest(${ids}::uuid[], ${texts}::text[]) with ordinality as item (id, submission, place)
    ), stored as (
      insert into submission (id, form_id, form_version_id, draft, late_entry, status, submission, created_by,
        created_by_user_id, submitted_at)
      select id, ${rows.formId}, ${rows.versionId}, ${rows.draft}, ${rows.late}, ${rows.draft ? null : 'SUBMITTED'},
        submission::jsonb, ${rows.author}, ${rows.userId}, ${rows.draft ? null : sql`now()`}
      from item
      returning id, form_version_id, confirmation_id, draft, deleted, created_by, created_at, updated_by, updated_at
    ), status as (
      insert into submission_status (id, submission_id, code, created_by)
      select gen_random_uuid(), id, 'SUBMITTED', ${rows.author} from item where not ${rows.draft}::boolean
    ), counted as (
      insert into submission_count as kept (form_id, form_version_id, draft, deleted, test, shard, count)
      values (${rows.formId}, ${rows.versionId}, ${rows.draft}, false, false, ${anyShard()}, ${ids.length})
      on conflict (form_id, form_version_id, draft, deleted, test, shard) do update set count = kept.count + excluded.count
    )
    select stored.*, item.submission from stored join item using (id) order by item.place`.execute(db)
  return result.rows
}

export type Change = {
  draft?: boolean
  deleted?: boolean
  /** JSON text. */
  submission?: string
  /** Whether this is the moment of submission: it gets its status and, as a draft's end, its time. */
  submitted?: boolean
}

/**
 * Changes a submission of a form and its counts in one statement.
 * @param expected what the caller decided by; when another change came first, nothing is written
 * @returns the row, or undefined when there is none in the expected state
 */
export async function changeSubmission(
  db: Db,
  target: { formId: string; id: string },
  expected: { draft: boolean; deleted: boolean },
  change: Change,
  author: string,
): Promise<SubmissionRow | undefined> {
  const submitted = change.submitted === true
  const result = await sql<SubmissionRow>`
    with changed as (
      update submission set
        draft = ${orSame(change.draft, 'draft')}, deleted = ${orSame(change.deleted, 'deleted')},
        submission = ${change.submission === undefined ? sql.ref('submission.submission') : sql`${change.submission}::jsonb`},
        status = ${submitted ? sql`'SUBMITTED'` : sql.ref('submission.status')},
        submitted_at = ${submitted ? sql`now()` : sql.ref('submission.submitted_at')},
        updated_by = ${author}, updated_at = now()
      where id = ${target.id} and form_id = ${target.formId}
        and draft = ${expected.draft} and deleted = ${expected.deleted}
      returning *
    ), status as (
      insert into submission_status (id, submission_id, code, created_by)
      select gen_random_uuid(), id, 'SUBMITTED', ${author} from changed where ${submitted}::boolean
    ), counted as (
      insert into submission_count as kept (form_id, form_version_id, draft, deleted, test, shard, count)
      select form_id, form_version_id, draft, deleted, test, ${anyShard()}::smallint, sum(step)::bigint from (
        select form_id, form_version_id, ${expected.draft}::boolean as draft, ${expected.deleted}::boolean as deleted, test, -1 as step
        from changed
        union all
        select form_id, form_version_id, draft, deleted, test, 1 from changed
      ) step
      group by form_id, form_version_id, draft, deleted, test
      having sum(step) <> 0
      order by draft, deleted
      on conflict (form_id, form_version_id, draft, deleted, test, shard) do update set count = kept.count + excluded.count
    )
    select id, form_version_id, confirmation_id, draft, deleted, submission::text as submission, created_by, created_at,
      updated_by, updated_at
    from changed`.execute(db)
  return result.rows[0]
}

function orSame(value: boolean | undefined, column: string): RawBuilder<unknown> {
  return value === undefined ? sql`${sql.ref(`submission.${column}`)}` : sql`${value}::boolean`
}
