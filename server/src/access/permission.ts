/** What somebody may do with one form; CHEFS's codes. The matrix of roles stands in the database. */
export const permissions = [
  'form_read',
  'form_update',
  'form_delete',
  'form_api_create',
  'form_api_read',
  'form_api_update',
  'form_api_delete',
  'design_create',
  'design_read',
  'design_update',
  'design_delete',
  'submission_create',
  'submission_read',
  'submission_update',
  'submission_delete',
  'submission_review',
  'team_read',
  'team_update',
] as const
export type Permission = (typeof permissions)[number]

export const roles = [
  'owner',
  'team_manager',
  'form_designer',
  'submission_reviewer',
  'submission_approver',
  'form_submitter',
] as const
export type Role = (typeof roles)[number]

/** What a key may do on the operations that its scopes open: everything but what concerns people and keys. */
export const apiKeyPermissions: ReadonlySet<string> = new Set(
  permissions.filter((each) => !each.startsWith('form_api_') && !each.startsWith('team_')),
)

/** The same for a key that may not read the form: of the form it sees what respondents see. */
export const apiKeyPermissionsWithoutForm: ReadonlySet<string> = new Set(
  [...apiKeyPermissions].filter((each) => each !== 'design_read'),
)

/** What somebody may do whom the form's access mode lets in, without a role. */
export const respondentPermissions: ReadonlySet<string> = new Set(['form_read', 'submission_create'])

/** The kinds of people whom a form lets in without a role; none of them means: the team alone. */
export type AccessMode = 'public' | 'login' | 'team'

export function accessMode(identityProviders: string[]): AccessMode {
  if (identityProviders.includes('public')) return 'public'
  return identityProviders.length > 0 ? 'login' : 'team'
}

/** What a caller may do with a form, by roles and by the form's access mode together. */
export function permissionsOn(mode: AccessMode, signedIn: boolean, byRole: string[]): ReadonlySet<string> {
  const letIn = mode === 'public' || (mode === 'login' && signedIn)
  return letIn ? new Set([...byRole, ...respondentPermissions]) : new Set(byRole)
}
