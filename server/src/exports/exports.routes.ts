import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accessOf, type Caller, concernsTest } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import type { Db } from '../db/database.ts'
import { snakeName } from '../forms/form.ts'
import { contentCodingFor } from '../http/content-coding.ts'
import { FormParams } from '../http/schemas.ts'
import { streamBytes } from '../http/stream.ts'
import { type FieldProblem, problems } from '../problem.ts'
import type { Definitions } from '../versions/definitions.ts'
import { attachment, begun } from './attachment.ts'
import type { Chunk, Piece } from './export-chunks.ts'
import { columnsNamed, columnsOfExport, type ExportColumns } from './export-columns.ts'
import {
  type ExportFilter,
  type ExportRequest,
  requestInBody,
  requestInQuery,
  selectionInQuery,
} from './export-request.ts'
import { type ExportSource, openSource } from './export-source.ts'
import type { ExportThreads } from './export-threads.ts'
import { ExportBody, ExportFieldsQuery, ExportQuery, ExportReply, type Format } from './exports.schemas.ts'
import type { Writing } from './row-writer.ts'

type Deps = { db: Db; definitions: Definitions; threads: ExportThreads }
type Refuse = (errors: FieldProblem[]) => Error

const access = formAccess(['form_read', 'submission_read'], { scope: 'submissions:read' })
/** The JSON goes by the name that CHEFS gives it. */
const contentTypes: Record<Format, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'text/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}
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
          description: 'The submissions of a form as CSV, JSON or newline-delimited JSON, streamed.',
          params: FormParams,
          querystring: ExportQuery,
          response: { 200: ExportReply },
        },
      },
      async (request, reply) =>
        sendExport(deps, request, reply, request.params.formId, requestInQuery(request.query), problems.invalidQuery),
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
        sendExport(deps, request, reply, request.params.formId, requestInBody(request.body), badBody),
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

/** A test key exports test submissions, whatever it asks for. */
function filterFor(caller: Caller, filter: ExportFilter): ExportFilter {
  return { ...filter, test: concernsTest(caller, filter.test) }
}

async function sendExport(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  formId: string,
  asked: ExportRequest,
  refuse: Refuse,
): Promise<FastifyReply> {
  const source = await openSource(deps.db, formId, filterFor(accessOf(request).caller, asked.filter), refuse)
  const formulaGuard = asked.formulaGuard ?? accessOf(request).caller.kind !== 'apiKey'
  const writing = await writingFor(deps, source, { ...asked, formulaGuard }, refuse)
  const { chunks, sha256 } = deps.threads.start({ scope: source.scope, writing })
  let rows = 0
  const counted = bytesOf(chunks, (piece) => {
    rows += piece.rows
  })
  const bytes = await begun(counted)
  // The first query may still have failed, and an error is no attachment.
  reply.header('content-disposition', attachment(`${snakeName(source.name)}_submissions.${asked.format}`))
  return streamBytes(reply, bytes, {
    contentType: contentTypes[asked.format],
    coding: contentCodingFor(request.headers['accept-encoding']),
    trailers: {
      names: ['export-rows', 'unencoded-digest'],
      fields: () => ({ 'export-rows': String(rows), 'unencoded-digest': digestField(sha256() ?? '') }),
    },
  })
}

async function* bytesOf(chunks: AsyncIterable<Chunk>, onPiece: (piece: Piece) => void): AsyncGenerator<Uint8Array> {
  for await (const { bytes, piece } of chunks) {
    if (piece) onPiece(piece)
    yield bytes
  }
}

/** A field of digests (RFC 9530) over the bytes before any content coding. */
function digestField(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`
}

async function writingFor(
  deps: Deps,
  source: ExportSource,
  asked: ExportRequest & { formulaGuard: boolean },
  refuse: Refuse,
): Promise<Writing> {
  const { format, extras, timeZone, bom, header, formulaGuard } = asked
  const form = { name: source.name, extras, timeZone }
  if (format !== 'csv') return { format, form }
  return { format, form, columns: await columnsFor(deps, source, asked, refuse), csv: { bom, header, formulaGuard } }
}

async function columnsFor(
  deps: Deps,
  { scope, versionIds }: ExportSource,
  { fields, ...asked }: ExportRequest,
  refuse: Refuse,
): Promise<ExportColumns> {
  if (!fields) return columnsOfExport(deps, scope, versionIds, asked)
  const found = await columnsNamed(deps, scope, versionIds, asked, fields)
  if (found.kind === 'columns') return found.columns
  throw refuse(
    found.names.slice(0, 20).map((name) => ({ path: 'fields', message: `holds ${name}, which is no column` })),
  )
}
