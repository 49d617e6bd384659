import type { FastifyReply, FastifyRequest } from 'fastify'
import { formAccess } from '../access/route-access.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { contentCodingFor } from '../http/content-coding.ts'
import type { Places } from '../http/places.ts'
import { streamBytes } from '../http/stream.ts'
import type { Definitions } from '../versions/definitions.ts'
import { attachment } from './attachment.ts'
import type { Chunk } from './export-chunks.ts'
import { contentTypes, isOneFile } from './export-formats.ts'
import type { ExportRecorder } from './export-recorder.ts'
import type { ExportStream, ExportThreads } from './export-threads.ts'
import type { Format } from './exports.schemas.ts'
import { endlessByte } from './taking-up.ts'

/** What both ways to an export's bytes need. */
export type Exporting = {
  db: Db
  definitions: Definitions
  threads: ExportThreads
  /** For replies that are being sent. */
  places: Places
  clock: Clock
  warn(message: string): void
  /** @throws when the caller's key was revoked, or its role taken away */
  assertStillAllowed(request: FastifyRequest): Promise<void>
}

/** Who may export a form. */
export const exportAccess = formAccess(['form_read', 'submission_read'], { scope: 'submissions:read' })

/** More replies at once would only share what the database and a thread or two can do. */
export const exportPlaces = { ofForm: 10, ofAll: Number.POSITIVE_INFINITY }

/** After so long a caller is looked at again. */
const allowedForMs = 2_000
/** A reader that takes nothing for so long is gone. */
const stalledMs = 10 * 60_000

export type Sending = {
  export: {
    id: string
    formId: string
    format: Format
    fileName: string
    watermark: string
    columns: string[] | null | undefined
  }
  stream: ExportStream
  recorder: ExportRecorder
  /** Throws when the caller may read no more: its key was revoked, or its role taken away. */
  assertAllowed(): Promise<void>
  /** The byte from which on the reader asked for it; undefined for all. */
  firstByte?: number | undefined
}

/** Sends the bytes of an export as they are made, and notes how far it came. */
export async function sendChunks(
  request: FastifyRequest,
  reply: FastifyReply,
  sending: Sending,
): Promise<FastifyReply> {
  const { export: made, stream, recorder, firstByte } = sending
  const isPart = firstByte !== undefined
  const path = pathOfExport(request, made.formId, made.id)
  reply.raw.setTimeout(stalledMs, () => reply.raw.destroy())
  return streamBytes(reply, recorded(sending), {
    status: isPart ? 206 : 200,
    headers: {
      'Content-Disposition': attachment(made.fileName),
      'Content-Location': `${path}/file`,
      Link: `<${path}/manifest>; rel="describedby"; type="application/json"`,
      'Accept-Ranges': 'bytes',
      // Nobody knows the end of what is still being made (RFC 8673).
      ...(isPart ? { 'Content-Range': `bytes ${firstByte}-${endlessByte}/*` } : {}),
    },
    contentType: contentTypes[made.format],
    // A range is one of the bytes as they are.
    coding: isPart || isOneFile(made.format) ? 'identity' : contentCodingFor(request.headers['accept-encoding']),
    trailers: {
      names: [
        'export-rows',
        // Objects have members, and no columns.
        ...(made.columns ? ['export-columns'] : []),
        'export-watermark',
        digestName(isPart),
      ],
      fields: () => ({
        'export-rows': String(recorder.rows()),
        ...(made.columns ? { 'export-columns': String(made.columns.length) } : {}),
        'export-watermark': made.watermark,
        ...digestField(digestName(isPart), stream.sha256()),
      }),
    },
  })
}

export function pathOfExport({ server }: FastifyRequest, formId: string, exportId: string): string {
  return `${server.prefix}/forms/${formId}/export/${exportId}`
}

async function* recorded({ export: made, stream, recorder, assertAllowed }: Sending): AsyncGenerator<Chunk['bytes']> {
  const { chunks, sha256 } = stream
  let isWhole = false
  let allowedAt = performance.now()
  let isMidway = false
  try {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      const { bytes, piece } = next.value
      isMidway = piece === undefined
      if (piece) recorder.add(piece)
      if (performance.now() - allowedAt > allowedForMs) {
        await assertAllowed()
        allowedAt = performance.now()
      }
      // Of what the reader has already nothing is left.
      if (bytes.length > 0) yield bytes
    }
    // Noted before the reply ends: whoever has read it finds the manifest.
    await recorder.complete(sha256())
    isWhole = true
  } finally {
    if (!isWhole) {
      // Of what is one piece the rest would be all of it.
      if (isMidway && !isOneFile(made.format)) await addRestOfPiece(chunks, recorder).catch(() => undefined)
      await chunks.return(undefined)
      await recorder.broken()
    }
  }
}

/** Whoever has a part of a piece can have the rest of it only when it is known what it was. */
async function addRestOfPiece(chunks: ExportStream['chunks'], recorder: ExportRecorder): Promise<void> {
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    const { piece } = next.value
    if (piece) return recorder.add(piece)
  }
}

/** Of a part the digest is still the whole's (RFC 9530); of a whole it is that of the bytes before any coding. */
function digestName(isPart: boolean): 'repr-digest' | 'unencoded-digest' {
  return isPart ? 'repr-digest' : 'unencoded-digest'
}

/** A field of digests (RFC 9530); none where it is not known. */
export function digestField(name: string, sha256: string | null | undefined): Record<string, string> {
  return sha256 ? { [name]: `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:` } : {}
}
