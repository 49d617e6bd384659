import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { accessOf } from '../access/caller.ts'
import type { FileAccessRow } from '../access/file-access.queries.ts'
import { findReachableFile } from '../access/file-access.ts'
import { fileAccess, signedInAccess } from '../access/route-access.ts'
import type { RunStatement } from '../db/database.ts'
import { attachment } from '../exports/attachment.ts'
import { ProblemDetails, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { deleteFiles } from './files.queries.ts'
import { Accepted, FileContent, FileIds, FileParams, FileReadHeaders, FileTokenHeaders } from './files.schemas.ts'
import { type RemovalDeps, removeContent } from './removal.ts'

type Deps = RemovalDeps & { run: RunStatement; sign(text: string): string }

export function filesRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/files/:fileId',
      {
        config: { access: fileAccess(['submission_read'], { scope: 'files:read' }) },
        schema: {
          operationId: 'getFile',
          tags: ['files'],
          description:
            'A file’s content, as an attachment under its original name. A respondent who did not sign in sends X-File-Token, and X-Submission-Token once it is submitted.',
          params: FileParams,
          headers: FileReadHeaders,
          response: { 200: FileContent },
        },
      },
      async (request, reply) => sendFile(deps, fileOf(request), reply as unknown as FastifyReply),
    )

    app.delete(
      '/files/:fileId',
      {
        config: { access: fileAccess(['submission_update'], { scope: 'files:delete' }) },
        schema: {
          operationId: 'deleteFile',
          tags: ['files'],
          description: 'Deletes a file for good. The submission that names it stays as it is.',
          params: FileParams,
          headers: FileTokenHeaders,
          response: { 202: Accepted, 409: ref(ProblemDetails) },
        },
      },
      async (request, reply) => {
        await removeFiles(deps, [fileOf(request)])
        return reply.code(202).send(null)
      },
    )

    app.delete(
      '/files',
      {
        config: { access: signedInAccess },
        schema: {
          operationId: 'deleteFiles',
          tags: ['files'],
          description:
            'Deletes several files for good, all or none: one’s own uploads, and those of submissions that one may change.',
          body: ref(FileIds),
          response: { 202: Accepted, 409: ref(ProblemDetails) },
        },
      },
      async (request, reply) => {
        const { caller } = accessOf(request)
        const files: FileAccessRow[] = []
        for (const id of new Set(request.body.fileIds.map((each) => each.toLowerCase()))) {
          const found = await findReachableFile(deps, id, ['submission_update'], caller, request)
          if (!found) throw problems.notFound(`file ${id}; nothing was deleted`)
          files.push(found.file)
        }
        await removeFiles(deps, files)
        return reply.code(202).send(null)
      },
    )
  }
}

function fileOf(request: FastifyRequest): FileAccessRow {
  const { file } = accessOf(request)
  if (!file) throw problems.notFound('file')
  return file
}

async function removeFiles(deps: Deps, files: FileAccessRow[]): Promise<void> {
  if (!(await deleteFiles(deps.db, files))) {
    throw problems.conflict('The file was submitted or deleted at the same moment. Nothing was deleted.')
  }
  await removeContent(
    deps,
    files.map((each) => each.storage_name),
  )
}

/**
 * The uploader chose the content and its type, and browsers keep our pages' cookies for this address: so a file is saved,
 * never shown, and where a browser shows it all the same it runs nothing.
 */
const inertHeaders = {
  'content-security-policy': "sandbox; default-src 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
}

async function sendFile({ storage }: Deps, file: FileAccessRow, reply: FastifyReply): Promise<FastifyReply> {
  const content = await storage.read(file.storage_name)
  if (!content) throw problems.fileContentMissing()
  return reply
    .headers({
      ...inertHeaders,
      'content-type': file.mime_type,
      'content-length': file.size,
      'content-disposition': attachment(file.original_name),
      'last-modified': file.created_at.toUTCString(),
    })
    .send(content)
}
