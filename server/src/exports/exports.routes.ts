import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accessOf } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { FormParams } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import type { Definitions } from '../versions/definitions.ts'
import { columnsOfExport } from './export-columns.ts'
import { exportRecorder } from './export-recorder.ts'
import { insertExport } from './export-records.queries.ts'
import { requestInBody, requestInQuery, selectionInQuery } from './export-request.ts'
import { openSource } from './export-source.ts'
import type { ExportThreads } from './export-threads.ts'
import { ExportBody, ExportFieldsQuery, ExportQuery, ExportReply } from './exports.schemas.ts'
import type { Places } from './places.ts'
import { type Asking, filterFor, prepareExport, type Refuse } from './prepared-export.ts'
import { sendChunks, takePlace } from './sending.routes.ts'

type Deps = {
  db: Db
  definitions: Definitions
  threads: ExportThreads
  places: Places
  clock: Clock
  warn(message: string): void
  assertStillAllowed(request: FastifyRequest): Promise<void>
}

const access = formAccess(['form_read', 'submission_read'], { scope: 'submissions:read' })
const badBody: Refuse = (errors) => problems.invalidBody(errors, 400)

export function exportsRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/forms/:formId/export',
      {
        config: { access },
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
          refuse: problems.invalidQuery,
        }),
    )

    app.post(
      '/forms/:formId/export/fields',
      {
        config: { access, invalidBodyStatus: 400 },
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
        config: { access },
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
        const source = await openSource(deps.db, request.params.formId, wanted, problems.invalidQuery)
        const { columns } = await columnsOfExport(deps, source.scope, source.versionIds, asked)
        return columns.map(({ name }) => name)
      },
    )
  }
}

async function sendExport(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  asking: Pick<Asking, 'formId' | 'asked' | 'refuse'>,
): Promise<FastifyReply> {
  takePlace(deps.places, asking.formId, reply)
  const made = await prepareExport(deps, { ...asking, caller: accessOf(request).caller, background: false })
  const stream = deps.threads.start(made.id, made.job)
  const recorder = exportRecorder(deps, { ...made, begin: () => insertExport(deps.db, made, 'running') })
  const assertAllowed = () => deps.assertStillAllowed(request)
  return sendChunks(request, reply, { export: made, stream, recorder, assertAllowed })
}
