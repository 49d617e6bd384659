import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { accessOf, authorOf, type Caller } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import { recordAudit } from '../audit/audit.queries.ts'
import type { Db } from '../db/database.ts'
import { FormParams, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import type { Definitions } from '../versions/definitions.ts'
import type { AnswerPlace } from './answer-place.ts'
import { placesOfFields } from './field-places.ts'
import { changeIndexedFields, type IndexedField, indexedFieldsOf, submissionsIn } from './indexed-fields.queries.ts'
import { IndexedFields, IndexedFieldsChange, indexedFieldsMax } from './indexed-fields.schemas.ts'

type Deps = { db: Db; definitions: Definitions }

/** Which fields of a form are indexed, so that lists are filtered by their answers without reading all of them. */
export function indexedFieldsRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/forms/:formId/indexedFields',
      {
        config: { access: formAccess(['form_read', 'submission_read'], { scope: 'submissions:read' }) },
        schema: {
          operationId: 'listIndexedFields',
          tags: ['forms'],
          description: 'The fields by which lists of submissions are filtered quickly.',
          params: FormParams,
          response: { 200: ref(IndexedFields) },
        },
      },
      async (request) => shown(deps.db, request.params.formId),
    )

    app.put(
      '/forms/:formId/indexedFields',
      {
        config: { access: formAccess(['form_read', 'form_update'], { byRole: true }) },
        schema: {
          operationId: 'setIndexedFields',
          tags: ['forms'],
          description:
            'Indexes exactly these fields. An index is built beside other work; until it is `ready`, filters read the answers as before.',
          params: FormParams,
          body: ref(IndexedFieldsChange),
          response: { 200: ref(IndexedFields) },
        },
      },
      async (request) => {
        const { formId } = request.params
        await setIndexedFields(deps, formId, request.body.fields, accessOf(request).caller)
        return shown(deps.db, formId)
      },
    )
  }
}

async function setIndexedFields(deps: Deps, formId: string, wanted: string[], caller: Caller): Promise<void> {
  const before = await indexedFieldsOf(deps.db, formId)
  const known = new Map(before.map((field) => [field.field, field]))
  const added = wanted.filter((field) => !known.has(field))
  const removed = [...known.keys()].filter((field) => !wanted.includes(field))
  const places = new Map<string, AnswerPlace>([...known, ...(await placesOfFields(deps, formId, added))])
  const unknown = wanted.filter((field) => !places.has(field))
  if (unknown.length > 0) {
    throw problems.invalidBody(
      unknown.map((field) => ({
        path: `fields[${wanted.indexOf(field)}]`,
        message: `is ${field}, which no version of the form has`,
      })),
    )
  }
  if (added.length + removed.length === 0) return
  await deps.db.transaction().execute(async (tx) => {
    const all = wanted.flatMap((field) => places.get(field) ?? [])
    await changeIndexedFields(tx, formId, all, authorOf(caller))
    await recordAudit(tx, 'form.indexedFields', caller, formId, { added, removed })
  })
}

async function shown(db: Db, formId: string) {
  const [fields, submissions] = [await indexedFieldsOf(db, formId), await submissionsIn(db, formId)]
  return { fields: fields.map((field) => toIndexedField(field, submissions)), max: indexedFieldsMax }
}

function toIndexedField(row: IndexedField, submissions: number) {
  const done = Math.min(99, Math.floor((100 * row.filled_rows) / Math.max(1, submissions)))
  return {
    field: row.field,
    state: row.ready_at ? ('ready' as const) : ('building' as const),
    percent: row.ready_at ? 100 : done,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    readyAt: row.ready_at?.toISOString() ?? null,
  }
}
