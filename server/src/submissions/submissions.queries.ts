import { sql } from 'kysely'
import type { Db, RunStatement, Statement } from '../db/database.ts'
import type { SubmissionRow } from './submission.ts'

export type StatusRow = {
  id: string
  submission_id: string
  code: string
  assigned_to_user_id: string | null
  action_date: Date | null
  created_by: string
  created_at: Date
  user_name: string | null
  user_email: string | null
}

const statusesStatement: Statement = {
  name: 'statuses-of-submission',
  text: `select t.id, t.submission_id, t.code, t.assigned_to_user_id, t.action_date, t.created_by, t.created_at,
      u.name as user_name, u.email as user_email
    from submission_status t
    join submission s on s.id = t.submission_id
    left join app_user u on u.id = t.assigned_to_user_id
    where t.submission_id = $2 and s.form_id = $1
    order by t.created_at desc, t.id`,
}

const batchSize = 50

/** Submissions of a form by their ids, in that order, in batches: their answers may be long. */
export async function* submissionsById(db: Db, formId: string, ids: string[]): AsyncGenerator<SubmissionRow[]> {
  for (let start = 0; start < ids.length; start += batchSize) {
    const batch = ids.slice(start, start + batchSize)
    const { rows } =
      await sql<SubmissionRow>`select s.id, s.form_version_id, s.confirmation_id, s.draft, s.deleted, s.test,
        s.submission::text as submission, s.created_by, s.created_at, s.updated_by, s.updated_at
      from unnest(${batch}::uuid[]) with ordinality as wanted (id, place)
      join submission s on s.id = wanted.id and s.form_id = ${formId} order by wanted.place`.execute(db)
    yield rows
  }
}

/** The versions to which these submissions of a form belong, newest first. */
export async function versionIdsOf(db: Db, formId: string, ids: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from form_version where form_id = ${formId} and id in (
    select form_version_id from submission where form_id = ${formId} and id = any(${ids}::uuid[]))
    order by version desc`.execute(db)
  return rows.map(({ id }) => id)
}

/** Newest first. */
export function statusesOfSubmission(run: RunStatement, formId: string, submissionId: string): Promise<StatusRow[]> {
  return run<StatusRow>(statusesStatement, [formId, submissionId])
}
