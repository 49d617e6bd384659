import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FileStorage } from '../files/file-storage.ts'
import { setHeaders } from '../http/headers.ts'
import { takePlace } from '../http/places.ts'
import { ProblemDetails, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { attachment } from './attachment.ts'
import { PieceChanged } from './export-chunks.ts'
import { ExportParams } from './export-files.schemas.ts'
import { contentTypes } from './export-formats.ts'
import { exportInPath } from './export-in-path.routes.ts'
import { exportRecorder } from './export-recorder.ts'
import { type ExportRecord, jobOfExport, piecesOfExport, takeUp } from './export-records.queries.ts'
import { ExportReply } from './exports.schemas.ts'
import { digestField, type Exporting, exportAccess, sendChunks } from './sending.routes.ts'
import { firstByteOf, takingUpAt } from './taking-up.ts'

type Deps = Exporting & { storage: FileStorage }

export function exportDownloadsRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/forms/:formId/export/:exportId/file',
      {
        config: { access: exportAccess },
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
        const row = await exportInPath(deps, request)
        const byte = rangeIn(request, row)
        return row.background ? sendFile(deps, reply, row, byte) : sendRest(deps, request, reply, row, byte)
      },
    )
  }
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
    ...digestField('Repr-Digest', row.sha256),
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
  takePlace(deps.places, row.form_id, reply, problems.tooManyExports)
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
    return await sendChunks(request, reply, {
      export: asExport(row),
      stream,
      recorder,
      assertAllowed: () => deps.assertStillAllowed(request),
      firstByte: byte,
    })
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
