import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

/** One submission as its own submitter sees it in a list. */
export type OwnRow = {
  id: string
  form_id: string
  form_version_id: string
  version: number
  confirmation_id: string
  draft: boolean
  status: string | null
  late_entry: boolean
  created_at: Date
  updated_at: Date
  created_by_user_id: string
  name: string
  description: string | null
  active: boolean
  enable_status_updates: boolean
  enable_submitter_draft: boolean
}

export type OwnFilter = { formId?: string | undefined; submissionId?: string | undefined; active: boolean }

const batchSize = 500

/** What one person filled in and has not deleted, newest first, in batches. */
export async function* submissionsOfPerson(db: Db, userId: string, filter: OwnFilter): AsyncGenerator<OwnRow[]> {
  const { formId, submissionId, active } = filter
  for (let after = sql`true`, more = true; more; ) {
    const { rows } = await sql<OwnRow>`
      select s.id, s.form_id, s.form_version_id, v.version, s.confirmation_id, s.draft, s.status, s.late_entry,
        s.created_at, s.updated_at, s.created_by_user_id, f.name, f.description, f.active,
        coalesce((f.settings->>'enableStatusUpdates')::boolean, false) as enable_status_updates,
        coalesce((f.settings->>'enableSubmitterDraft')::boolean, false) as enable_submitter_draft
      from submission s
      join form f on f.id = s.form_id
      join form_version v on v.id = s.form_version_id
      where s.created_by_user_id = ${userId} and not s.deleted and f.active = ${active}
        and ${formId === undefined ? sql`true` : sql`s.form_id = ${formId}`}
        and ${submissionId === undefined ? sql`true` : sql`s.id = ${submissionId}`}
        and ${after}
      order by s.created_at desc, s.id desc limit ${batchSize}`.execute(db)
    yield rows
    const last = rows.at(-1)
    more = rows.length === batchSize
    if (last) after = sql`(s.created_at, s.id) < (${last.created_at}, ${last.id})`
  }
}
