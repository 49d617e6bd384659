import { respondentPermissions } from '../access/permission.ts'
import { isFormRoute, type RouteAccess } from '../access/route-access.ts'
import type { Scope } from '../access/scope.ts'

/** What the document needs to know of a route. */
export type RouteFacts = {
  method: string
  access: RouteAccess
  hasBody: boolean
  hasPathParameters: boolean
}

type SecurityRequirement = Record<string, string[]>

/** The OpenAPI names of the two ways to authorize. */
export const basicAuth = 'BasicAuth'
export const sessionCookie = 'SessionCookie'

/** The scope with which a form's API key opens the operation; undefined where no key does. */
export function scopeOf(access: RouteAccess): Scope | undefined {
  return isFormRoute(access) ? access.scope : undefined
}

/** Whether the API key of a form opens the operation. */
export function takesApiKey(access: RouteAccess): boolean {
  return scopeOf(access) !== undefined
}

/** The ways to authorize a call, any one of which will do, a key with its scope (OpenAPI 3.1 §4.8.30); none where everybody may. */
export function securityOf(access: RouteAccess): SecurityRequirement[] {
  if (access.kind === 'public') return []
  const scope = scopeOf(access)
  return scope ? [{ [basicAuth]: [scope] }, { [sessionCookie]: [] }] : [{ [sessionCookie]: [] }]
}

/** The permissions that a caller needs on the form. */
export function permissionsOf(access: RouteAccess): readonly string[] {
  return isFormRoute(access) ? access.permissions : []
}

/** Who may call, in a sentence; readers look for it, and `security` alone does not tell which session will do. */
export function audienceOf(access: RouteAccess): string {
  switch (access.kind) {
    case 'public':
      return '**Authorization:** none.'
    case 'signedIn':
      return '**Authorization:** a session.'
    case 'serverOwner':
      return '**Authorization:** the session of the owner of this server.'
    case 'file':
      return `**Authorization:** ${keyWith(access)}${sessionWith(access.permissions, access.byRole).slice(0, -1)}; before it is submitted, its uploader.`
    default:
      return `**Authorization:** ${keyWith(access)}${sessionWith(access.permissions, access.byRole).slice(0, -1)}${access.orServerOwner ? ', or that of the owner of this server' : ''}.`
  }
}

function keyWith(access: RouteAccess): string {
  const scope = scopeOf(access)
  return scope ? `an API key (\`BasicAuth\`) with \`${scope}\`, or ` : ''
}

function sessionWith(permissions: readonly string[], byRole: boolean): string {
  const needed = `a session with ${permissions.map((each) => `\`${each}\``).join(' and ')}`
  if (byRole) return `${needed} by a role on the form.`
  const open = permissions.every((each) => respondentPermissions.has(each))
  return open ? `${needed}, or none where the form lets everybody in.` : `${needed}.`
}

/** The statuses of the errors that such an operation can end with. */
export function errorStatusesOf({ method, access, hasBody, hasPathParameters }: RouteFacts): number[] {
  const concernsForm = isFormRoute(access)
  return [
    // A broken address, or an Authorization header where none is taken: on any operation.
    400,
    401,
    ...(concernsForm || access.kind === 'serverOwner' || method !== 'GET' ? [403] : []),
    ...(concernsForm || hasPathParameters ? [404] : []),
    ...(hasBody ? [413, 415, 422] : []),
    429,
    500,
    503,
  ]
}

/** A title made from an operation's id: `listSubmissionStatuses` is "List submission statuses". */
export function summaryOf(operationId: string): string {
  const words = operationId.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/\bapi\b/g, 'API')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
