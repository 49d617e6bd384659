import type pg from 'pg'
import { expect } from 'vitest'

/** What must hold after any calls, as statements that list what breaks it. */
const offences = {
  'a count differs from the submissions that it counts': `
    select coalesce(kept.form_version_id, counted.form_version_id) as id, kept.count as kept, counted.count as counted
    from (select form_version_id, draft, deleted, test, sum(count) as count from submission_count
      group by form_version_id, draft, deleted, test) kept
    full join (select form_version_id, draft, deleted, test, count(*) as count from submission
      group by form_version_id, draft, deleted, test) counted
    using (form_version_id, draft, deleted, test)
    where coalesce(kept.count, 0) <> coalesce(counted.count, 0)`,
  'a submission was submitted without a status, or has one as a draft': `
    select id from submission where (status is null) <> (submitted_at is null)
      or (status is null or status = 'REVISING') <> draft`,
  'a status is not the newest of its history': `
    select s.id from submission s where s.status is distinct from (
      select code from submission_status t where t.submission_id = s.id order by created_at desc limit 1)`,
  'a submission belongs to a version of another form': `
    select s.id from submission s join form_version v on v.id = s.form_version_id where v.form_id <> s.form_id`,
  'a draft starts from a version of another form': `
    select d.id from form_draft d join form_version v on v.id = d.form_version_id where v.form_id <> d.form_id`,
  'a form has several published versions, or versions with gaps': `
    select form_id as id from form_version group by form_id
    having count(*) filter (where published) > 1 or max(version) <> count(*) or min(version) <> 1`,
  'a file belongs to a submission of another form': `
    select file.id from file join submission s on s.id = file.submission_id where s.form_id <> file.form_id`,
  'content is both kept and to be removed': `
    select file.id from file join file_removal using (storage_name)`,
  'a deleted form has a key': `select k.form_id as id from api_key k join form f on f.id = k.form_id where not f.active and k.revoked_at is null`,
  'an answer is kept for a call that was not made': `select form_id as id from idempotency_key where response is null`,
}

/** Asserts that whatever was done has left the tables in agreement. */
export async function expectSoundDatabase(pool: pg.Pool): Promise<void> {
  for (const [offence, select] of Object.entries(offences)) {
    const { rows } = await pool.query(select)
    expect(rows, offence).toEqual([])
  }
}
