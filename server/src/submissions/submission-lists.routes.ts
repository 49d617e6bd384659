import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { accessOf, concernsTest } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import { setHeaders } from '../http/headers.ts'
import { joinObjects } from '../http/json-text.ts'
import { FormParams, ProblemDetails, ref, Uuid, VersionParams } from '../http/schemas.ts'
import { jsonArray, streamText } from '../http/stream.ts'
import { problems } from '../problem.ts'
import type { Definitions } from '../versions/definitions.ts'
import { findVersion } from '../versions/versions.queries.ts'
import { answerConditions } from './answer-conditions.ts'
import { askedFilters } from './answer-filter.ts'
import type { Dbs } from './list-counts.queries.ts'
import { listPage, wholeList } from './reading-lists.ts'
import { inTime, mayBeSlow } from './slow-lists.ts'
import { askedFields, submissionText } from './submission.ts'
import { listFields, listFilter, listSort, pageOf } from './submission-list.ts'
import { submissionsOfForm, submissionsOfVersion } from './submission-lists.queries.ts'
import {
  DiscoverQuery,
  ListSubmissionsQuery,
  ListVersionSubmissionsQuery,
  SubmissionListItem,
} from './submission-lists.schemas.ts'
import { Submission } from './submissions.schemas.ts'

type Deps = Dbs & { definitions: Definitions }

export function submissionListsRoutes({ db, slow, definitions }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/forms/:formId/submissions',
      {
        config: { access: formAccess(['form_read', 'submission_read'], { scope: 'submissions:read' }) },
        schema: {
          operationId: 'listSubmissions',
          tags: ['submissions'],
          description:
            'All submissions, newest first, drafts and deleted ones too unless filtered; with `paginationEnabled` a page of them, whose `Link` names its neighbours. Where `total` is only an upper bound, `Total-Bounds` says so.',
          params: FormParams,
          querystring: ListSubmissionsQuery,
          response: {
            200: Type.Union([
              Type.Array(ref(SubmissionListItem)),
              Type.Object({ results: Type.Array(ref(SubmissionListItem)), total: Type.Integer() }),
            ]),
            422: ref(ProblemDetails),
          },
        },
      },
      async (request, reply) => {
        const { params, query, url } = request
        const fields = listFields(query)
        const sort = listSort(query, fields)
        const page = pageOf(query, sort)
        const filter = listFilter(query, fields, accessOf(request).caller)
        const answers = await answerConditions({ db, definitions }, params.formId, askedFilters(query))
        const asked = new Set(askedFields(query.fields).map(({ name }) => name))
        const list = { ...params, fields, sort, asked, filter: { ...filter, ...answers } }
        if (page === undefined || page === 'all') return streamText(reply, wholeList({ db, slow }, list, page))
        const { headers, text } = await listPage({ db, slow }, list, page, url)
        setHeaders(reply, headers)
        return streamText(reply, text)
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
        const filter = {
          test: concernsTest(accessOf(request).caller, request.query.test),
          formVersionId,
          createdBy: request.query.createdBy,
        }
        const batches = submissionsOfVersion(mayBeSlow(filter, false) ? slow : db, formId, filter)
        return streamText(reply, jsonArray(texts(inTime(batches, filter), submissionText)))
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

async function* texts<Row>(batches: AsyncIterable<Row[]>, toText: (row: Row) => string): AsyncGenerator<string[]> {
  for await (const batch of batches) yield batch.map(toText)
}
