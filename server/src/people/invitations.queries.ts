import type { Db } from '../db/database.ts'

export type InvitationRow = {
  id: string
  email: string
  invited_by: string | null
  inviter_email: string | null
  form_id: string | null
  form_name: string | null
  roles: string[]
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
  form_id: string | null
  roles: string[]
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
  const all = newestFirst(invitationRows(db))
  return (inviterId === undefined ? all : all.where('i.invited_by', '=', inviterId)).execute()
}

/** The invitations to the team of a form: newest first. */
export function invitationsToForm(db: Db, formId: string): Promise<InvitationRow[]> {
  return newestFirst(invitationRows(db)).where('i.form_id', '=', formId).execute()
}

/** One invitation, if this person made it or manages the team that it leads to; or whoever's, without a person. */
export function findInvitation(db: Db, id: string, personId: string | undefined): Promise<InvitationRow | undefined> {
  const byId = invitationRows(db).where('i.id', '=', id)
  if (personId === undefined) return byId.executeTakeFirst()
  return byId
    .where((eb) =>
      eb.or([
        eb('i.invited_by', '=', personId),
        eb.exists(
          eb
            .selectFrom('form_role_user as r')
            .innerJoin('role_permission as p', 'p.role', 'r.role')
            .select('r.user_id')
            .whereRef('r.form_id', '=', 'i.form_id')
            .where('r.user_id', '=', personId)
            .where('p.permission', '=', 'team_update'),
        ),
      ]),
    )
    .executeTakeFirst()
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

export type OpenInvitation = {
  id: string
  email: string
  form_id: string | null
  form_name: string | null
  roles: string[]
  expires_at: Date
  inviter: { id: string; email: string; name: string } | undefined
}

/** The open invitation with this token. */
export async function findOpenInvitation(db: Db, tokenHash: Buffer, now: Date): Promise<OpenInvitation | undefined> {
  const row = await openInvitations(db, now).where('i.token_hash', '=', tokenHash).executeTakeFirst()
  return row && toOpen(row)
}

/**
 * The open invitation with this token, or the newest to this address; whoever asks at the same time waits until this
 * transaction ends.
 */
export async function lockOpenInvitation(
  transaction: Db,
  by: { tokenHash: Buffer } | { email: string },
  now: Date,
): Promise<OpenInvitation | undefined> {
  const open = openInvitations(transaction, now).orderBy('i.created_at', 'desc').limit(1).forUpdate('i')
  const row = await ('tokenHash' in by
    ? open.where('i.token_hash', '=', by.tokenHash)
    : open.where('i.email', '=', by.email)
  ).executeTakeFirst()
  return row && toOpen(row)
}

function openInvitations(db: Db, now: Date) {
  return db
    .selectFrom('invitation as i')
    .leftJoin('app_user as u', 'u.id', 'i.invited_by')
    .leftJoin('form as f', 'f.id', 'i.form_id')
    .select(['i.id', 'i.email', 'i.form_id', 'f.name as form_name', 'i.roles', 'i.expires_at'])
    .select(['u.id as inviter_id', 'u.email as inviter_email', 'u.name as inviter_name'])
    .where('i.accepted_at', 'is', null)
    .where('i.withdrawn_at', 'is', null)
    .where('i.expires_at', '>', now)
}

type OpenRow = Omit<OpenInvitation, 'inviter'> & Record<'inviter_id' | 'inviter_email' | 'inviter_name', string | null>

function toOpen({ inviter_id: id, inviter_email: email, inviter_name: name, ...row }: OpenRow): OpenInvitation {
  const known = id !== null && email !== null && name !== null
  return { ...row, inviter: known ? { id, email, name } : undefined }
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
    .leftJoin('form as f', 'f.id', 'i.form_id')
    .select(['i.id', 'i.email', 'i.invited_by', 'u.email as inviter_email', 'i.created_at', 'i.expires_at'])
    .select(['i.form_id', 'f.name as form_name', 'i.roles', 'i.accepted_at', 'i.withdrawn_at'])
}

function newestFirst(rows: ReturnType<typeof invitationRows>) {
  return rows.orderBy('i.created_at', 'desc').orderBy('i.id').limit(listedMax)
}
