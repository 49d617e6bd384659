import pg from 'pg'
import type { BenchForm } from './scenario.ts'

/**
 * Copies the form's first submission until it has this many, and counts them as the server would. Each copy has a `mail` of its own
 * and one of four regions.
 */
export async function seedTo(databaseUrl: string, form: BenchForm, rows: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      `insert into submission (id, form_id, form_version_id, status, submission, created_by, created_at, submitted_at)
       select gen_random_uuid(), form_id, form_version_id, status, submission || jsonb_build_object('data', submission->'data' || jsonb_build_object(
           'mail', 'respondent' || place || '@example.org', 'region', (array['north', 'south', 'east', 'west'])[1 + place % 4])),
         created_by, created_at - place * interval '1 second', submitted_at
       from submission, generate_series((select count(*) from submission where form_id = $1), $2 - 1) place
       where id = $3`,
      [form.formId, rows, form.submissionId],
    )
    await client.query(
      `insert into submission_status (id, submission_id, code, created_by)
       select gen_random_uuid(), id, 'SUBMITTED', created_by from submission s
       where form_id = $1 and not exists (select from submission_status where submission_id = s.id)`,
      [form.formId],
    )
    await client.query('delete from submission_count where form_id = $1', [form.formId])
    await client.query(
      `insert into submission_count (form_id, form_version_id, draft, deleted, test, shard, count)
       select form_id, form_version_id, draft, deleted, test, 0, count(*) from submission where form_id = $1 group by 1, 2, 3, 4, 5`,
      [form.formId],
    )
    await client.query('vacuum analyze submission, submission_status, submission_count')
  } finally {
    await client.end()
  }
}
