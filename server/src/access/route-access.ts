import type { Permission } from './permission.ts'

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

type FormRules = {
  /** All of them are needed. */
  permissions: readonly Permission[]
  /** Whether the form's API key opens this operation (`BasicAuth` in the OpenAPI document). */
  apiKey: boolean
  /** Whether a deleted form can be reached, by people only. */
  deletedForm: boolean
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
  return { kind: 'form', formIn: 'params', apiKey: false, deletedForm: false, ...options, permissions }
}

/** Whoever has these permissions on the form of the submission that the path names as `formSubmissionId`. */
export function submissionAccess(permissions: readonly Permission[], options: { apiKey?: boolean } = {}): RouteAccess {
  return { kind: 'submission', apiKey: false, deletedForm: false, ...options, permissions }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
    /** The status of a body that fails its schema, where CHEFS's differs from 422. */
    invalidBodyStatus?: number
  }
}
