import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { accessOf, authorOf, type Caller } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import { recordAudit } from '../audit/audit.queries.ts'
import type { RandomBytes } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { FormParams, NoContent, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import type { Sealing } from '../sealing.ts'
import { lockForm } from '../versions/versions.queries.ts'
import { generateApiKey, hashOfKey } from './api-key.ts'
import {
  type ApiKeyRow,
  deleteDefaultKey,
  findDefaultKey,
  replaceDefaultKey,
  setFilesApiAccess,
} from './api-keys.queries.ts'
import { ApiKey, FilesApiAccess } from './api-keys.schemas.ts'

type Deps = { db: Db; sealing: Sealing; random: RandomBytes }

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
