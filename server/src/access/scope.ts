import type { Permission } from './permission.ts'

/**
 * What an API key may do, as `noun:verb`. Each operation that takes a key declares the one scope that opens it; the
 * permissions are what a person must have to hand the scope out, so that nobody makes a key that may do more than they.
 */
const permissionsOfScopes = {
  'form:read': ['form_read'],
  'form:update': ['form_update'],
  'form:design': ['design_create', 'design_read', 'design_update', 'design_delete'],
  'form:access': ['form_update', 'team_update'],
  'form:delete': ['form_delete'],
  'submissions:read': ['submission_read'],
  'submissions:write': ['submission_create'],
  'submissions:delete': ['submission_delete'],
  'status:read': ['submission_review'],
  'status:write': ['submission_review'],
  'files:read': ['submission_read'],
  'files:delete': ['submission_update'],
} as const satisfies Record<string, readonly Permission[]>

export type Scope = keyof typeof permissionsOfScopes

export const scopes = Object.keys(permissionsOfScopes) as Scope[]

/**
 * What the key named Default may do until its owner ticks more: all that CHEFS's key may, but for deleting the form,
 * changing who may access it and, as in CHEFS until allowed, files.
 */
export const defaultScopes: readonly Scope[] = [
  'form:read',
  'form:update',
  'form:design',
  'submissions:read',
  'submissions:write',
  'submissions:delete',
  'status:read',
]

/** CHEFS's one tick *Allow this API key to access submitted files*. */
export const fileScopes: readonly Scope[] = ['files:read', 'files:delete']

/** What a test key can be given: it changes nothing of the live form. */
export const testScopes: readonly Scope[] = [
  'form:read',
  'submissions:read',
  'submissions:write',
  'submissions:delete',
  'status:read',
  'status:write',
  'files:read',
  'files:delete',
]

export function isScope(text: string): text is Scope {
  return Object.hasOwn(permissionsOfScopes, text)
}

/** The scopes that somebody with these permissions may not hand out. */
export function scopesBeyond(permissions: ReadonlySet<string>, wanted: readonly Scope[]): Scope[] {
  return wanted.filter((scope) => !permissionsOfScopes[scope].every((each) => permissions.has(each)))
}
