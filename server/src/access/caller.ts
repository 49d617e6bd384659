import type { FastifyRequest } from 'fastify'
import type { SubmissionAccessRow } from './access.queries.ts'
import type { FileAccessRow } from './file-access.queries.ts'
import type { Scope } from './scope.ts'

/** Who is calling. */
export type Caller =
  | { kind: 'anonymous' }
  | { kind: 'user'; id: string; email: string; name: string; serverOwner: boolean }
  | { kind: 'apiKey'; id: number; name: string; formId: string; scopes: ReadonlySet<string>; test: boolean }

/** What the guard found out about a request before its handler runs. */
export type Access = {
  caller: Caller
  /** Empty on routes that concern no form. */
  permissions: ReadonlySet<string>
  /** The form that the request is about, when the route names one. */
  formId: string | undefined
  /** The submission that the path names; the guard has read it anyway. */
  submission?: SubmissionAccessRow | undefined
  /** The file that the path names. */
  file?: FileAccessRow | undefined
}

const noAccess: Access = { caller: { kind: 'anonymous' }, permissions: new Set(), formId: undefined }
const accesses = new WeakMap<FastifyRequest, Access>()

export function setAccess(request: FastifyRequest, access: Access): void {
  accesses.set(request, access)
}

/** What the guard decided for this request. */
export function accessOf(request: FastifyRequest): Access {
  return accesses.get(request) ?? noAccess
}

/** How a row names its author. */
export function authorOf(caller: Caller): string {
  if (caller.kind === 'user') return caller.email
  return caller.kind === 'apiKey' ? `api-key:${caller.name}` : 'public'
}

/** Whether a key lacks a scope; people are asked for permissions instead. */
export function keyLacks(caller: Caller, scope: Scope): boolean {
  return caller.kind === 'apiKey' && !caller.scopes.has(scope)
}

/** Whether a call is about test submissions: a test key sees and makes nothing else, others when they ask for them. */
export function concernsTest(caller: Caller, asked = false): boolean {
  return asked || (caller.kind === 'apiKey' && caller.test)
}

/** The account behind a call, for rows that belong to a person. */
export function userIdOf(caller: Caller): string | null {
  return caller.kind === 'user' ? caller.id : null
}
