import type { RunStatement, Statement } from '../db/database.ts'

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

/** Newest first. */
export function statusesOfSubmission(run: RunStatement, formId: string, submissionId: string): Promise<StatusRow[]> {
  return run<StatusRow>(statusesStatement, [formId, submissionId])
}
