import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { accessOf, authorOf } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import type { Db } from '../db/database.ts'
import { newId } from '../http/ids.ts'
import { sendJsonText, withMember } from '../http/json-text.ts'
import { assertUnchanged } from '../http/precondition.ts'
import { DraftParams, FormParams, NoContent, Precondition, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { assertDefinition } from '../versions/assert-definition.ts'
import { versionText } from '../versions/version.ts'
import { findVersion, insertPublishedVersion, lockForm } from '../versions/versions.queries.ts'
import { Version } from '../versions/versions.schemas.ts'
import {
  type DraftRow,
  draftsOfForm,
  findDraft,
  insertDraft,
  lockDraft,
  takeDraft,
  updateDraft,
} from './drafts.queries.ts'
import { Draft, DraftChange, DraftSummary, ListDraftsQuery, NewDraft } from './drafts.schemas.ts'

export function draftsRoutes({ db }: { db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/forms/:formId/drafts',
      {
        config: { access: formAccess(['form_read', 'design_read'], { scope: 'form:design' }) },
        schema: {
          operationId: 'listDrafts',
          tags: ['drafts'],
          params: FormParams,
          querystring: ListDraftsQuery,
          response: { 200: Type.Array(ref(DraftSummary)) },
        },
      },
      async (request) => (await draftsOfForm(db, request.params.formId, request.query.formVersionId)).map(toDraft),
    )

    app.post(
      '/forms/:formId/drafts',
      {
        config: { access: formAccess(['form_read', 'design_create'], { scope: 'form:design' }) },
        schema: {
          operationId: 'createDraft',
          tags: ['drafts'],
          params: FormParams,
          body: ref(NewDraft),
          response: { 201: ref(Draft) },
        },
      },
      async (request, reply) => {
        const { formId } = request.params
        const { schema, formVersionId = null } = request.body
        assertDefinition(schema, 'schema')
        await assertVersionOfForm(db, formId, formVersionId)
        const text = JSON.stringify(schema)
        const draft = await insertDraft(db, newId(), formId, formVersionId, text, authorOf(accessOf(request).caller))
        return sendJsonText(reply.code(201), draftText(draft, text))
      },
    )

    app.get(
      '/forms/:formId/drafts/:formVersionDraftId',
      {
        config: { access: formAccess(['form_read', 'design_read'], { scope: 'form:design' }) },
        schema: { operationId: 'getDraft', tags: ['drafts'], params: DraftParams, response: { 200: ref(Draft) } },
      },
      async (request, reply) => {
        const draft = await findDraft(db, request.params.formId, request.params.formVersionDraftId)
        if (!draft) throw problems.notFound('draft')
        return sendJsonText(reply, draftText(draft, draft.definition))
      },
    )

    app.put(
      '/forms/:formId/drafts/:formVersionDraftId',
      {
        config: { access: formAccess(['form_read', 'design_update'], { scope: 'form:design' }) },
        schema: {
          operationId: 'updateDraft',
          tags: ['drafts'],
          params: DraftParams,
          headers: Precondition,
          body: ref(DraftChange),
          response: { 200: ref(Draft) },
        },
      },
      async (request, reply) => {
        const { formId, formVersionDraftId } = request.params
        const { schema, formVersionId } = request.body
        if (schema !== undefined) assertDefinition(schema, 'schema')
        if (formVersionId !== undefined) await assertVersionOfForm(db, formId, formVersionId)
        const change = {
          ...(schema === undefined ? {} : { schema: JSON.stringify(schema) }),
          ...(formVersionId === undefined ? {} : { form_version_id: formVersionId }),
        }
        const author = authorOf(accessOf(request).caller)
        const draft = await db.transaction().execute(async (tx) => {
          assertUnchanged(request.headers, await lockDraft(tx, formId, formVersionDraftId))
          return updateDraft(tx, formId, formVersionDraftId, change, author)
        })
        if (!draft) throw problems.notFound('draft')
        return sendJsonText(reply, draftText(draft, draft.definition))
      },
    )

    app.delete(
      '/forms/:formId/drafts/:formVersionDraftId',
      {
        config: { access: formAccess(['form_read', 'design_delete'], { scope: 'form:design' }) },
        schema: { operationId: 'deleteDraft', tags: ['drafts'], params: DraftParams, response: { 204: NoContent } },
      },
      async (request, reply) => {
        const taken = await takeDraft(db, request.params.formId, request.params.formVersionDraftId)
        if (taken === undefined) throw problems.notFound('draft')
        return reply.code(204).send(null)
      },
    )

    app.post(
      '/forms/:formId/drafts/:formVersionDraftId/publish',
      {
        config: { access: formAccess(['form_read', 'design_create'], { scope: 'form:design' }) },
        schema: {
          operationId: 'publishDraft',
          tags: ['drafts'],
          description: 'Makes the draft the form’s next version and publishes it; the draft is gone then.',
          params: DraftParams,
          headers: Precondition,
          response: { 200: ref(Version) },
        },
      },
      async (request, reply) => {
        const { formId, formVersionDraftId } = request.params
        const author = authorOf(accessOf(request).caller)
        const text = await db.transaction().execute(async (tx) => {
          await lockForm(tx, formId)
          assertUnchanged(request.headers, await lockDraft(tx, formId, formVersionDraftId))
          const definition = await takeDraft(tx, formId, formVersionDraftId)
          if (definition === undefined) throw problems.notFound('draft')
          return versionText(await insertPublishedVersion(tx, newId(), formId, definition, author), definition)
        })
        return sendJsonText(reply, text)
      },
    )
  }
}

/** A draft may not point to another form's version. */
async function assertVersionOfForm(db: Db, formId: string, versionId: string | null): Promise<void> {
  if (versionId !== null && !(await findVersion(db, formId, versionId))) {
    throw problems.invalidBody([{ path: 'formVersionId', message: 'is no version of this form' }])
  }
}

function toDraft(row: DraftRow) {
  return {
    id: row.id,
    formId: row.form_id,
    formVersionId: row.form_version_id,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedBy: row.updated_by,
    updatedAt: row.updated_at.toISOString(),
  }
}

function draftText(row: DraftRow, definition: string): string {
  return withMember(JSON.stringify(toDraft(row)), 'schema', definition)
}
