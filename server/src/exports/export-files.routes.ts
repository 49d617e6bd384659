import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accessOf, concernsTest } from '../access/caller.ts'
import { streamEvents, wantsEvents } from '../http/events.ts'
import { setHeaders } from '../http/headers.ts'
import { takePlace } from '../http/places.ts'
import { FormParams, NoContent, ProblemDetails, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import type { BackgroundExports } from './background-exports.ts'
import { BackgroundExport, ExportManifest, ExportParams, ManifestQuery } from './export-files.schemas.ts'
import { type ExportRequestInPath, exportInPath } from './export-in-path.routes.ts'
import { manifestView, progressView } from './export-progress.ts'
import {
  backgroundExportsOf,
  cancelExport,
  type ExportRecord,
  piecesOfExport,
  unfinishedExports,
} from './export-records.queries.ts'
import { badBody, requestInBody } from './export-request.ts'
import { ExportBody } from './exports.schemas.ts'
import { followProgress } from './following-progress.ts'
import { prepareExport } from './prepared-export.ts'
import { type Exporting, exportAccess, pathOfExport } from './sending.routes.ts'

type Deps = Exporting & { background: BackgroundExports }

/** Of one form; those that wait take no more than a row each. */
const unfinishedMax = 20
const listed = 20

export function exportFilesRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  const { db, background, clock } = deps

  const exportIn = (request: ExportRequestInPath) => exportInPath(deps, request)
  const viewOf = (request: FastifyRequest, row: ExportRecord) =>
    progressView(row, pathOfExport(request, row.form_id, row.id), clock())

  return async (app) => {
    app.post(
      '/forms/:formId/export',
      {
        config: { access: exportAccess, invalidBodyStatus: 400 },
        schema: {
          operationId: 'requestExport',
          tags: ['exports'],
          description: 'Makes an export in the background and keeps it as a file for a day.',
          params: FormParams,
          body: ExportBody,
          response: { 202: ref(BackgroundExport) },
        },
      },
      async (request, reply) => {
        const { formId } = request.params
        const { caller } = accessOf(request)
        const asking = { formId, caller, asked: requestInBody(request.body), background: true, refuse: badBody }
        const asked = await prepareExport(deps, asking)
        if ((await unfinishedExports(db, formId)) >= unfinishedMax) throw problems.tooManyExports()
        const row = await background.add(asked)
        setHeaders(reply, { Location: pathOfExport(request, formId, row.id) })
        return reply.code(202).send(viewOf(request, row))
      },
    )

    app.get(
      '/forms/:formId/exports',
      {
        config: { access: exportAccess },
        schema: {
          operationId: 'listExports',
          tags: ['exports'],
          description: `The newest ${listed} exports that were asked for in the background.`,
          params: FormParams,
          response: { 200: Type.Array(ref(BackgroundExport)) },
        },
      },
      async (request) => {
        const onlyTest = concernsTest(accessOf(request).caller)
        const rows = await backgroundExportsOf(db, request.params.formId, onlyTest, listed)
        return rows.map((row) => viewOf(request, row))
      },
    )

    app.get(
      '/forms/:formId/export/:exportId',
      {
        config: { access: exportAccess },
        exposeHeadRoute: false,
        schema: {
          operationId: 'readExport',
          tags: ['exports'],
          description:
            'How far an export is; with `Accept: text/event-stream` each time that it changes, until it is over.',
          params: ExportParams,
          response: {
            200: {
              description: 'The export',
              content: {
                'application/json': { schema: ref(BackgroundExport) },
                'text/event-stream': {
                  schema: Type.String({ description: 'Events `progress`, each with the same object' }),
                },
              },
            },
            410: ref(ProblemDetails),
          },
        },
      },
      async (request, reply) => {
        const row = await exportIn(request)
        if (!wantsEvents(request.headers.accept)) return viewOf(request, row)
        takePlace(deps.places, row.form_id, reply, problems.tooManyExports)
        // A key that was revoked meanwhile hears no more.
        const read = async () => {
          await deps.assertStillAllowed(request)
          return viewOf(request, await exportIn(request))
        }
        return streamEvents(reply, followProgress(read))
      },
    )

    app.get(
      '/forms/:formId/export/:exportId/manifest',
      {
        config: { access: exportAccess },
        schema: {
          operationId: 'readExportManifest',
          tags: ['exports'],
          description: 'What an export holds.',
          params: ExportParams,
          querystring: ManifestQuery,
          response: { 200: ref(ExportManifest), 410: ref(ProblemDetails) },
        },
      },
      async (request) => {
        const row = await exportIn(request)
        return manifestView(row, request.query.pieces ? await piecesOfExport(db, row.id) : undefined)
      },
    )

    app.delete(
      '/forms/:formId/export/:exportId',
      {
        config: { access: exportAccess },
        schema: {
          operationId: 'cancelExport',
          tags: ['exports'],
          description:
            'Cancels an export that is being made in the background; of one that is over, its file is removed.',
          params: ExportParams,
          response: { 204: NoContent, 410: ref(ProblemDetails) },
        },
      },
      async (request, reply) => {
        const row = await exportIn(request)
        const isCancelled = row.background && (await cancelExport(db, row.form_id, row.id))
        if (!isCancelled) await background.remove(row)
        return reply.code(204).send(null)
      },
    )
  }
}
