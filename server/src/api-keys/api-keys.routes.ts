import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { type Access, accessOf, authorOf } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import { defaultScopes, fileScopes, type Scope, scopesBeyond } from '../access/scope.ts'
import { recordAudit } from '../audit/audit.queries.ts'
import { FormParams, NoContent, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { findFormLimit } from '../rate-limit/rate-limits.queries.ts'
import type { Sealing } from '../sealing.ts'
import { type ApiKeyRow, findDefaultKey, keyHoldersOf, putDefaultKey } from './api-keys.queries.ts'
import { ApiKey, ApiKeySummary, FilesApiAccess, KeyHolder } from './api-keys.schemas.ts'
import { inTurn, newSecret } from './changing-keys.ts'
import { withFileScopes } from './named-key.ts'
import { changeKey, findKey, revokeKey } from './named-keys.queries.ts'
import { type KeyViewDeps, toNamedKey, toRateLimit } from './named-keys-view.ts'

type Deps = KeyViewDeps

/** A form's API key: people only, never a key itself. */
export function apiKeysRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  const { db, sealing } = deps
  return async (app) => {
    app.put(
      '/forms/:formId/apiKey',
      {
        config: { access: formAccess(['form_api_create']) },
        schema: {
          operationId: 'generateApiKey',
          tags: ['API key'],
          description: 'Generates the form’s key, or regenerates it: the old one stops working at once.',
          params: FormParams,
          response: { 200: ref(ApiKey) },
        },
      },
      (request) => regenerate(deps, request.params.formId, accessOf(request)),
    )

    app.get(
      '/forms/:formId/apiKey',
      {
        config: { access: formAccess(['form_api_read']) },
        schema: {
          operationId: 'showApiKey',
          tags: ['API key'],
          description: 'Shows the key with its secret, any day. 204 when the form has none. Each look is recorded.',
          params: FormParams,
          response: { 200: ref(ApiKey), 204: NoContent },
        },
      },
      async (request, reply) => {
        const { formId } = request.params
        const key = await findDefaultKey(db, formId)
        if (!key) return reply.code(204).send(null)
        await recordAudit(db, 'apiKey.shown', accessOf(request).caller, formId, { keyId: key.id })
        return toApiKey(key, sealing)
      },
    )

    app.get(
      '/forms/:formId/apiKey/summary',
      {
        config: { access: formAccess(['form_api_read']) },
        schema: {
          operationId: 'summarizeApiKey',
          tags: ['API key'],
          description:
            'The key without its secret, and where it stands with its limit; looking is not recorded and counts for nothing.',
          params: FormParams,
          response: { 200: ref(ApiKeySummary) },
        },
      },
      (request) => summaryOf(deps, request.params.formId),
    )

    app.get(
      '/forms/:formId/apiKey/holders',
      {
        config: { access: formAccess(['form_read'], { byRole: true }) },
        schema: {
          operationId: 'listApiKeyHolders',
          tags: ['API key'],
          description: 'Who may show and generate the key, for people of the team who may not.',
          params: FormParams,
          response: { 200: Type.Array(ref(KeyHolder)) },
        },
      },
      (request) => keyHoldersOf(db, request.params.formId),
    )

    app.delete(
      '/forms/:formId/apiKey',
      {
        config: { access: formAccess(['form_api_delete']) },
        schema: { operationId: 'deleteApiKey', tags: ['API key'], params: FormParams, response: { 204: NoContent } },
      },
      async (request, reply) => {
        const { formId } = request.params
        await inTurn(deps, formId, async (tx) => {
          const { caller } = accessOf(request)
          const key = await findDefaultKey(tx, formId)
          if (!key) throw problems.notFound('API key')
          await revokeKey(tx, formId, key.id, null, authorOf(caller))
          await recordAudit(tx, 'apiKey.deleted', caller, formId, { keyId: key.id })
        })
        return reply.code(204).send(null)
      },
    )

    app.put(
      '/forms/:formId/apiKey/filesApiAccess',
      {
        config: { access: formAccess(['form_api_create']), invalidBodyStatus: 400 },
        schema: {
          operationId: 'setFilesApiAccess',
          tags: ['API key'],
          description: 'Allows the key to access submitted files, or forbids it.',
          params: FormParams,
          body: ref(FilesApiAccess),
          response: { 200: ref(ApiKey) },
        },
      },
      async (request) => {
        const { formId } = request.params
        const { caller, permissions } = accessOf(request)
        const { filesApiAccess } = request.body
        const key = await inTurn(deps, formId, async (tx) => {
          const before = await findDefaultKey(tx, formId)
          if (!before) return undefined
          const scopes = withFileScopes(before.scopes, filesApiAccess)
          assertMayGive(
            permissions,
            fileScopes.filter((each) => scopes.includes(each) && !before.scopes.includes(each)),
          )
          await changeKey(tx, formId, before.id, { scopes }, authorOf(caller))
          await recordAudit(tx, 'apiKey.filesApiAccess', caller, formId, { keyId: before.id, filesApiAccess })
          return findDefaultKey(tx, formId)
        })
        if (!key) throw problems.notFound('API key')
        return toApiKey(key, sealing)
      },
    )
  }
}

async function regenerate(deps: Deps, formId: string, { caller, permissions }: Access) {
  const { secret: _, stored } = newSecret(deps, formId, false)
  const key = await inTurn(deps, formId, async (tx) => {
    const row = await putDefaultKey(tx, formId, stored, authorOf(caller))
    if (!row.regenerated) assertMayGive(permissions, defaultScopes)
    await recordAudit(tx, row.regenerated ? 'apiKey.regenerated' : 'apiKey.created', caller, formId, { keyId: row.id })
    return row
  })
  return toApiKey(key, deps.sealing)
}

/** Nobody makes a key that may do more than they. @throws Problem 403 */
function assertMayGive(permissions: ReadonlySet<string>, wanted: readonly Scope[]): void {
  const beyond = scopesBeyond(permissions, wanted)
  if (beyond.length > 0) throw problems.forbidden(`You may not give a key what you may not do: ${beyond.join(', ')}.`)
}

async function summaryOf(deps: Deps, formId: string) {
  const { db } = deps
  const found = await findDefaultKey(db, formId)
  const row = found && (await findKey(db, formId, found.id))
  const key = row && (await toNamedKey(deps, row))
  return {
    exists: key !== undefined,
    keyId: key?.id ?? null,
    prefix: key?.prefix ?? null,
    hint: key?.hint ?? null,
    filesApiAccess: row?.scopes.includes('files:read') ?? null,
    createdBy: key?.createdBy ?? null,
    createdByName: key?.createdByName ?? null,
    createdAt: key?.createdAt ?? null,
    updatedBy: key?.updatedBy ?? null,
    updatedByName: key?.updatedByName ?? null,
    updatedAt: key?.updatedAt ?? null,
    callsToday: key?.callsToday ?? null,
    lastUsed: key?.lastUsed ?? null,
    rateLimit: key?.rateLimit ?? (await rateLimitOfNewKey(deps, formId)),
  }
}

async function rateLimitOfNewKey({ db, limits }: Deps, formId: string) {
  const raised = (await findFormLimit(db, formId))?.raised?.limit ?? null
  return toRateLimit(limits.standingOfNewKey(raised))
}

function toApiKey(row: ApiKeyRow, sealing: Sealing) {
  return {
    id: row.id,
    formId: row.form_id,
    secret: sealing.open(row.secret_sealed, row.form_id),
    filesApiAccess: row.scopes.includes('files:read'),
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedBy: row.updated_by,
    updatedAt: row.updated_at.toISOString(),
  }
}
