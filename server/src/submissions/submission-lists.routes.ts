import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { accessOf, type Caller, concernsTest } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import type { Db } from '../db/database.ts'
import { joinObjects } from '../http/json-text.ts'
import { FormParams, ref, Uuid, VersionParams } from '../http/schemas.ts'
import { enclosed, jsonArray, streamText } from '../http/stream.ts'
import { problems } from '../problem.ts'
import type { Definitions } from '../versions/definitions.ts'
import { findVersion } from '../versions/versions.queries.ts'
import { askedFields, submissionText } from './submission.ts'
import { listFields, listFilter, listItemText, listSort, pageOf } from './submission-list.ts'
import {
  countSubmissions,
  type ListRow,
  pageOfSubmissions,
  submissionsOfForm,
  submissionsOfVersion,
} from './submission-lists.queries.ts'
import {
  DiscoverQuery,
  ListSubmissionsQuery,
  ListVersionSubmissionsQuery,
  SubmissionListItem,
} from './submission-lists.schemas.ts'
import { Submission } from './submissions.schemas.ts'

type Deps = { db: Db; definitions: Definitions }

export function submissionListsRoutes({ db, definitions }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/forms/:formId/submissions',
      {
        config: { access: formAccess(['form_read', 'submission_read'], { scope: 'submissions:read' }) },
        schema: {
          operationId: 'listSubmissions',
          tags: ['submissions'],
          description:
            'All submissions, newest first, drafts and deleted ones too unless filtered; with `paginationEnabled` a page of them.',
          params: FormParams,
          querystring: ListSubmissionsQuery,
          response: {
            200: Type.Union([
              Type.Array(ref(SubmissionListItem)),
              Type.Object({ results: Type.Array(ref(SubmissionListItem)), total: Type.Integer() }),
            ]),
          },
        },
      },
      async (request, reply) =>
        streamText(reply, list(db, request.params.formId, request.query, accessOf(request).caller)),
    )

    app.get(
      '/forms/:formId/versions/:formVersionId/submissions',
      {
        config: { access: formAccess(['form_read', 'submission_read'], { scope: 'submissions:read' }) },
        schema: {
          operationId: 'listVersionSubmissions',
          tags: ['submissions'],
          description:
            'All submissions of a version with all their answers, newest first, drafts and deleted ones too.',
          params: VersionParams,
          querystring: ListVersionSubmissionsQuery,
          response: { 200: Type.Array(ref(Submission)) },
        },
      },
      async (request, reply) => {
        const { formId, formVersionId } = request.params
        if (!(await findVersion(db, formId, formVersionId))) throw problems.notFound('version')
        const batches = submissionsOfVersion(db, formId, {
          test: concernsTest(accessOf(request).caller, request.query.test),
          formVersionId,
          createdBy: request.query.createdBy,
        })
        return streamText(reply, jsonArray(texts(batches, submissionText)))
      },
    )

    app.get(
      '/forms/:formId/versions/:formVersionId/submissions/discover',
      {
        config: { access: formAccess(['form_read', 'submission_read'], { scope: 'submissions:read' }) },
        schema: {
          operationId: 'discoverSubmissions',
          tags: ['submissions'],
          description:
            'The id and chosen answers of each submission of a version; fields that the version lacks are left out.',
          params: VersionParams,
          querystring: DiscoverQuery,
          response: { 200: Type.Array(Type.Object({ id: Uuid }, { additionalProperties: true })) },
        },
      },
      async (request, reply) => {
        const { formId, formVersionId } = request.params
        const definition = await definitions.find(formId, formVersionId)
        if (!definition) throw problems.notFound('version')
        const known = new Set(definition.fields().flatMap((field) => [field, ...field.split('.').slice(0, 1)]))
        // An answer named `id` would hide the row's own.
        const fields = askedFields(request.query.fields).filter(
          ({ name, path }) => name !== 'id' && known.has(path.join('.')),
        )
        const batches = submissionsOfForm(
          db,
          formId,
          { test: concernsTest(accessOf(request).caller, request.query.test), formVersionId },
          fields,
        )
        return streamText(
          reply,
          jsonArray(texts(batches, (row) => joinObjects(JSON.stringify({ id: row.id }), row.fields))),
        )
      },
    )
  }
}

async function* list(db: Db, formId: string, query: ListSubmissionsQuery, caller: Caller): AsyncGenerator<string> {
  const fields = listFields(query)
  const filter = listFilter(query, fields, caller)
  const asked = new Set(askedFields(query.fields).map((field) => field.name))
  const toText = (row: ListRow) => listItemText(row, asked)
  const page = pageOf(query)
  if (page === undefined) return yield* jsonArray(texts(submissionsOfForm(db, formId, filter, fields), toText))
  const total = await countSubmissions(db, formId, filter)
  const sort = listSort(query, fields)
  const rows =
    page === 'all'
      ? submissionsOfForm(db, formId, filter, fields, sort)
      : once(() => pageOfSubmissions(db, formId, filter, { fields, sort, ...page }))
  yield* enclosed('{"results":', jsonArray(texts(rows, toText)), `,"total":${total}}`)
}

async function* texts<Row>(batches: AsyncIterable<Row[]>, toText: (row: Row) => string): AsyncGenerator<string[]> {
  for await (const batch of batches) yield batch.map(toText)
}

/** Reads when it is asked: a query that ran ahead would fail unheard when the client has gone. */
async function* once<Row>(read: () => Promise<Row[]>): AsyncGenerator<Row[]> {
  yield await read()
}
