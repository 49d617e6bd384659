import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accessOf, concernsTest } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { setHeaders } from '../http/headers.ts'
import { FormParams, NoContent, ProblemDetails, ref } from '../http/schemas.ts'
import { streamText } from '../http/stream.ts'
import { problems } from '../problem.ts'
import type { Definitions } from '../versions/definitions.ts'
import type { BackgroundExports } from './background-exports.ts'
import { BackgroundExport, ExportManifest, ExportParams, ManifestQuery } from './export-files.schemas.ts'
import { type ExportRequestInPath, exportInPath } from './export-in-path.routes.ts'
import { manifestView, progressView } from './export-progress.ts'
import {
  backgroundExportsOf,
  cancelExport,
  type ExportRecord,
  findExport,
  piecesOfExport,
  unfinishedExports,
} from './export-records.queries.ts'
import { requestInBody } from './export-request.ts'
import type { ExportThreads } from './export-threads.ts'
import { ExportBody } from './exports.schemas.ts'
import { followProgress } from './following-progress.ts'
import type { Places } from './places.ts'
import { prepareExport, type Refuse } from './prepared-export.ts'
import { pathOfExport, takePlace } from './sending.routes.ts'

type Deps = {
  db: Db
  definitions: Definitions
  threads: ExportThreads
  places: Places
  background: BackgroundExports
  clock: Clock
  warn(message: string): void
  assertStillAllowed(request: FastifyRequest): Promise<void>
}

const access = formAccess(['form_read', 'submission_read'], { scope: 'submissions:read' })
const badBody: Refuse = (errors) => problems.invalidBody(errors, 400)
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
        config: { access, invalidBodyStatus: 400 },
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
        await background.add(asked)
        const row = await findExport(db, formId, asked.id)
        if (!row) throw problems.notFound('export')
        setHeaders(reply, { Location: pathOfExport(request, formId, row.id) })
        return reply.code(202).send(viewOf(request, row))
      },
    )

    app.get(
      '/forms/:formId/exports',
      {
        config: { access },
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
        config: { access },
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
        if (!/^\s*text\/event-stream\b/i.test(request.headers.accept ?? '')) return viewOf(request, row)
        takePlace(deps.places, row.form_id, reply)
        setHeaders(reply, { 'X-Accel-Buffering': 'no' })
        // A key that was revoked meanwhile hears no more.
        const read = async () => {
          await deps.assertStillAllowed(request)
          return viewOf(request, await exportIn(request))
        }
        return streamText(reply, followProgress(read), 'text/event-stream; charset=utf-8')
      },
    )

    app.get(
      '/forms/:formId/export/:exportId/manifest',
      {
        config: { access },
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
        config: { access },
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
