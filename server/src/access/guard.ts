import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { hashOfKey, isWellFormedKey, sameHash } from '../api-keys/api-key.ts'
import type { RunStatement } from '../db/database.ts'
import { isUuid } from '../http/uuid.ts'
import { problems } from '../problem.ts'
import type { Limits } from '../rate-limit/limits.ts'
import {
  type CredentialRow,
  findCredentials,
  findCredentialsAndSubmission,
  findFormForUser,
  findSubmissionForUser,
  type SubmissionAccessRow,
} from './access.queries.ts'
import { type BasicCredentials, readBasic } from './basic.ts'
import { type Access, type Caller, setAccess, userIdOf } from './caller.ts'
import { type FileAccessRow, findCredentialsAndFile } from './file-access.queries.ts'
import { findReachableFile } from './file-access.ts'
import { accessMode, apiKeyPermissions, permissionsOn } from './permission.ts'
import { type FormRoute, isFormRoute, type RouteAccess } from './route-access.ts'
import { mayReadAsSubmitter } from './submitter.ts'
import { unauthorized } from './unauthorized.ts'

export type FindSession = (
  headers: FastifyRequest['headers'],
) => Promise<{ id: string; email: string; name: string; serverOwner: boolean } | undefined>

export type GuardDeps = { run: RunStatement; findSession: FindSession; limits: Limits; sign(text: string): string }

/**
 * Who is calling → too often? → may they: the order in which every request is looked at, before its body is read.
 * @returns the hook that enforces what a route declares in `config.access`
 */
export function guard(deps: GuardDeps): onRequestAsyncHookHandler {
  return async function onRequest(request, reply) {
    const access = request.routeOptions.config.access
    // Pages and assets: no caller, no count.
    if (!access) return
    const basic = readBasic(request.headers.authorization)
    if (basic.kind === 'none') return asPerson(deps, access, request, reply)
    if (basic.kind === 'malformed' || !acceptsKeys(access)) return refuseKey(deps, request, reply, undefined)
    return asKey(deps, access, basic.credentials, request, reply)
  }
}

function acceptsKeys(access: RouteAccess): access is FormRoute {
  return isFormRoute(access) && access.apiKey
}

// Third-party programs

async function asKey(
  deps: GuardDeps,
  access: FormRoute,
  { formId, secret }: BasicCredentials,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const target = targetOf(access, request)
  if (!isWellFormedKey(secret)) return refuseKey(deps, request, reply, formId)
  const { credentials, submission, file } = await look(deps, access, formId, target)
  const key = matching(credentials, secret)
  if (!key || (access.kind === 'form' && target !== formId)) return refuseKey(deps, request, reply, formId)
  await deps.limits.takeForKey(reply, formId, key.key_id)
  if (access.kind === 'submission' && !submission) throw problems.notFound('submission')
  if (access.kind === 'file' && !key.files_api_access) throw problems.filesApiAccessOff()
  if (access.kind === 'file' && !file) throw problems.notFound('file')
  setAccess(request, { caller: toCaller(key, formId), permissions: apiKeyPermissions, formId, submission, file })
}

/** One trip to the database, whatever is asked for. */
async function look(
  deps: GuardDeps,
  access: FormRoute,
  formId: string,
  target: string,
): Promise<{
  credentials: CredentialRow[]
  submission?: SubmissionAccessRow | undefined
  file?: FileAccessRow | undefined
}> {
  if (access.kind === 'submission') return findCredentialsAndSubmission(deps.run, formId, target)
  if (access.kind === 'file') return findCredentialsAndFile(deps.run, formId, target)
  return { credentials: await findCredentials(deps.run, formId) }
}

/** Compares with one hash at least, so that an unknown form takes as long as a wrong key. */
function matching(credentials: CredentialRow[], secret: string): CredentialRow | undefined {
  const hash = hashOfKey(secret)
  const found = credentials.find((each) => sameHash(hash, each.secret_hash))
  if (credentials.length === 0) sameHash(hash, undefined)
  return found
}

function toCaller(key: CredentialRow, formId: string): Caller {
  return { kind: 'apiKey', id: key.key_id, name: key.key_name, formId, filesApiAccess: key.files_api_access }
}

async function refuseKey(
  deps: GuardDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  formId: string | undefined,
): Promise<never> {
  await deps.limits.takeForFailure(reply, request.ip, formId)
  throw unauthorized(request)
}

