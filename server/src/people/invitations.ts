import { randomUUID } from 'node:crypto'
import type { Clock, RandomBytes } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { hashOfToken, invitationLifeMs, makeLinkToken } from './invitation.ts'
import { insertInvitation, lockOpenInvitation, markAccepted } from './invitations.queries.ts'
import { hashPassword } from './password.ts'
import { findPersonByEmail, insertAccount } from './people.queries.ts'

export type InvitationsDeps = { db: Db; clock: Clock; random: RandomBytes }
export type Inviting =
  | { kind: 'invited'; id: string; token: string; createdAt: Date; expiresAt: Date }
  | { kind: 'has account' }
export type Accepting = { kind: 'accepted'; email: string } | { kind: 'dead link' } | { kind: 'has account' }
export type Invitations = {
  invite(email: string, inviterId: string): Promise<Inviting>
  accept(token: string, person: { name: string; password: string }): Promise<Accepting>
}

/** How somebody gets an account on a server where not everybody may have one. */
export function invitationsOf({ db, clock, random }: InvitationsDeps): Invitations {
  return {
    async invite(email, inviterId) {
      if (await findPersonByEmail(db, email)) return { kind: 'has account' }
      const [id, token, createdAt] = [randomUUID(), makeLinkToken(random), new Date(clock())]
      const expiresAt = new Date(createdAt.getTime() + invitationLifeMs)
      const times = { created_at: createdAt, expires_at: expiresAt }
      await insertInvitation(db, { id, email, token_hash: hashOfToken(token), invited_by: inviterId, ...times })
      return { kind: 'invited', id, token, createdAt, expiresAt }
    },
    async accept(token, { name, password }) {
      const [tokenHash, now] = [hashOfToken(token), new Date(clock())]
      return db.transaction().execute(async (transaction): Promise<Accepting> => {
        const invitation = await lockOpenInvitation(transaction, tokenHash, now)
        if (!invitation) return { kind: 'dead link' }
        const { id, email } = invitation
        // Hashing takes some 100 ms; only who has the token comes so far, and waits for the row meanwhile.
        const passwordHash = await hashPassword(password)
        const account = { id: randomUUID(), name: name.trim(), email, passwordHash, serverOwner: false }
        if (!(await insertAccount(transaction, account))) return { kind: 'has account' }
        await markAccepted(transaction, id, now)
        return { kind: 'accepted', email }
      })
    },
  }
}
