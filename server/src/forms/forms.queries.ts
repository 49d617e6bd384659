import { sql } from 'kysely'
import type { FormAccessRow } from '../access/access.queries.ts'
import { roles } from '../access/permission.ts'
import type { Db } from '../db/database.ts'

const formColumns = [
  'id',
  'name',
  'description',
  'active',
  'labels',
  'identity_providers',
  'settings',
  'created_by',
  'created_at',
  'updated_by',
  'updated_at',
] as const

export type FormValues = {
  name: string
  description: string | null
  labels: string[]
  identity_providers: string[]
  /** JSON text. */
  settings: string
}

/** Makes a form, gives its maker every role and links every status code. */
export async function insertForm(
  db: Db,
  id: string,
  values: FormValues,
  author: { name: string; userId: string },
): Promise<FormAccessRow> {
  const created_by = author.name
  const form = await db
    .insertInto('form')
    .values({ id, ...values, created_by })
    .returning(formColumns)
    .executeTakeFirstOrThrow()
  const teamRows = roles.map((role) => ({ form_id: id, user_id: author.userId, role, created_by }))
  await db.insertInto('form_role_user').values(teamRows).execute()
  await sql`insert into form_status_code (id, form_id, code, created_by)
    select gen_random_uuid(), ${id}, code, ${created_by} from status_code`.execute(db)
  return form
}

export function findForm(db: Db, formId: string): Promise<FormAccessRow | undefined> {
  return db.selectFrom('form').select(formColumns).where('id', '=', formId).executeTakeFirst()
}

/** Changes what is named and leaves the rest; undefined when the form is deleted. */
export function updateForm(
  db: Db,
  formId: string,
  change: Partial<FormValues>,
  author: string,
): Promise<FormAccessRow | undefined> {
  const { settings, ...columns } = change
  return db
    .updateTable('form')
    .set({ ...columns, updated_by: author, updated_at: sql`now()` })
    .$if(settings !== undefined, (query) => query.set({ settings: sql`form.settings || ${settings}::jsonb` }))
    .where('id', '=', formId)
    .where('active', '=', true)
    .returning(formColumns)
    .executeTakeFirst()
}

/** Marks a form as deleted; false when it was deleted before. Its keys do not work from here on. */
export async function deactivateForm(db: Db, formId: string, author: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('form')
    .set({ active: false, updated_by: author, updated_at: sql`now()` })
    .where('id', '=', formId)
    .where('active', '=', true)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Brings a deleted form back; false when it was not deleted. Its keys are gone for good. */
export async function reactivateForm(db: Db, formId: string, author: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('form')
    .set({ active: true, updated_by: author, updated_at: sql`now()` })
    .where('id', '=', formId)
    .where('active', '=', false)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export function statusCodesOfForm(db: Db, formId: string) {
  return db
    .selectFrom('form_status_code as link')
    .innerJoin('status_code as status', 'status.code', 'link.code')
    .select([
      'link.id',
      'link.form_id',
      'link.code',
      'link.created_by',
      'link.created_at',
      'status.display',
      'status.next_codes',
    ])
    .where('link.form_id', '=', formId)
    .orderBy('link.code')
    .execute()
}
