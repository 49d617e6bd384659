import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { lockOpenInvitation } from './invitations.queries.ts'
import { settle } from './invitations.ts'
import {
  findPersonByIdentity,
  insertIdentity,
  insertPerson,
  isJoinedTo,
  type LocalPerson,
  lockIdentity,
  lockOutFormerHolder,
  lockPersonByEmail,
  recordLink,
  updatePerson,
  wasLetIn,
} from './oidc.queries.ts'
import type { Identity } from './oidc-identity.ts'
import { hasAccounts } from './people.queries.ts'

export type Refusal =
  | 'oidc_no_email'
  | 'oidc_email_unverified'
  | 'oidc_email_taken'
  | 'sign_up_closed'
  | 'set_up_needed'
  | 'oidc_failed'
export type Admission = { kind: 'admitted'; userId: string } | { kind: 'refused'; problem: Refusal }

export type AdmissionDeps = {
  db: Db
  clock: Clock
  /** Whether people whom nobody invited get an account. */
  signUp: 'invited' | 'open'
}

/** Finds the account of somebody whom the provider has identified, or makes it for whoever may have one. */
export function admit({ db, clock, signUp }: AdmissionDeps, identity: Identity): Promise<Admission> {
  return db.transaction().execute(async (transaction) => {
    await lockIdentity(transaction, identity)
    const known = await findPersonByIdentity(transaction, identity)
    if (known) {
      await follow(transaction, known, identity)
      return admitted(known.id)
    }
    const { email } = identity
    if (email === undefined) return refused('oidc_no_email')
    const namesake = await lockPersonByEmail(transaction, email)
    if (namesake) return link(transaction, namesake, identity)
    return makeAccount(transaction, { ...identity, email }, signUp, new Date(clock()))
  })
}

/** Name and address are what the provider says now; an address that it has not verified, or that is another's, is not. */
async function follow(transaction: Db, person: LocalPerson, { name, email, emailVerified }: Identity): Promise<void> {
  const moves = email !== undefined && email !== person.email && emailVerified
  const free = moves && !(await lockPersonByEmail(transaction, email))
  await updatePerson(transaction, person.id, {
    name: name ?? person.name,
    email: free ? email : person.email,
    emailVerified: person.email_verified || (emailVerified && (free || email === person.email)),
  })
}

/**
 * Joins an account to the person at the provider who has its address, verified. If anybody could have made that account with
 * this address, whoever did is locked out of it: a stranger may have been waiting for its true holder.
 */
async function link(transaction: Db, person: LocalPerson, identity: Identity): Promise<Admission> {
  if (!identity.emailVerified) return refused('oidc_email_unverified')
  const doubtful = !person.email_verified && !(await wasLetIn(transaction, person))
  if (doubtful) await lockOutFormerHolder(transaction, person.id)
  // Two people at one provider: the address was another's before, and the account with it still is.
  else if (await isJoinedTo(transaction, person.id, identity.issuer)) return refused('oidc_email_taken')
  await insertIdentity(transaction, person.id, identity)
  await recordLink(transaction, person, identity, doubtful)
  await follow(transaction, person, identity)
  return admitted(person.id)
}

async function makeAccount(
  transaction: Db,
  identity: Identity & { email: string },
  signUp: 'invited' | 'open',
  now: Date,
): Promise<Admission> {
  // The first account owns the server; only the set-up link makes it.
  if (!(await hasAccounts(transaction))) return refused('set_up_needed')
  const { email, emailVerified, name = email } = identity
  const invitation = await lockOpenInvitation(transaction, { email }, now)
  if (invitation && !emailVerified) return refused('oidc_email_unverified')
  if (!invitation && signUp !== 'open') return refused('sign_up_closed')
  const id = randomUUID()
  // Somebody made it by another way at this very moment; the next try finds it.
  if (!(await insertPerson(transaction, { id, name, email, emailVerified }))) return refused('oidc_failed')
  await insertIdentity(transaction, id, identity)
  if (invitation) await settle(transaction, invitation, id, now)
  return admitted(id)
}

function admitted(userId: string): Admission {
  return { kind: 'admitted', userId }
}

function refused(problem: Refusal): Admission {
  return { kind: 'refused', problem }
}
