import type { Caller } from '../access/caller.ts'
import { recordAudit } from '../audit/audit.queries.ts'
import type { Db } from '../db/database.ts'
import { membersOf, replaceRoles } from '../team/team.queries.ts'
import { decideRoles, type RoleDecision } from '../team/team.ts'
import { lockForm } from '../versions/versions.queries.ts'

/** A form and the roles on it that an invitation brings. */
export type InvitedTo = { formId: string; roles: readonly string[] }

type User = Extract<Caller, { kind: 'user' }>
type Inviter = Pick<User, 'id' | 'email' | 'name'>

const noRight: RoleDecision = {
  kind: 'forbidden',
  reason: 'You have no right to change the team of this form, or there is no such form.',
}

/**
 * Whether somebody may invite to a form's team with these roles: exactly those that this person may give to a new member.
 * Call it in a transaction: the form's row stays locked until its end, so that the answer stays true.
 */
export async function decideInvitedRoles(
  transaction: Db,
  inviterId: string,
  invitedTo: InvitedTo,
): Promise<RoleDecision> {
  return (await decide(transaction, inviterId, 'somebody new', invitedTo)).decision
}

type Decided = { decision: RoleDecision; before: readonly string[]; after: readonly string[] }

/** Roles come on top of those that somebody has: an invitation takes nothing away. */
async function decide(db: Db, inviterId: string, guestId: string, { formId, roles }: InvitedTo): Promise<Decided> {
  const refused = { decision: noRight, before: [], after: [] }
  if (!(await lockForm(db, formId))) return refused
  const members = await membersOf(db, formId)
  const actor = members.find(({ id }) => id === inviterId)
  if (!actor?.permissions.includes('team_update')) return refused
  const ownerIds = members.filter((each) => each.roles.includes('owner')).map(({ id }) => id)
  const before = members.find(({ id }) => id === guestId)?.roles ?? []
  const after = [...new Set([...before, ...roles])].sort()
  const decision = decideRoles({ actor, target: { id: guestId, roles: before }, wanted: after, ownerIds })
  return { decision, before, after }
}

/**
 * Puts a person into the team that the invitation names. Whoever may not give these roles any more, having left the
 * team since, gives none: the account is made all the same.
 * @returns the form, if the person is in its team now
 */
export async function giveInvitedRoles(
  transaction: Db,
  inviter: Inviter,
  userId: string,
  invitedTo: InvitedTo,
): Promise<string | undefined> {
  const { formId } = invitedTo
  const { decision, before, after } = await decide(transaction, inviter.id, userId, invitedTo)
  if (decision.kind !== 'allowed') return undefined
  await replaceRoles(transaction, { formId, userId, roles: after, author: inviter.email })
  const caller: User = { kind: 'user', serverOwner: false, ...inviter }
  const details = { userId, before, after, byInvitation: true }
  await recordAudit(transaction, 'team.roles', caller, formId, details)
  return formId
}
