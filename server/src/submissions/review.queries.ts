import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

export type EditRow = { id: number; kind: string; created_by: string; created_at: Date }

export type HistoryRow = {
  at: Date
  kind: string
  author: string
  author_name: string | null
  code: string | null
  assigned_to_user_id: string | null
  assigned_to_name: string | null
  action_date: Date | null
}

const batchSize = 500

/** What was done to a submission since it was submitted, in batches, newest first. */
export async function* editsOfSubmission(db: Db, formId: string, submissionId: string): AsyncGenerator<EditRow[]> {
  for (let before: number | undefined, more = true; more; ) {
    const rows: EditRow[] = await db
      .selectFrom('submission_edit as edit')
      .innerJoin('submission', 'submission.id', 'edit.submission_id')
      .select(['edit.id', 'edit.kind', 'edit.created_by', 'edit.created_at'])
      .where('submission.form_id', '=', formId)
      .where('edit.submission_id', '=', submissionId)
      .where('edit.draft', '=', false)
      .$if(before !== undefined, (query) => query.where('edit.id', '<', before ?? 0))
      .orderBy('edit.id', 'desc')
      .limit(batchSize)
      .execute()
    yield rows
    more = rows.length === batchSize
    before = rows.at(-1)?.id
  }
}

/** A submission's making, its edits and its statuses together, newest first. */
export async function historyOfSubmission(
  db: Db,
  formId: string,
  submissionId: string,
  limit: number,
): Promise<HistoryRow[]> {
  const { rows } = await sql<HistoryRow>`
    with wanted as (select * from submission where id = ${submissionId} and form_id = ${formId}),
    event as (
      select created_at as at, 'created' as kind, created_by as author, null as code, null::uuid as assigned_to_user_id,
        null::timestamptz as action_date, 0 as turn
      from wanted
      union all
      select edit.created_at, edit.kind, edit.created_by, null, null, null, 2
      from submission_edit edit join wanted on wanted.id = edit.submission_id
      union all
      select status.created_at, 'status', status.created_by, status.code, status.assigned_to_user_id,
        status.action_date, 1
      from submission_status status join wanted on wanted.id = status.submission_id
    )
    select event.*, author.name as author_name, assignee.name as assigned_to_name
    from event
    left join app_user author on author.email = event.author
    left join app_user assignee on assignee.id = event.assigned_to_user_id
    order by event.at desc, event.turn desc
    limit ${limit}`.execute(db)
  return rows
}

/** Where a status leads on this form; undefined when the form does not know the status asked for. */
export async function nextCodesOn(db: Db, formId: string, present: string | null, code: string) {
  const { rows } = await sql<{ next_codes: string[] }>`
    select coalesce((select next_codes from status_code where code = ${present}), '{}') as next_codes
    from form_status_code where form_id = ${formId} and code = ${code}`.execute(db)
  return rows[0]?.next_codes
}

/** Whether somebody may review the submissions of a form. */
export async function isReviewer(db: Db, formId: string, userId: string): Promise<boolean> {
  const { rows } = await sql`select from form_role_user r join role_permission p on p.role = r.role
    where r.form_id = ${formId} and r.user_id = ${userId} and p.permission = 'submission_review' limit 1`.execute(db)
  return rows.length > 0
}
