import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { hashOfKey, isWellFormedKey } from '../api-keys/api-key.ts'
import type { RunStatement } from '../db/database.ts'
import { isUuid } from '../http/uuid.ts'
import { problems } from '../problem.ts'
import { clientAddress } from '../rate-limit/client-address.ts'
import type { CountedKey } from '../rate-limit/key-limit.ts'
import type { Limits } from '../rate-limit/limits.ts'
import {
  type CredentialRow,
  findCredential,
  findCredentialAndSubmission,
  findFormForUser,
  findSubmissionForUser,
  type SubmissionAccessRow,
} from './access.queries.ts'
import { isWithin } from './allowed-addresses.ts'
import { type BasicCredentials, readBasic } from './basic.ts'
import { type Access, type Caller, keyLacks, setAccess, userIdOf } from './caller.ts'
import { type FileAccessRow, findCredentialAndFile } from './file-access.queries.ts'
import { findReachableFile } from './file-access.ts'
import { accessMode, apiKeyPermissions, apiKeyPermissionsWithoutForm, permissionsOn } from './permission.ts'
import { type FormRoute, isFormRoute, type RouteAccess } from './route-access.ts'
import type { Scope } from './scope.ts'
import { mayReadAsSubmitter } from './submitter.ts'
import { unauthorized } from './unauthorized.ts'
import { setUsedKey } from './used-key.ts'

export type FindSession = (
  headers: FastifyRequest['headers'],
) => Promise<{ id: string; email: string; name: string; serverOwner: boolean } | undefined>

export type GuardDeps = {
  run: RunStatement
  findSession: FindSession
  limits: Limits
  sign(text: string): string
}

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
    const scope = isFormRoute(access) ? access.scope : undefined
    if (!isFormRoute(access) || scope === undefined) {
      return refuseKey(deps, request, reply, undefined, takesNoKey)
    }
    if (basic.kind === 'malformed') return refuseKey(deps, request, reply, undefined)
    return asKey(deps, access, scope, basic.credentials, request, reply)
  }
}

// Third-party programs

/** A program with a good key must not take it for a bad one. */
const takesNoKey =
  'This operation takes no API key, whatever the key may do: it is for people who are signed in. Your key was not looked at.'

async function asKey(
  deps: GuardDeps,
  access: FormRoute,
  scope: Scope,
  { formId, secret }: BasicCredentials,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const target = targetOf(access, request)
  if (!isWellFormedKey(secret)) return refuseKey(deps, request, reply, formId)
  const secretHash = hashOfKey(secret)
  const shown = { secretHash, ip: request.ip }
  const refusal = deps.limits.refusalOfKey(formId, shown)
  if (refusal) {
    setUsedKey(request, { keyId: refusal.keyId, secretHash })
    throw refusal.problem
  }
  const { credential, submission, file } = await look(deps, access, formId, secretHash, target)
  if (!credential || (access.kind === 'form' && target !== formId)) return refuseKey(deps, request, reply, formId)
  if (!mayCallFrom(credential, request)) return refuseAddress(deps, request, reply, formId)
  setUsedKey(request, { keyId: credential.key_id, secretHash })
  await deps.limits.takeForKey(reply, countedKey(credential, formId), shown)
  const caller = toCaller(credential, formId)
  if (keyLacks(caller, scope)) throw lacking(access, scope)
  if (access.kind === 'submission' && !submission) throw problems.notFound('submission')
  if (access.kind === 'file' && !file) throw problems.notFound('file')
  const permissions = keyLacks(caller, 'form:read') ? apiKeyPermissionsWithoutForm : apiKeyPermissions
  setAccess(request, { caller, permissions, formId, submission, file })
}

type Found = {
  credential: CredentialRow | undefined
  submission?: SubmissionAccessRow | undefined
  file?: FileAccessRow | undefined
}

/** One trip to the database, whatever is asked for. */
async function look(
  { run }: GuardDeps,
  access: FormRoute,
  formId: string,
  secretHash: Buffer,
  target: string,
): Promise<Found> {
  if (access.kind === 'submission') return findCredentialAndSubmission(run, formId, secretHash, target)
  if (access.kind === 'file') return findCredentialAndFile(run, formId, secretHash, target)
  return { credential: await findCredential(run, formId, secretHash) }
}

function mayCallFrom({ allowed_addresses }: CredentialRow, { ip }: FastifyRequest): boolean {
  return allowed_addresses === null || isWithin(clientAddress(ip), allowed_addresses)
}

/** A stolen key that is tried from elsewhere counts as a failure there, and takes nothing from the key's own calls. */
async function refuseAddress(
  { limits }: GuardDeps,
  { ip }: FastifyRequest,
  reply: FastifyReply,
  formId: string,
): Promise<never> {
  await limits.takeForFailure(reply, ip, formId)
  throw problems.addressNotAllowed(clientAddress(ip))
}

function lacking(access: FormRoute, scope: Scope): Error {
  return access.kind === 'file' ? problems.filesApiAccessOff() : problems.insufficientScope(scope)
}

function countedKey({ key_id, generation, own_limit, raised_limit }: CredentialRow, formId: string): CountedKey {
  return { form_id: formId, id: key_id, generation, rate_limit: own_limit, raised_limit }
}

function toCaller({ key_id, key_name, scopes, test }: CredentialRow, formId: string): Caller {
  return { kind: 'apiKey', id: key_id, name: key_name, formId, scopes: new Set(scopes.split(' ')), test }
}

async function refuseKey(
  deps: GuardDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  formId: string | undefined,
  detail?: string,
): Promise<never> {
  await deps.limits.takeForFailure(reply, request.ip, formId)
  throw unauthorized(request, detail)
}

/**
 * Looks again whether a request about a form, which has been open for a while, may go on. It is not counted.
 * @throws Problem as it would be refused now
 */
export function assertingStillAllowed(deps: GuardDeps): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const access = request.routeOptions.config.access
    if (access?.kind !== 'form') throw new Error('Only requests about a form can be looked at again.')
    const basic = readBasic(request.headers.authorization)
    if (basic.kind !== 'credentials') {
      await accessToForm(deps, access, await callerOf(deps, request), request)
      return
    }
    const { formId, secret } = basic.credentials
    const credential = await findCredential(deps.run, formId, hashOfKey(secret))
    if (!credential || !mayCallFrom(credential, request)) throw unauthorized(request)
    if (access.scope && keyLacks(toCaller(credential, formId), access.scope)) throw lacking(access, access.scope)
  }
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
  const asServerOwner = access.orServerOwner === true && caller.kind === 'user' && caller.serverOwner
  if (!has(permissions, access) && !asServerOwner) throw missing(caller, request)
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
