import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accessOf } from '../access/caller.ts'
import { takePlace } from '../http/places.ts'
import { FormParams } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { columnsOfExport } from './export-columns.ts'
import { exportRecorder } from './export-recorder.ts'
import { insertExport } from './export-records.queries.ts'
import { badBody, badQuery, requestInBody, requestInQuery, selectionInQuery } from './export-request.ts'
import { openSource } from './export-source.ts'
import { ExportBody, ExportFieldsQuery, ExportQuery, ExportReply } from './exports.schemas.ts'
import { type Asking, filterFor, prepareExport } from './prepared-export.ts'
import { type Exporting, exportAccess, sendChunks } from './sending.routes.ts'

export function exportsRoutes(deps: Exporting): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/forms/:formId/export',
      {
        config: { access: exportAccess },
        // Fastify would answer HEAD by making the whole export and throwing it away.
        exposeHeadRoute: false,
        schema: {
          operationId: 'exportSubmissions',
          tags: ['exports'],
          description: 'The submissions of a form as CSV, JSON, newline-delimited JSON, XLSX or Parquet, streamed.',
          params: FormParams,
          querystring: ExportQuery,
          response: { 200: ExportReply },
        },
      },
      async (request, reply) =>
        sendExport(deps, request, reply, {
          formId: request.params.formId,
          asked: requestInQuery(request.query),
          refuse: badQuery,
        }),
    )

    app.post(
      '/forms/:formId/export/fields',
      {
        config: { access: exportAccess, invalidBodyStatus: 400 },
        schema: {
          operationId: 'exportSubmissionsWithFields',
          tags: ['exports'],
          description: 'As the GET export, for selections that are too long for an address.',
          params: FormParams,
          body: ExportBody,
          response: { 200: ExportReply },
        },
      },
      async (request, reply) =>
        sendExport(deps, request, reply, {
          formId: request.params.formId,
          asked: requestInBody(request.body),
          refuse: badBody,
        }),
    )

    app.get(
      '/forms/:formId/csvexport/fields',
      {
        config: { access: exportAccess },
        schema: {
          operationId: 'listExportFields',
          tags: ['exports'],
          description: 'The header names of the CSV that the same query exports.',
          params: FormParams,
          querystring: ExportFieldsQuery,
          response: { 200: Type.Array(Type.String()) },
        },
      },
      async (request) => {
        const { filter, ...asked } = selectionInQuery(request.query)
        const wanted = filterFor(accessOf(request).caller, filter)
        const source = await openSource(deps.db, request.params.formId, wanted, badQuery)
        const { columns } = await columnsOfExport(deps, source.scope, source.versionIds, asked)
        return columns.map(({ name, label }) => (request.query.header === 'label' ? label : name))
      },
    )
  }
}

async function sendExport(
  deps: Exporting,
  request: FastifyRequest,
  reply: FastifyReply,
  asking: Pick<Asking, 'formId' | 'asked' | 'refuse'>,
): Promise<FastifyReply> {
  takePlace(deps.places, asking.formId, reply, problems.tooManyExports)
  const made = await prepareExport(deps, { ...asking, caller: accessOf(request).caller, background: false })
  const stream = deps.threads.start(made.id, made.job)
  const recorder = exportRecorder(deps, { ...made, begin: () => insertExport(deps.db, made) })
  const assertAllowed = () => deps.assertStillAllowed(request)
  return sendChunks(request, reply, { export: made, stream, recorder, assertAllowed })
}
