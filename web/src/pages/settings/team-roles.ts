export const roles = [
  'owner',
  'team_manager',
  'form_designer',
  'submission_reviewer',
  'submission_approver',
  'form_submitter',
] as const
export type Role = (typeof roles)[number]

/** Roles that only an owner gives and takes; the server holds to the same rule. */
const rolesOfOwners: readonly string[] = ['owner', 'form_designer']

type Member = { roles: readonly string[]; isSelf: boolean }

/**
 * Why the signed-in person may not tick or untick a role, as a key of `team.json`; undefined where it may be done.
 * @param mine the roles of the signed-in person on this form
 */
export function whyNotRole(role: string, mine: readonly string[], member: Member): string | undefined {
  if (mine.includes('owner')) return undefined
  if (rolesOfOwners.includes(role)) return 'onlyOwnersGive'
  if (member.roles.includes('owner')) return 'onlyOwnersChangeOwners'
  if (member.isSelf && !member.roles.includes(role)) return 'notToOneself'
  return undefined
}

/** Why somebody cannot be taken out of the team by the signed-in person, as a key of `team.json`. */
export function whyNotRemove(
  mine: readonly string[],
  member: Member,
  team: readonly { roles: readonly string[] }[],
): string | undefined {
  const owners = team.filter((each) => each.roles.includes('owner')).length
  if (member.roles.includes('owner') && owners === 1) return 'lastOwner'
  if (mine.includes('owner')) return undefined
  return member.roles.some((role) => rolesOfOwners.includes(role)) ? 'onlyOwnersRemove' : undefined
}
