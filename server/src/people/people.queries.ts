import { sql } from 'kysely'
import type { Db, RunStatement, Statement } from '../db/database.ts'

export type PersonRow = { id: string; email: string; name: string; server_owner: boolean }

const findPersonBySessionStatement: Statement = {
  name: 'find-person-by-session',
  text: `select u.id, u.email, u.name, u.server_owner
    from auth_session s join app_user u on u.id = s.user_id
    where s.token = $1 and s.expires_at > $2`,
}

/** Whose session this is, while it lasts. */
export async function findPersonBySession(run: RunStatement, token: string, now: Date): Promise<PersonRow | undefined> {
  const [row] = await run<PersonRow>(findPersonBySessionStatement, [token, now])
  return row
}

export type NewAccount = { id: string; name: string; email: string; passwordHash: string; serverOwner: boolean }

/**
 * Makes an account that signs in with a password, in the two rows that better-auth expects of one.
 * @returns whether it was made; false when the e-mail address has an account already
 */
export async function insertAccount(db: Db, account: NewAccount): Promise<boolean> {
  const { id, name, email, passwordHash: password, serverOwner: server_owner } = account
  const made = await db
    .insertInto('app_user')
    .values({ id, name, email, server_owner })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) return false
  // better-auth finds the password of an account by this provider and the account's own id.
  const credential = { id: sql<string>`gen_random_uuid()`, user_id: id, account_id: id, provider_id: 'credential' }
  await db
    .insertInto('auth_account')
    .values({ ...credential, password })
    .execute()
  return true
}

/** Whether anybody has an account here. */
export async function hasAccounts(db: Db): Promise<boolean> {
  return (await db.selectFrom('app_user').select('id').limit(1).executeTakeFirst()) !== undefined
}

export type Person = { id: string; email: string; name: string; serverOwner: boolean }

/** @param email in lower case, as every address is stored */
export function findPersonByEmail(db: Db, email: string): Promise<Person | undefined> {
  return db
    .selectFrom('app_user')
    .select(['id', 'email', 'name', 'server_owner as serverOwner'])
    .where('email', '=', email)
    .executeTakeFirst()
}

/** Any number that no other lock of ours has. */
const firstAccountLock = 7_126_034_552

/** Makes whoever asks for the first account wait for whoever asked before, until their transaction ends. */
export async function lockFirstAccount(transaction: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(${firstAccountLock}::bigint)`.execute(transaction)
}

/** Ends every session of a person and sets a new password, on the record; for whoever cannot sign in any more. */
export async function replacePassword(db: Db, email: string, passwordHash: string): Promise<boolean> {
  const person = await db.selectFrom('app_user').select('id').where('email', '=', email).executeTakeFirst()
  if (!person) return false
  await db.deleteFrom('auth_session').where('user_id', '=', person.id).execute()
  const { numUpdatedRows } = await db
    .updateTable('auth_account')
    .set({ password: passwordHash, updated_at: sql`now()` })
    .where('user_id', '=', person.id)
    .where('provider_id', '=', 'credential')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('audit_event')
    .values({ action: 'person.passwordReset', actor: 'operator', details: JSON.stringify({ userId: person.id }) })
    .execute()
  return numUpdatedRows > 0n
}

export async function findSetting(db: Db, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('server_setting').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value
}

/** Writes a setting unless it is there; containers that start at once all read the one that came first. */
export async function keepSetting(db: Db, name: string, value: string): Promise<string> {
  await db
    .insertInto('server_setting')
    .values({ name, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return (await findSetting(db, name)) ?? value
}

export async function deleteSetting(db: Db, name: string): Promise<void> {
  await db.deleteFrom('server_setting').where('name', '=', name).execute()
}
