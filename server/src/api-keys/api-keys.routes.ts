import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { accessOf, authorOf, type Caller } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import { recordAudit } from '../audit/audit.queries.ts'
import type { RandomBytes } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { FormParams, NoContent, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import type { Limits } from '../rate-limit/limits.ts'
import type { Sealing } from '../sealing.ts'
import { lockForm } from '../versions/versions.queries.ts'
import { generateApiKey, glimpseOf, hashOfKey } from './api-key.ts'
import {
  type ApiKeyRow,
  deleteDefaultKey,
  findDefaultKey,
  keyHoldersOf,
  namesOfAuthors,
  replaceDefaultKey,
  setFilesApiAccess,
} from './api-keys.queries.ts'
import { ApiKey, ApiKeySummary, FilesApiAccess, KeyHolder } from './api-keys.schemas.ts'

type Deps = { db: Db; sealing: Sealing; random: RandomBytes; limits: Pick<Limits, 'peekForKey'> }

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
      (request) => regenerate(deps, request.params.formId, accessOf(request).caller),
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
        await db.transaction().execute(async (tx) => {
          if (!(await lockForm(tx, formId))) throw problems.notFound('form')
          if (!(await deleteDefaultKey(tx, formId))) throw problems.notFound('API key')
          await recordAudit(tx, 'apiKey.deleted', accessOf(request).caller, formId)
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
        const { caller } = accessOf(request)
        const { filesApiAccess } = request.body
        const key = await db.transaction().execute(async (tx) => {
          if (!(await lockForm(tx, formId))) throw problems.notFound('form')
          const changed = await setFilesApiAccess(tx, formId, filesApiAccess, authorOf(caller))
          if (changed) await recordAudit(tx, 'apiKey.filesApiAccess', caller, formId, { filesApiAccess })
          return changed
        })
        if (!key) throw problems.notFound('API key')
        return toApiKey(key, sealing)
      },
    )
  }
}

async function regenerate({ db, sealing, random }: Deps, formId: string, caller: Caller) {
  const secret = generateApiKey(random)
  const stored = { secret_hash: hashOfKey(secret), secret_sealed: sealing.seal(secret, formId) }
  const key = await db.transaction().execute(async (tx) => {
    // All who change a key take turns: a delete would else miss the row that another is about to put in.
    if (!(await lockForm(tx, formId))) throw problems.notFound('form')
    const row = await replaceDefaultKey(tx, formId, stored, authorOf(caller))
    await recordAudit(tx, row.regenerated ? 'apiKey.regenerated' : 'apiKey.created', caller, formId, { keyId: row.id })
    return row
  })
  return toApiKey(key, sealing)
}

async function summaryOf({ db, sealing, limits }: Deps, formId: string) {
  const key = await findDefaultKey(db, formId)
  const { limit, remaining, resetSeconds } = await limits.peekForKey(formId.toLowerCase(), key?.id)
  const rateLimit = { limit: limit.max, remaining, resetSeconds, windowSeconds: limit.windowMs / 1000 }
  const names = key ? await namesOfAuthors(db, [key.created_by, key.updated_by ?? key.created_by]) : new Map()
  const { prefix, hint } = key ? glimpseOf(sealing.open(key.secret_sealed, key.form_id)) : { prefix: null, hint: null }
  return {
    exists: key !== undefined,
    prefix,
    hint,
    filesApiAccess: key?.files_api_access ?? null,
    createdBy: key?.created_by ?? null,
    createdByName: names.get(key?.created_by ?? '') ?? null,
    createdAt: key?.created_at.toISOString() ?? null,
    updatedBy: key?.updated_by ?? null,
    updatedByName: names.get(key?.updated_by ?? '') ?? null,
    updatedAt: key?.updated_at.toISOString() ?? null,
    rateLimit,
  }
}

function toApiKey(row: ApiKeyRow, sealing: Sealing) {
  return {
    id: row.id,
    formId: row.form_id,
    secret: sealing.open(row.secret_sealed, row.form_id),
    filesApiAccess: row.files_api_access,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedBy: row.updated_by,
    updatedAt: row.updated_at.toISOString(),
  }
}
