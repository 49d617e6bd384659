import type { Permission } from './permission.ts'
import type { Scope } from './scope.ts'

/**
 * What a route declares about its callers, in `config.access`. The guard enforces it and the OpenAPI document is made from
 * it, so the two cannot differ.
 */
export type RouteAccess =
  | { kind: 'public' }
  | { kind: 'signedIn' }
  | { kind: 'serverOwner' }
  | ({ kind: 'form'; formIn: 'params' | 'query' } & FormRules)
  | ({ kind: 'submission' } & FormRules)
  | ({ kind: 'file' } & FormRules)

type FormRules = {
  /** All of them are needed. */
  permissions: readonly Permission[]
  /** What a key of the form needs to open this operation (`BasicAuth` in the OpenAPI document); undefined: no key does. */
  scope: Scope | undefined
  /** Whether a deleted form can be reached, by people only. */
  deletedForm: boolean
  /** Whether a role is needed: being let in by the form's access mode, or being a submission's submitter, will not do. */
  byRole: boolean
  /** Whether the owner of the server may do it too, without any right on the form. */
  orServerOwner?: boolean
}

type Options = Partial<Omit<FormRules, 'permissions'>> & { formIn?: 'params' | 'query' }

/** Anybody, without credentials. */
export const publicAccess: RouteAccess = { kind: 'public' }
/** Any person with a session. */
export const signedInAccess: RouteAccess = { kind: 'signedIn' }
/** The person who owns this server. */
export const serverOwnerAccess: RouteAccess = { kind: 'serverOwner' }

/** Whoever has these permissions on the form that the path (or the query) names as `formId`. */
export function formAccess(permissions: readonly Permission[], options: Options = {}): RouteAccess {
  return {
    kind: 'form',
    formIn: 'params',
    scope: undefined,
    deletedForm: false,
    byRole: false,
    ...options,
    permissions,
  }
}

/** Whoever has these permissions on the form of the submission that the path names as `formSubmissionId`. */
export function submissionAccess(
  permissions: readonly Permission[],
  options: { scope?: Scope; byRole?: boolean } = {},
): RouteAccess {
  return { kind: 'submission', scope: undefined, deletedForm: false, byRole: false, ...options, permissions }
}

/**
 * Whoever may do this with the submission to which the file belongs that the path names as `fileId`; before it is
 * submitted, its uploader.
 */
export function fileAccess(permissions: readonly Permission[], options: { scope?: Scope } = {}): RouteAccess {
  return { kind: 'file', scope: undefined, deletedForm: false, byRole: false, ...options, permissions }
}

/** What concerns one form and asks for permissions on it. */
export type FormRoute = Extract<RouteAccess, FormRules>

export function isFormRoute(access: RouteAccess): access is FormRoute {
  return access.kind === 'form' || access.kind === 'submission' || access.kind === 'file'
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
    /** The status of a body that fails its schema, where CHEFS's differs from 422. */
    invalidBodyStatus?: number
  }
}
