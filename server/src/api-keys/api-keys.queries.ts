import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { defaultName, scopesOfNewDefault } from './named-key.ts'

const columns = [
  'id',
  'form_id',
  'secret_sealed',
  'scopes',
  'created_by',
  'created_at',
  'updated_by',
  'updated_at',
] as const

export type ApiKeyRow = {
  id: number
  form_id: string
  secret_sealed: string
  scopes: string[]
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
    .where('name', '=', defaultName)
    .where('revoked_at', 'is', null)
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
 * Makes the form's key or puts a new secret in its place, in one statement: there is no moment with two keys or none. What
 * it may do stays as it was; that it was switched off or had expired does not, for whoever regenerates it wants to use it.
 */
export async function putDefaultKey(
  db: Db,
  formId: string,
  secret: NewSecret,
  author: string,
): Promise<ApiKeyRow & { regenerated: boolean }> {
  const renewed = await db
    .updateTable('api_key')
    .set({
      ...secret,
      previous_secret_hash: null,
      previous_hint: null,
      previous_valid_until: null,
      generation: sql`generation + 1`,
      enabled: true,
      expires_at: sql`case when expires_at > now() then expires_at end`,
      created_by: author,
      created_at: sql`now()`,
      updated_by: null,
      updated_at: sql`now()`,
    })
    .where('form_id', '=', formId)
    .where('name', '=', defaultName)
    .where('revoked_at', 'is', null)
    .returning(columns)
    .executeTakeFirst()
  if (renewed) return { ...renewed, regenerated: true }
  const row = await db
    .insertInto('api_key')
    .values({ form_id: formId, ...secret, scopes: scopesOfNewDefault, created_by: author })
    .returning(columns)
    .executeTakeFirstOrThrow()
  return { ...row, regenerated: false }
}
