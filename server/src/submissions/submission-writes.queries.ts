import { type RawBuilder, sql } from 'kysely'
import { type ChangeKind, notingChanges } from '../changes/changes.queries.ts'
import type { Db } from '../db/database.ts'
import { attachingFiles } from '../files/files.queries.ts'
import { indexingAnswers, reindexingAnswers } from '../indexed-fields/indexed-fields.queries.ts'
import { notingKeys } from './answer-keys.queries.ts'
import type { SubmissionRow } from './submission.ts'

/** All writing of submissions goes through this file, so that counts, statuses, changes, indexes and rows never part. */
export type NewSubmissions = {
  formId: string
  versionId: string
  draft: boolean
  late: boolean
  /** Whether a test key makes them. */
  test: boolean
  author: string
  userId: string | null
  /** One each; `submission` is JSON text. */
  items: { id: string; submission: string }[]
}

/** Several rows per count, so that writers of one form do not queue for one row. */
const shards = 16
const anyShard = () => Math.floor(Math.random() * shards)

/** Stores submissions with their first status, their count and the files that they name, in one statement: all or none. In the items' order. */
export async function insertSubmissions(db: Db, rows: NewSubmissions): Promise<SubmissionRow[]> {
  const ids = rows.items.map((each) => each.id)
  const texts = rows.items.map((each) => each.submission)
  const result = await sql<SubmissionRow>`
    with item as (
      select * from unnest(${ids}::uuid[], ${texts}::text[]) with ordinality as item (id, submission, place)
    ), stored as (
      insert into submission (id, form_id, form_version_id, draft, test, late_entry, status, submission, created_by,
        created_by_user_id, submitted_at)
      select id, ${rows.formId}, ${rows.versionId}, ${rows.draft}, ${rows.test}, ${rows.late}, ${rows.draft ? null : 'SUBMITTED'},
        submission::jsonb, ${rows.author}, ${rows.userId}, ${rows.draft ? null : sql`now()`}
      from item
      returning id, form_id, form_version_id, confirmation_id, draft, deleted, test, status, created_by, created_at, updated_by,
        updated_at, submission as written
    ), status as (
      insert into submission_status (id, submission_id, code, created_by)
      select gen_random_uuid(), id, 'SUBMITTED', ${rows.author} from item where not ${rows.draft}::boolean
    ), counted as (
      insert into submission_count as kept (form_id, form_version_id, draft, deleted, test, shard, count)
      values (${rows.formId}, ${rows.versionId}, ${rows.draft}, false, ${rows.test}, ${anyShard()}, ${ids.length})
      on conflict (form_id, form_version_id, draft, deleted, test, shard) do update set count = kept.count + excluded.count
    )${notingChanges(sql`(select stored.* from stored join item using (id) order by item.place) stored`, 'created', rows.author)}
    ${notingKeys(sql`(select form_id, written as submission from stored)`)}
    ${indexingAnswers(storedAnswers)}
    ${attachingFiles(rows.formId, rows.userId, rows.items, 'stored')}
    select ${shownColumns}, item.submission from stored join item using (id) order by item.place`.execute(db)
  return result.rows
}

const storedAnswers = sql`(select id, form_id, created_at, written as answers from stored)`
const changedAnswers = sql`(select id, form_id, created_at, submission as answers from changed)`

export type NewStatus = { id: string; code: string; assignedToUserId: string | null; actionDate: Date | null }

export type Change = {
  draft?: boolean
  deleted?: boolean
  /** JSON text. */
  submission?: string
  /** Whose uploads the new answers may take with them; without, only strangers'. */
  userId?: string | null
  /** Whether this is the moment of submission: it gets its status and, as a draft's end, its time. */
  submitted?: boolean
  /** A status that the team gives. */
  status?: NewStatus
}

/** What a change is decided by. */
export type Expected = { draft: boolean; deleted: boolean; status?: string | null; updatedAt?: Date }

/**
 * Changes a submission of a form, its counts and the files that it names, in one statement.
 * @param expected what the caller decided by; when another change came first, nothing is written
 * @returns the row, or undefined when there is none in the expected state
 */
