import type { Role } from '../access/permission.ts'

export type Member = { id: string; roles: readonly string[] }

export type RoleChange = {
  /** Whoever wants the change, with the roles on this form. */
  actor: Member
  /** Whose roles are to change, with the present ones. */
  target: Member
  wanted: readonly string[]
  /** The form's owners at this moment. */
  ownerIds: readonly string[]
}

export type RoleDecision = { kind: 'allowed' } | { kind: 'forbidden'; reason: string } | { kind: 'last owner' }

/** Roles that only an owner gives and takes; team managers decide about the others. */
const rolesOfOwners: readonly Role[] = ['owner', 'form_designer']

/**
 * Whether somebody who may change a form's team (permission `team_update`) may make this change: CHEFS's rules. A team
 * manager must not become more than that, and a form must not lose its last owner.
 */
export function decideRoles({ actor, target, wanted, ownerIds }: RoleChange): RoleDecision {
  const given = wanted.filter((role) => !target.roles.includes(role))
  const taken = target.roles.filter((role) => !wanted.includes(role))
  if (given.length + taken.length === 0) return { kind: 'allowed' }
  if (!actor.roles.includes('owner')) {
    const reason = whyNot(actor, target, given, taken)
    if (reason !== undefined) return { kind: 'forbidden', reason }
  }
  const ownersLeft = ownerIds.some((id) => id !== target.id) || wanted.includes('owner')
  return ownersLeft ? { kind: 'allowed' } : { kind: 'last owner' }
}

function whyNot(actor: Member, target: Member, given: string[], taken: string[]): string | undefined {
  const reserved = [...given, ...taken].find((role) => rolesOfOwners.some((each) => each === role))
  if (reserved !== undefined) return `Only an owner of the form may give or take the role ${reserved}.`
  if (target.roles.includes('owner')) return 'Only an owner of the form may change the roles of an owner.'
  if (actor.id === target.id && given.length > 0) return 'Nobody but an owner may give a role to oneself.'
  return undefined
}
