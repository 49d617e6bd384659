import { randomUUID } from 'node:crypto'
import type { Clock, RandomBytes } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { hashOfToken, invitationLifeMs, makeLinkToken } from './invitation.ts'
import {
  findOpenInvitation,
  insertInvitation,
  lockOpenInvitation,
  markAccepted,
  type OpenInvitation,
} from './invitations.queries.ts'
import { decideInvitedRoles, giveInvitedRoles, type InvitedTo } from './invited-roles.ts'
import { hashPassword } from './password.ts'
import { findPersonByEmail, insertAccount } from './people.queries.ts'

export type InvitationsDeps = { db: Db; clock: Clock; random: RandomBytes }
export type Inviting =
  | { kind: 'invited'; id: string; token: string; createdAt: Date; expiresAt: Date }
  | { kind: 'has account' }
  | { kind: 'forbidden'; reason: string }
export type Accepting =
  | { kind: 'accepted'; email: string; formId: string | undefined }
  | { kind: 'dead link' }
  | { kind: 'has account' }
export type Joining =
  | { kind: 'joined'; formId: string | undefined }
  | { kind: 'dead link' }
  | { kind: 'for another'; email: string }
export type Invitations = {
  /** @param invitedTo the form whose team the person joins by accepting, if any */
  invite(email: string, inviterId: string, invitedTo: InvitedTo | undefined): Promise<Inviting>
  /** What an open invitation says, for whoever has its link. */
  lookUp(token: string): Promise<OpenInvitation | undefined>
  accept(token: string, person: { name: string; password: string }): Promise<Accepting>
  /** For somebody who has got an account with that address in another way since. */
  join(token: string, person: { id: string; email: string }): Promise<Joining>
}

/** How somebody gets an account on a server where not everybody may have one. */
export function invitationsOf({ db, clock, random }: InvitationsDeps): Invitations {
  const now = () => new Date(clock())
  return {
    invite: (email, inviterId, invitedTo) =>
      db.transaction().execute(async (transaction): Promise<Inviting> => {
        const decision = invitedTo && (await decideInvitedRoles(transaction, inviterId, invitedTo))
        if (decision?.kind === 'forbidden') return decision
        if (await findPersonByEmail(transaction, email)) return { kind: 'has account' }
        const [id, token, createdAt] = [randomUUID(), makeLinkToken(random), now()]
        const expiresAt = new Date(createdAt.getTime() + invitationLifeMs)
        await insertInvitation(transaction, {
          id,
          email,
          token_hash: hashOfToken(token),
          invited_by: inviterId,
          form_id: invitedTo?.formId ?? null,
          roles: [...(invitedTo?.roles ?? [])],
          created_at: createdAt,
          expires_at: expiresAt,
        })
        return { kind: 'invited', id, token, createdAt, expiresAt }
      }),
    lookUp: (token) => findOpenInvitation(db, hashOfToken(token), now()),
    accept: (token, { name, password }) =>
      db.transaction().execute(async (transaction): Promise<Accepting> => {
        const invitation = await lockOpenInvitation(transaction, { tokenHash: hashOfToken(token) }, now())
        if (!invitation) return { kind: 'dead link' }
        const { email } = invitation
        // Hashing takes some 100 ms; only who has the token comes so far, and waits for the row meanwhile.
        const passwordHash = await hashPassword(password)
        const account = { id: randomUUID(), name: name.trim(), email, passwordHash, serverOwner: false }
        if (!(await insertAccount(transaction, account))) return { kind: 'has account' }
        return { kind: 'accepted', email, formId: await settle(transaction, invitation, account.id, now()) }
      }),
    join: (token, person) =>
      db.transaction().execute(async (transaction): Promise<Joining> => {
        const invitation = await lockOpenInvitation(transaction, { tokenHash: hashOfToken(token) }, now())
        if (!invitation) return { kind: 'dead link' }
        if (invitation.email !== person.email) return { kind: 'for another', email: invitation.email }
        return { kind: 'joined', formId: await settle(transaction, invitation, person.id, now()) }
      }),
  }
}

/**
 * Marks an invitation as accepted by a person, who gets the roles that it brings.
 * @returns the form whose team the person has joined
 */
export async function settle(
  transaction: Db,
  { id, form_id: formId, roles, inviter }: OpenInvitation,
  userId: string,
  now: Date,
): Promise<string | undefined> {
  await markAccepted(transaction, id, now)
  if (formId === null || !inviter) return undefined
  return giveInvitedRoles(transaction, inviter, userId, { formId, roles })
}