export async function changeSubmission(
  db: Db,
  target: { formId: string; id: string },
  expected: Expected,
  change: Change,
  author: string,
): Promise<SubmissionRow | undefined> {
  const submitted = change.submitted === true
  const status = submitted ? firstStatus : change.status
  const edit = editIn(expected, change)
  // Giving a status alone does not touch what was filled in.
  const touched = [change.submission, change.deleted, change.draft].some((each) => each !== undefined)
  const items = change.submission === undefined ? [] : [{ id: target.id, submission: change.submission }]
  const result = await sql<SubmissionRow>`
    with changed as (
      update submission set
        draft = ${orSame(change.draft, 'draft')}, deleted = ${orSame(change.deleted, 'deleted')},
        submission = ${change.submission === undefined ? sql.ref('submission.submission') : sql`${change.submission}::jsonb`},
        status = ${status ? sql`${status.code}` : sql.ref('submission.status')},
        assigned_to_user_id = ${status ? sql`${status.assignedToUserId}::uuid` : sql.ref('submission.assigned_to_user_id')},
        submitted_at = ${submitted ? sql`now()` : sql.ref('submission.submitted_at')},
        updated_by = ${touched ? author : sql.ref('submission.updated_by')},
        updated_at = ${touched ? sql`now()` : sql.ref('submission.updated_at')}
      where id = ${target.id} and form_id = ${target.formId}
        and draft = ${expected.draft} and deleted = ${expected.deleted}
        and ${expected.updatedAt === undefined ? sql`true` : sql`updated_at = ${expected.updatedAt}`}
        and ${expected.status === undefined ? sql`true` : sql`status is not distinct from ${expected.status}::text`}
      returning *
    ), status as (${status ? insertStatus(status, author) : sql`select`}
    ), edit as (
      insert into submission_edit (submission_id, kind, draft, created_by)
      select id, ${edit ?? ''}, draft, ${author} from changed where ${edit !== undefined}::boolean
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
    )${notingChanges(sql`changed`, changeKindOf(expected, change), author)}
    ${change.submission === undefined ? sql`` : notingKeys(sql`changed`)}
    ${change.submission === undefined ? sql`` : reindexingAnswers(changedAnswers)}
    ${attachingFiles(target.formId, change.userId ?? null, items, 'changed')}
    select ${shownColumns}, submission::text as submission from changed`.execute(db)
  return result.rows[0]
}

const shownColumns = sql`id, form_version_id, confirmation_id, draft, deleted, test, created_by, created_at, updated_by, updated_at`

const firstStatus = { id: null, code: 'SUBMITTED', assignedToUserId: null, actionDate: null }

/** Each status is later than those before it, also when two come within one millisecond: the newest is the present one. */
function insertStatus(status: NewStatus | typeof firstStatus, author: string): RawBuilder<unknown> {
  return sql`
      insert into submission_status (id, submission_id, code, assigned_to_user_id, action_date, created_by, created_at)
      select coalesce(${status.id}::uuid, gen_random_uuid()), id, ${status.code}, ${status.assignedToUserId}::uuid,
        ${status.actionDate}::timestamptz, ${author}, greatest(clock_timestamp(), (
          select max(created_at) + interval '1 millisecond' from submission_status where submission_id = changed.id))
      from changed`
}

/** How the feed tells of a change. */
function changeKindOf(before: Expected, change: Change): ChangeKind {
  if (change.deleted !== undefined && change.deleted !== before.deleted) return change.deleted ? 'deleted' : 'restored'
  return change.submission !== undefined || change.draft !== undefined ? 'updated' : 'status'
}

/** How the history tells of a change; drafts are saved too often to tell of each time, and statuses stand elsewhere. */
function editIn(before: Expected, change: Change): 'updated' | 'deleted' | 'restored' | undefined {
  if (change.deleted !== undefined && change.deleted !== before.deleted) return change.deleted ? 'deleted' : 'restored'
  return change.submission !== undefined && !before.draft ? 'updated' : undefined
}

/**
 * Deletes or restores submissions of one form: all of them or, if one is unknown or another form's, none. Those that are
 * in the wanted state already stay as they are.
 * @param ids each once
 * @returns whether all are there
 */
export function markSubmissions(
  db: Db,
  formId: string,
  ids: string[],
  deleted: boolean,
  author: string,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    // Locked in one order, so that two who mark the same rows wait for each other instead of failing.
    const found = await sql`select id from submission where form_id = ${formId} and id = any(${ids}::uuid[])
      order by id for update`.execute(tx)
    if (found.rows.length !== ids.length) return false
    await sql`
      with changed as (
        update submission set deleted = ${deleted}, updated_by = ${author}, updated_at = now()
        where form_id = ${formId} and id = any(${ids}::uuid[]) and deleted <> ${deleted}
        returning *
      ), edit as (
        insert into submission_edit (submission_id, kind, draft, created_by)
        select id, ${deleted ? 'deleted' : 'restored'}, draft, ${author} from changed order by id
      )${notingChanges(sql`(select * from changed order by id) changed`, deleted ? 'deleted' : 'restored', author)}
      insert into submission_count as kept (form_id, form_version_id, draft, deleted, test, shard, count)
      select form_id, form_version_id, draft, state.deleted, test, ${anyShard()}::smallint,
        sum(case when state.deleted = changed.deleted then 1 else -1 end)::bigint
      from changed cross join (values (true), (false)) state (deleted)
      group by form_id, form_version_id, draft, state.deleted, test
      order by form_version_id, draft, state.deleted
      on conflict (form_id, form_version_id, draft, deleted, test, shard) do update set count = kept.count + excluded.count
    `.execute(tx)
    return true
  })
}

function orSame(value: boolean | undefined, column: string): RawBuilder<unknown> {
  return value === undefined ? sql`${sql.ref(`submission.${column}`)}` : sql`${value}::boolean`
}
