import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

const columns = [
  'id',
  'form_id',
  'secret_sealed',
  'files_api_access',
  'created_by',
  'created_at',
  'updated_by',
  'updated_at',
] as const

export type ApiKeyRow = {
  id: number
  form_id: string
  secret_sealed: string
  files_api_access: boolean
  created_by: string
  created_at: Date
  updated_by: string | null
  updated_at: Date
}
export type NewSecret = { secret_hash: Buffer; secret_sealed: string }

/** The key that the contract's operations speak of: the one named Default. */
export function findDefaultKey(db: Db, formId: string): Promise<ApiKeyRow | undefined> {
  return db
    .selectFrom('api_key')
    .select(columns)
    .where('form_id', '=', formId)
    .where('name', '=', 'Default')
    .executeTakeFirst()
}

/** The names of people whose rows are signed with these addresses. */
export async function namesOfAuthors(db: Db, authors: string[]): Promise<Map<string, string>> {
  const rows = await db.selectFrom('app_user').select(['email', 'name']).where('email', 'in', authors).execute()
  return new Map(rows.map(({ email, name }) => [email, name]))
}

/** Who may show and generate a form's key, by name. */
export async function keyHoldersOf(db: Db, formId: string): Promise<{ name: string }[]> {
  const { rows } = await sql<{ name: string }>`
    select u.name from app_user u
    where exists (select from form_role_user r join role_permission p on p.role = r.role
      where r.form_id = ${formId}::uuid and r.user_id = u.id and p.permission = 'form_api_create')
    order by u.name collate "und-x-icu", u.id`.execute(db)
  return rows
}

/**
 * Makes the form's key or puts a new secret in its place, in one statement: there is no moment with two keys or none. The
 * id changes too, so that the new key starts with a fresh count. The tick for files stays as it was.
 */
export async function replaceDefaultKey(
  db: Db,
  formId: string,
  secret: NewSecret,
  author: string,
): Promise<ApiKeyRow & { regenerated: boolean }> {
  const previous = await db
    .deleteFrom('api_key')
    .where('form_id', '=', formId)
    .where('name', '=', 'Default')
    .returning('files_api_access')
    .executeTakeFirst()
  const row = await db
    .insertInto('api_key')
    .values({ form_id: formId, ...secret, files_api_access: previous?.files_api_access ?? false, created_by: author })
    .returning(columns)
    .executeTakeFirstOrThrow()
  return { ...row, regenerated: previous !== undefined }
}

export function setFilesApiAccess(
  db: Db,
  formId: string,
  allowed: boolean,
  author: string,
): Promise<ApiKeyRow | undefined> {
  return db
    .updateTable('api_key')
    .set({ files_api_access: allowed, updated_by: author, updated_at: sql`now()` })
    .where('form_id', '=', formId)
    .where('name', '=', 'Default')
    .returning(columns)
    .executeTakeFirst()
}

/** False when there was none. */
export async function deleteDefaultKey(db: Db, formId: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('api_key')
    .where('form_id', '=', formId)
    .where('name', '=', 'Default')
    .executeTakeFirst()
  return numDeletedRows > 0n
}
