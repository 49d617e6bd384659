import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { accessOf, concernsTest } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import type { Db } from '../db/database.ts'
import { setHeaders } from '../http/headers.ts'
import { joinObjects } from '../http/json-text.ts'
import { FormParams, ref, Uuid, VersionParams } from '../http/schemas.ts'
import { enclosed, jsonArray, streamText } from '../http/stream.ts'
import { problems } from '../problem.ts'
import type { Definitions } from '../versions/definitions.ts'
import { findVersion } from '../versions/versions.queries.ts'
import { type AskedField, askedFields, submissionText } from './submission.ts'
import { linkOf, listFields, listFilter, listItemText, listSort, pageOf } from './submission-list.ts'
import {
  countSubmissions,
  type ListFilter,
  type ListRow,
  type ListSort,
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
            'All submissions, newest first, drafts and deleted ones too unless filtered; with `paginationEnabled` a page of them, whose `Link` names its neighbours.',
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
      async (request, reply) => {
        const { formId } = request.params
        const fields = listFields(request.query)
        const list = {
          formId,
          fields,
          filter: listFilter(request.query, fields, accessOf(request).caller),
          sort: listSort(request.query, fields),
          asked: new Set(askedFields(request.query.fields).map(({ name }) => name)),
        }
        const page = pageOf(request.query, list.sort)
        if (page === undefined || page === 'all') return streamText(reply, whole(db, list, page))
        const { rows, more } = await pageOfSubmissions(db, formId, list.filter, { ...list, page })
        const sorted = list.sort !== undefined
        setHeaders(reply, { Link: linkOf(request.url, { page, rows, more, sorted }) })
        return streamText(reply, results(db, list, once(rows)))
      },
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

type List = {
  formId: string
  fields: AskedField[]
  filter: ListFilter
  sort: ListSort | undefined
  /** The names of the fields that were asked for. */
  asked: ReadonlySet<string>
}

/** All of a list: as a bare array in its own order or, where pages were switched on, as one page. */
function whole(db: Db, list: List, page: 'all' | undefined): AsyncGenerator<string> {
  const { formId, filter, fields, sort } = list
  if (page === 'all') return results(db, list, submissionsOfForm(db, formId, filter, fields, sort))
  return jsonArray(texts(submissionsOfForm(db, formId, filter, fields), itemText(list)))
}

async function* results(db: Db, list: List, rows: AsyncIterable<ListRow[]>): AsyncGenerator<string> {
  const total = await countSubmissions(db, list.formId, list.filter)
  yield* enclosed('{"results":', jsonArray(texts(rows, itemText(list))), `,"total":${total}}`)
}

function itemText({ asked }: List): (row: ListRow) => string {
  return (row) => listItemText(row, asked)
}

async function* texts<Row>(batches: AsyncIterable<Row[]>, toText: (row: Row) => string): AsyncGenerator<string[]> {
  for await (const batch of batches) yield batch.map(toText)
}

async function* once<Row>(rows: Row[]): AsyncGenerator<Row[]> {
  yield rows
}
