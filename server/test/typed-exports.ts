import { sql } from 'kysely'
import { notingKeys } from '../src/submissions/answer-keys.queries.ts'
import { type Exports, type Query, textField } from './exports-app.ts'
import type { TestForm } from './harness.ts'

/** A number's field, a day's and so on: what typed exports tell apart. */
export const field = (type: string, key: string, more: object = {}) => ({ type, key, label: key, input: true, ...more })

/** Stores answers as they are, whatever the form's rules say, at a moment of their own. A text is that JSON, digit for digit. */
export async function store(
  { api }: Exports,
  form: TestForm,
  answers: object | string,
  at = '2026-03-01T08:30:00.250Z',
) {
  const json = typeof answers === 'string' ? answers : JSON.stringify(answers)
  await sql`with written as (insert into submission (id, form_id, form_version_id, status, submission, created_by, created_at, submitted_at)
    values (gen_random_uuid(), ${form.formId}, ${form.versionId}, 'SUBMITTED',
      jsonb_build_object('data', ${json}::jsonb), 'test', ${at}, ${at})
    returning form_id, submission) ${notingKeys(sql`written`)} select 1`.execute(api.database.db)
}

/** A form whose second version has other fields than its first, with a submission of each. */
export async function orchards(exports: Exports): Promise<TestForm> {
  const first = await exports.addForm(textField('name'), textField('fax'), field('number', 'trees'))
  await store(exports, first, { name: 'Old', fax: '555', trees: 7 }, '2026-01-15T20:00:00Z')
  const second = await exports.addVersion(
    first,
    { ...textField('name'), label: 'Name of the orchard' },
    field('number', 'trees'),
    field('checkbox', 'organic'),
    field('datetime', 'planted'),
    field('datagrid', 'rows', { components: [textField('sort'), field('number', 'kilos')] }),
  )
  await store(exports, second, {
    name: '=1+1 🍎',
    trees: 12.5,
    organic: true,
    planted: '2026-07-01T09:00:00-07:00',
    rows: [{ sort: 'Gala', kilos: 3 }, { sort: 'Fuji' }],
    note: 'sent by a program',
  })
  return second
}

/** The bytes of an export that went well. */
export async function bytesOf(exports: Exports, form: TestForm, query: Query): Promise<Buffer> {
  const response = await exports.exported(form, query)
  if (response.statusCode !== 200) throw new Error(response.body)
  return response.rawPayload
}
