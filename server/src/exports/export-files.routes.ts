import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accessOf, concernsTest } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/database.ts'
import type { FileStorage } from '../files/file-storage.ts'
import { setHeaders } from '../http/headers.ts'
import { FormParams, NoContent, ProblemDetails, ref } from '../http/schemas.ts'
import { streamText } from '../http/stream.ts'
import { problems } from '../problem.ts'
import type { Definitions } from '../versions/definitions.ts'
import { attachment } from './attachment.ts'
import type { BackgroundExports } from './background-exports.ts'
import { PieceChanged } from './export-chunks.ts'
import { BackgroundExport, ExportManifest, ExportParams, ManifestQuery } from './export-files.schemas.ts'
import { contentTypes } from './export-formats.ts'
import { manifestView, progressView } from './export-progress.ts'
import { exportRecorder } from './export-recorder.ts'
import {
  backgroundExportsOf,
  cancelExport,
  type ExportRecord,
  findExport,
  jobOfExport,
  piecesOfExport,
  takeUp,
  unfinishedExports,
} from './export-records.queries.ts'
import { requestInBody } from './export-request.ts'
import type { ExportThreads } from './export-threads.ts'
import { ExportBody, ExportReply } from './exports.schemas.ts'
import { followProgress } from './following-progress.ts'
import type { Places } from './places.ts'
import { prepareExport, type Refuse } from './prepared-export.ts'
import { pathOfExport, sendChunks, takePlace } from './sending.routes.ts'
import { firstByteOf, takingUpAt } from './taking-up.ts'

type Deps = {
  db: Db
  definitions: Definitions
  threads: ExportThreads
  places: Places
  background: BackgroundExports
  storage: FileStorage
  clock: Clock
  warn(message: string): void
}

const access = formAccess(['form_read', 'submission_read'], { scope: 'submissions:read' })
const badBody: Refuse = (errors) => problems.invalidBody(errors, 400)
/** Of one form; those that wait take no more than a row each. */
const unfinishedMax = 20
const listed = 20

export function exportFilesRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  const { db, background, clock } = deps

  /** An export of the form in the path; test keys see those of test submissions alone. @throws Problem 404 or 410 */
  async function exportIn(request: FastifyRequest<{ Params: { formId: string; exportId: string } }>) {
    const { formId, exportId } = request.params
    const row = await findExport(db, formId, exportId)
    if (!row || !maySee(request, row)) throw problems.notFound('export')
    if (row.status === 'expired' || row.expires_at.getTime() <= clock()) throw problems.exportExpired()
    return row
  }

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
        const read = async () => viewOf(request, await exportIn(request))
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

    app.get(
      '/forms/:formId/export/:exportId/file',
      {
        config: { access },
        exposeHeadRoute: false,
        schema: {
          operationId: 'downloadExport',
          tags: ['exports'],
          description: 'The bytes of an export; with `Range: bytes=N-` those that are missing of one that broke.',
          params: ExportParams,
          response: {
            200: ExportReply,
            206: { ...ExportReply, description: 'The bytes from there on' },
            409: ref(ProblemDetails),
            410: ref(ProblemDetails),
            416: ref(ProblemDetails),
          },
        },
      },
      async (request, reply) => {
        const row = await exportIn(request)
        const byte = rangeIn(request, row)
        return row.background ? sendFile(deps, reply, row, byte) : sendRest(deps, request, reply, row, byte)
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

function maySee(request: FastifyRequest, { test }: ExportRecord): boolean {
  const { caller } = accessOf(request)
  return caller.kind !== 'apiKey' || caller.test === test || !caller.test
}

/** Ranges of another state of the export are not asked for (RFC 9110, 13.1.5). */
function rangeIn(request: FastifyRequest, { id }: ExportRecord): number | undefined {
  const ifRange = request.headers['if-range']
  return ifRange === undefined || ifRange === etagOf(id) ? firstByteOf(request.headers.range) : undefined
}

const etagOf = (id: string) => `"${id}"`

async function sendFile(
  { storage }: Deps,
  reply: FastifyReply,
  row: ExportRecord,
  byte: number | undefined,
): Promise<FastifyReply> {
  if (row.status !== 'complete') throw problems.exportNotReady(row.status)
  if (byte !== undefined && byte >= row.bytes) throw problems.rangeNotSatisfiable(row.bytes)
  const source = row.storage_name ? await storage.read(row.storage_name) : undefined
  if (!source) throw problems.exportExpired()
  setHeaders(reply, {
    'Content-Disposition': attachment(row.file_name),
    'Content-Length': String(row.bytes - (byte ?? 0)),
    'Accept-Ranges': 'bytes',
    ETag: etagOf(row.id),
    ...(byte === undefined ? {} : { 'Content-Range': `bytes ${byte}-${row.bytes - 1}/${row.bytes}` }),
    ...(row.sha256 ? { 'Repr-Digest': `sha-256=:${Buffer.from(row.sha256, 'hex').toString('base64')}:` } : {}),
  })
  reply.code(byte === undefined ? 200 : 206).type(contentTypes[row.format])
  return reply.send(byte ? Readable.from(without(source, byte), { objectMode: false }) : source)
}

async function* without(source: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes
  for await (const chunk of source) {
    const skipped = Math.min(left, chunk.length)
    left -= skipped
    if (skipped < chunk.length) yield chunk.subarray(skipped)
  }
}

/** Makes the bytes again from where the reader has them. */
async function sendRest(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  row: ExportRecord,
  byte: number | undefined,
): Promise<FastifyReply> {
  takePlace(deps.places, row.form_id, reply)
  const job = await jobOfExport(deps.db, row.id)
  if (!job) throw problems.notFound('export')
  const taking = takingUpAt(byte ?? 0, byte === undefined ? [] : await piecesOfExport(deps.db, row.id))
  if (taking.kind === 'beyondEnd') throw problems.rangeNotSatisfiable(taking.size)
  if (taking.kind === 'tooFar') throw problems.exportPieceChanged(taking.resumeAt)
  const { from, before } = taking
  const stream = deps.threads.start(row.id, job, from)
  const begin = () => takeUp(deps.db, row.id, from.firstByte)
  const recorder = exportRecorder(deps, { id: row.id, expiresAt: row.expires_at, begin, before })
  setHeaders(reply, { ETag: etagOf(row.id) })
  try {
    return await sendChunks(request, reply, { export: asExport(row), stream, recorder, firstByte: byte })
  } catch (error) {
    if (isPieceChanged(error)) throw problems.exportPieceChanged(from.firstByte)
    throw error
  }
}

function asExport({ id, form_id, format, file_name, columns, watermark }: ExportRecord) {
  return { id, formId: form_id, format, fileName: file_name, columns, watermark }
}

/** Thrown in another thread, from where only its code comes. */
function isPieceChanged(error: unknown): boolean {
  return (error as { code?: unknown }).code === PieceChanged.code
}
