import { respondentPermissions } from '../access/permission.ts'
import type { RouteAccess } from '../access/route-access.ts'

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

/** Whether the API key of a form opens the operation. */
export function takesApiKey(access: RouteAccess): boolean {
  return (access.kind === 'form' || access.kind === 'submission') && access.apiKey
}

/** The ways to authorize a call, any one of which will do; none of them where everybody may. */
export function securityOf(access: RouteAccess): SecurityRequirement[] {
  if (access.kind === 'public') return []
  return takesApiKey(access) ? [{ [basicAuth]: [] }, { [sessionCookie]: [] }] : [{ [sessionCookie]: [] }]
}

/** The permissions that a caller needs on the form. */
export function permissionsOf(access: RouteAccess): readonly string[] {
  return access.kind === 'form' || access.kind === 'submission' ? access.permissions : []
}

/** A sentence on who may call, where `security` cannot say it. */
export function audienceOf(access: RouteAccess): string | undefined {
  if (access.kind === 'serverOwner') return 'For the owner of this server.'
  const permissions = permissionsOf(access)
  if (permissions.length === 0) return undefined
  const needed = `Needs ${permissions.map((each) => `\`${each}\``).join(' and ')}.`
  const open = access.kind === 'form' && permissions.every((each) => respondentPermissions.has(each))
  return open ? `${needed} Whom the form's access mode lets in has this without a role.` : needed
}

/** The statuses of the errors that such an operation can end with. */
export function errorStatusesOf({ method, access, hasBody, hasPathParameters }: RouteFacts): number[] {
  const concernsForm = access.kind === 'form' || access.kind === 'submission'
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
