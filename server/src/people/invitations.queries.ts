import type { Db } from '../db/database.ts'

export type InvitationRow = {
  id: string
  email: string
  invited_by: string | null
  inviter_email: string | null
  created_at: Date
  expires_at: Date
  accepted_at: Date | null
  withdrawn_at: Date | null
}

export type NewInvitationRow = {
  id: string
  email: string
  token_hash: Buffer
  invited_by: string
  created_at: Date
  expires_at: Date
}

export async function insertInvitation(db: Db, row: NewInvitationRow): Promise<void> {
  await db.insertInto('invitation').values(row).execute()
}

/** The newest thousand; nobody reads further, and an answer must have an end. */
const listedMax = 1000

/** The invitations of one person, or everybody's: newest first. */
export function invitationsBy(db: Db, inviterId: string | undefined): Promise<InvitationRow[]> {
  const all = invitationRows(db).orderBy('i.created_at', 'desc').orderBy('i.id').limit(listedMax)
  return (inviterId === undefined ? all : all.where('i.invited_by', '=', inviterId)).execute()
}

/** One invitation, if this person made it; or whoever's, without an inviter. */
export function findInvitation(db: Db, id: string, inviterId: string | undefined): Promise<InvitationRow | undefined> {
  const byId = invitationRows(db).where('i.id', '=', id)
  return (inviterId === undefined ? byId : byId.where('i.invited_by', '=', inviterId)).executeTakeFirst()
}

/** @returns whether it was still open */
export async function withdrawInvitation(db: Db, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('invitation')
    .set({ withdrawn_at: now })
    .where('id', '=', id)
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** The open invitation with this token; whoever asks at the same time waits until this transaction ends. */
export function lockOpenInvitation(transaction: Db, tokenHash: Buffer, now: Date) {
  return transaction
    .selectFrom('invitation')
    .select(['id', 'email'])
    .where('token_hash', '=', tokenHash)
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', now)
    .forUpdate()
    .executeTakeFirst()
}

export async function markAccepted(db: Db, id: string, now: Date): Promise<void> {
  await db.updateTable('invitation').set({ accepted_at: now }).where('id', '=', id).execute()
}

/** Whether somebody decides about the team of a form that is in use. */
export async function managesATeam(db: Db, userId: string): Promise<boolean> {
  const row = await db
    .selectFrom('form_role_user as u')
    .innerJoin('role_permission as p', 'p.role', 'u.role')
    .innerJoin('form as f', 'f.id', 'u.form_id')
    .select('u.form_id')
    .where('u.user_id', '=', userId)
    .where('p.permission', '=', 'team_update')
    .where('f.active', '=', true)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

function invitationRows(db: Db) {
  return db
    .selectFrom('invitation as i')
    .leftJoin('app_user as u', 'u.id', 'i.invited_by')
    .select(['i.id', 'i.email', 'i.invited_by', 'u.email as inviter_email', 'i.created_at', 'i.expires_at'])
    .select(['i.accepted_at', 'i.withdrawn_at'])
}
