import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Identity } from './oidc-identity.ts'
import { endSessions } from './people.queries.ts'

export type LocalPerson = { id: string; email: string; name: string; email_verified: boolean; server_owner: boolean }

const personColumns = ['u.id', 'u.email', 'u.name', 'u.email_verified', 'u.server_owner'] as const

/** How better-auth's table of accounts names this provider. */
function providerId(issuer: string): string {
  return `oidc:${issuer}`
}

/** Makes whoever comes as the same person at the same time wait until this transaction ends. */
export async function lockIdentity(transaction: Db, { issuer, subject }: Identity): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${providerId(issuer)} ${subject}`}, 0))`.execute(
    transaction,
  )
}

/** The account that somebody at the provider has here. */
export function findPersonByIdentity(db: Db, { issuer, subject }: Identity): Promise<LocalPerson | undefined> {
  return db
    .selectFrom('auth_account as a')
    .innerJoin('app_user as u', 'u.id', 'a.user_id')
    .select(personColumns)
    .where('a.provider_id', '=', providerId(issuer))
    .where('a.account_id', '=', subject)
    .executeTakeFirst()
}

export function lockPersonByEmail(transaction: Db, email: string): Promise<LocalPerson | undefined> {
  return transaction
    .selectFrom('app_user as u')
    .select(personColumns)
    .where('u.email', '=', email)
    .forUpdate()
    .executeTakeFirst()
}

/**
 * Whether the owner of the server let this person in. An invitation by anybody else proves nothing: whoever makes one sees
 * its link, and may have accepted it in the guest's place.
 */
export async function wasLetIn(db: Db, { email, server_owner }: LocalPerson): Promise<boolean> {
  if (server_owner) return true
  const invitation = await db
    .selectFrom('invitation as i')
    .innerJoin('app_user as host', 'host.id', 'i.invited_by')
    .select('i.id')
    .where('i.email', '=', email)
    .where('i.accepted_at', 'is not', null)
    .where('host.server_owner', '=', true)
    .limit(1)
    .executeTakeFirst()
  return invitation !== undefined
}

export async function insertIdentity(db: Db, userId: string, { issuer, subject }: Identity): Promise<void> {
  await db
    .insertInto('auth_account')
    .values({
      id: sql<string>`gen_random_uuid()`,
      user_id: userId,
      account_id: subject,
      provider_id: providerId(issuer),
      password: null,
    })
    .execute()
}

export type NewPerson = { id: string; name: string; email: string; emailVerified: boolean }

/** @returns whether it was made; false when the e-mail address has an account already */
export async function insertPerson(db: Db, { id, name, email, emailVerified }: NewPerson): Promise<boolean> {
  const made = await db
    .insertInto('app_user')
    .values({ id, name, email, email_verified: emailVerified })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function updatePerson(
  db: Db,
  id: string,
  { name, email, emailVerified }: Omit<NewPerson, 'id'>,
): Promise<void> {
  await db
    .updateTable('app_user')
    .set({ name, email, email_verified: emailVerified, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

/** Takes from an account every way in that whoever made it has: password, provider and sessions. */
export async function lockOutFormerHolder(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('auth_account').where('user_id', '=', userId).execute()
  await endSessions(db, userId)
}

/** Whether an account belongs to somebody at this provider already. */
export async function isJoinedTo(db: Db, userId: string, issuer: string): Promise<boolean> {
  const row = await db
    .selectFrom('auth_account')
    .select('id')
    .where('user_id', '=', userId)
    .where('provider_id', '=', providerId(issuer))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** On the record: from now on the provider decides who gets into this account. */
export async function recordLink(
  db: Db,
  person: LocalPerson,
  { issuer, subject }: Identity,
  formerHolderLockedOut: boolean,
): Promise<void> {
  const details = JSON.stringify({ userId: person.id, issuer, subject, formerHolderLockedOut })
  await db
    .insertInto('audit_event')
    .values({ action: 'person.providerLinked', actor: person.email, actor_user_id: person.id, details })
    .execute()
}