// People, and nobody

async function asPerson(
  deps: GuardDeps,
  access: RouteAccess,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const caller = await callerOf(deps, request)
  await deps.limits.takeForPerson(reply, request.ip, caller)
  if (access.kind === 'form') return setAccess(request, await accessToForm(deps, access, caller, request))
  if (access.kind === 'submission') return setAccess(request, await accessToSubmission(deps, access, caller, request))
  if (access.kind === 'file') return setAccess(request, await accessToFile(deps, access, caller, request))
  if (access.kind !== 'public' && caller.kind !== 'user') throw unauthorized(request)
  if (access.kind === 'serverOwner' && !(caller.kind === 'user' && caller.serverOwner)) {
    throw problems.forbidden('Only the owner of this server may do this.')
  }
  setAccess(request, { caller, permissions: new Set(), formId: undefined })
}

async function callerOf(deps: GuardDeps, request: FastifyRequest): Promise<Caller> {
  const user = request.headers.cookie === undefined ? undefined : await deps.findSession(request.headers)
  return user ? { kind: 'user', ...user } : { kind: 'anonymous' }
}

async function accessToForm(
  deps: GuardDeps,
  access: Extract<RouteAccess, { kind: 'form' }>,
  caller: Caller,
  request: FastifyRequest,
): Promise<Access> {
  const formId = formIdIn(access, request)
  const form = await findFormForUser(deps.run, formId, userIdOf(caller))
  const mode = access.byRole ? 'team' : accessMode(form?.identity_providers ?? [])
  const permissions = permissionsOn(mode, caller.kind === 'user', form?.permissions ?? [])
  if (!has(permissions, access)) throw missing(caller, request)
  if (form && !form.active && (!access.deletedForm || form.permissions.length === 0)) throw problems.notFound('form')
  return { caller, permissions, formId }
}

async function accessToSubmission(
  deps: GuardDeps,
  access: Extract<RouteAccess, { kind: 'submission' }>,
  caller: Caller,
  request: FastifyRequest,
): Promise<Access> {
  const found = await findSubmissionForUser(deps.run, submissionIdIn(request), userIdOf(caller))
  const permissions = new Set(found?.permissions)
  const allowed =
    found &&
    (has(permissions, access) ||
      (!access.byRole && mayReadAsSubmitter(found.submission, access.permissions, caller, request, deps.sign)))
  if (!allowed) throw caller.kind === 'user' ? problems.notFound('submission') : unauthorized(request)
  if (!found.submission.form.active) throw problems.notFound('submission')
  return { caller, permissions, formId: found.submission.form_id, submission: found.submission }
}

async function accessToFile(
  deps: GuardDeps,
  access: Extract<RouteAccess, { kind: 'file' }>,
  caller: Caller,
  request: FastifyRequest,
): Promise<Access> {
  const found = await findReachableFile(deps, fileIdIn(request), access.permissions, caller, request)
  if (!found) throw caller.kind === 'user' ? problems.notFound('file') : unauthorized(request)
  return { caller, permissions: found.permissions, formId: found.file.form_id, file: found.file }
}

function has(permissions: ReadonlySet<string>, access: FormRoute): boolean {
  return access.permissions.every((each) => permissions.has(each))
}

function missing(caller: Caller, request: FastifyRequest): Error {
  if (caller.kind !== 'user') return unauthorized(request)
  return problems.forbidden('You have no right to do this with this form, or there is no such form.')
}

// Ids, which guards see before validation

function targetOf(access: FormRoute, request: FastifyRequest): string {
  if (access.kind === 'form') return formIdIn(access, request)
  return access.kind === 'submission' ? submissionIdIn(request) : fileIdIn(request)
}

function formIdIn(access: FormRoute, request: FastifyRequest): string {
  const source = access.kind === 'form' && access.formIn === 'query' ? request.query : request.params
  return uuidIn(source, 'formId')
}

function submissionIdIn(request: FastifyRequest): string {
  return uuidIn(request.params, 'formSubmissionId')
}

function fileIdIn(request: FastifyRequest): string {
  return uuidIn(request.params, 'fileId')
}

function uuidIn(source: unknown, name: string): string {
  // The router and the query parser give plain objects; their values are checked on the next line.
  const value = (source as Record<string, unknown>)[name]
  if (typeof value !== 'string' || !isUuid(value)) throw problems.invalidId(name)
  return value.toLowerCase()
}
