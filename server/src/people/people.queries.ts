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
  await db
    .insertInto('auth_account')
    .values({ ...passwordAccount(id), password })
    .execute()
  return true
}

/** Whether anybody has an account here. */
export async function hasAccounts(db: Db): Promise<boolean> {
  return (await db.selectFrom('app_user').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** better-auth's name for accounts with a password. */
const passwordProvider = 'credential'

/** How somebody can sign in: with a password, by a provider, or both. */
export async function waysToSignIn(db: Db, userId: string): Promise<{ password: boolean; provider: boolean }> {
  const rows = await db.selectFrom('auth_account').select('provider_id').where('user_id', '=', userId).execute()
  return {
    password: rows.some(({ provider_id }) => provider_id === passwordProvider),
    provider: rows.some(({ provider_id }) => provider_id !== passwordProvider),
  }
}

export async function renamePerson(db: Db, userId: string, name: string): Promise<void> {
  await db.updateTable('app_user').set({ name, updated_at: sql`now()` }).where('id', '=', userId).execute()
}

export async function endSessions(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('auth_session').where('user_id', '=', userId).execute()
}

export async function deleteEndedSessions(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('auth_session').where('expires_at', '<=', now).execute()
}

export type ListedPersonRow = {
  id: string
  email: string
  name: string
  server_owner: boolean
  created_at: Date
  updated_at: Date
}

const listedBatch = 500

/** Everybody who has an account, oldest first, in batches. @param search a part of the name or the address */
export async function* everybody(db: Db, search: string | undefined): AsyncGenerator<ListedPersonRow[]> {
  let query = db
    .selectFrom('app_user')
    .select(['id', 'email', 'name', 'server_owner', 'created_at', 'updated_at'])
    .orderBy('created_at')
    .orderBy('id')
    .limit(listedBatch)
  if (search !== undefined) {
    query = query.where((eb) => eb.or([holds('name', search), holds('email', search)]))
  }
  let batch = await query.execute()
  while (batch.length > 0) {
    yield batch
    const last = batch.at(-1)
    if (!last || batch.length < listedBatch) return
    batch = await query
      .where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '>', tuple(last.created_at, last.id)))
      .execute()
  }
}

/** Not LIKE: what people type may hold its wildcards. */
function holds(column: 'name' | 'email', part: string) {
  return sql<boolean>`strpos(lower(${sql.ref(column)}), lower(${part})) > 0`
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
export async function replacePassword(db: Db, email: string, password: string): Promise<boolean> {
  const person = await db.selectFrom('app_user').select('id').where('email', '=', email).executeTakeFirst()
  if (!person) return false
  await endSessions(db, person.id)
  const stamped = { password, updated_at: sql<Date>`now()` }
  await db
    .insertInto('auth_account')
    .values({ ...passwordAccount(person.id), password })
    .onConflict((conflict) => conflict.columns(['provider_id', 'account_id']).doUpdateSet(stamped))
    .execute()
  await db
    .insertInto('audit_event')
    .values({ action: 'person.passwordReset', actor: 'operator', details: JSON.stringify({ userId: person.id }) })
    .execute()
  return true
}

/** better-auth finds the password of an account by this provider and the account's own id. */
function passwordAccount(userId: string) {
  const id = sql<string>`gen_random_uuid()`
  return { id, user_id: userId, account_id: userId, provider_id: passwordProvider }
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
