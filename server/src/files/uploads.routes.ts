import type { IncomingMessage } from 'node:http'
import multipart, { type MultipartFile } from '@fastify/multipart'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { type Access, accessOf, authorOf, type Caller } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import type { Clock } from '../clock.ts'
import type { RunStatement } from '../db/database.ts'
import { newId } from '../http/ids.ts'
import { ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { clientNetwork } from '../rate-limit/client-address.ts'
import { findFormState } from '../submissions/intake.queries.ts'
import { assertOpen } from '../submissions/intake.ts'
import { cleanFileName, cleanMimeType, extensionOf, fileTokenText, unsubmittedMax } from './file.ts'
import { SourceFailed, storageNameOf, TooLarge } from './file-storage.ts'
import { insertFile, reserveStorageName, type Uploader, unsubmittedFilesOf } from './files.queries.ts'
import { Upload, UploadedFile, UploadQuery } from './files.schemas.ts'
import { type RemovalDeps, removeContent } from './removal.ts'

type Deps = RemovalDeps & {
  run: RunStatement
  clock: Clock
  sign(text: string): string
  limits: { maxBytes: number; refusedExtensions: string[] }
}
type Received = { storage_name: string; original_name: string; mime_type: string; size: number }

const multipartType = 'multipart/form-data'
/** What surrounds the file in its body: two boundaries and some headers. */
const envelopeMaxBytes = 64 * 1024

export function uploadsRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.removeAllContentTypeParsers()
    await app.register(multipart)
    app.addContentTypeParser('*', (_request, _payload, done) => done(problems.unsupportedMediaType(multipartType)))

    app.post(
      '/files',
      {
        config: {
          access: formAccess(['form_read', 'submission_create'], { formIn: 'query' }),
          streamedBody: { type: multipartType, schema: Upload },
        },
        schema: {
          operationId: 'uploadFile',
          tags: ['files'],
          description:
            'Stores a file for a submission that is about to be made. It belongs to its uploader until a submission of the same form that names it is stored; without one it is deleted after 24 hours.',
          querystring: UploadQuery,
          response: { 201: ref(UploadedFile) },
        },
      },
      async (request, reply) => {
        const access = accessOf(request)
        const formId = access.formId ?? request.query.formId
        await assertFormOpen(deps, formId, access)
        const uploader = uploaderOf(deps, access.caller, request.ip)
        const waiting = await unsubmittedFilesOf(deps.db, formId, uploader)
        if (waiting.count >= unsubmittedMax) {
          throw problems.tooManyUploads(unsubmittedMax, waiting.firstGoesInSeconds)
        }
        const received = await receive(deps, request)
        const id = newId()
        const created_by = authorOf(access.caller)
        const row = {
          created_by_user_id: null,
          network: null,
          ...uploader,
          ...received,
          id,
          created_by,
          form_id: formId,
        }
        const { created_at } = await insertFile(deps.db, row)
        return reply.code(201).send({
          id,
          originalName: received.original_name,
          size: received.size,
          createdBy: created_by,
          createdAt: created_at.toISOString(),
          ...(access.caller.kind === 'anonymous' ? { _accessToken: deps.sign(fileTokenText(id)) } : {}),
        })
      },
    )
  }
}

/** Whoever corrects submissions may attach files when the form is closed. */
async function assertFormOpen({ run, clock }: Deps, formId: string, { permissions }: Access): Promise<void> {
  if (permissions.has('submission_update')) return
  const form = await findFormState(run, formId)
  if (!form) throw problems.notFound('form')
  if (!form.published) throw problems.formClosed('No version of this form is published.')
  assertOpen(form, clock())
}

function uploaderOf({ sign }: Deps, caller: Caller, ip: string): Uploader {
  if (caller.kind === 'user') return { created_by_user_id: caller.id }
  return { network: sign(`network:${clientNetwork(ip)}`) }
}

/** Puts the body's file into the storage. Whatever goes wrong, nothing stays there. */
async function receive(deps: Deps, request: FastifyRequest): Promise<Received> {
  const { maxBytes } = deps.limits
  if (!request.isMultipart()) throw problems.unsupportedMediaType(multipartType)
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + envelopeMaxBytes)
    throw problems.fileTooLarge(maxBytes)
  const storageName = storageNameOf(newId())
  await reserveStorageName(deps.db, storageName)
  try {
    return await storeOnlyPart(deps, request, storageName)
  } catch (error) {
    skipRest(request.raw)
    await removeContent(deps, [storageName])
    if (error instanceof TooLarge) throw problems.fileTooLarge(maxBytes)
    if (error instanceof SourceFailed) throw problems.badRequest('The upload broke off. Nothing was stored.')
    throw error
  }
}

/** The parser waits for somebody to take the rest; then the connection can serve its next request. */
function skipRest(body: IncomingMessage): void {
  body.unpipe()
  body.resume()
}

/** The size is the storage's business; left out, the library would take the limit of bodies that are parsed. */
const partLimits = {
  files: 2,
  fields: 2,
  parts: 3,
  fieldNameSize: 100,
  fieldSize: 1000,
  fileSize: Number.POSITIVE_INFINITY,
}

async function storeOnlyPart(deps: Deps, request: FastifyRequest, storageName: string): Promise<Received> {
  const parts = request.parts({ limits: partLimits })
  const nextPart = () =>
    parts.next().catch(() => {
      throw problems.badRequest('The multipart body is broken. Nothing was stored.')
    })
  const { value: part } = await nextPart()
  if (part?.type !== 'file' || part.fieldname !== 'files') throw onePartOnly()
  const named = nameOf(part, deps.limits.refusedExtensions)
  const { size } = await deps.storage.write(storageName, part.file, deps.limits.maxBytes)
  if (!(await nextPart()).done) throw onePartOnly()
  return { ...named, storage_name: storageName, size }
}

function nameOf(part: MultipartFile, refusedExtensions: string[]) {
  // The library's types promise a name that a sender may leave out.
  const name = cleanFileName((part.filename as string | undefined) ?? '')
  if (name === undefined) throw problems.badRequest('The file has no name.')
  const extension = extensionOf(name)
  if (refusedExtensions.includes(extension)) throw problems.fileTypeRefused(extension)
  return { original_name: name, mime_type: cleanMimeType(part.mimetype) }
}

function onePartOnly() {
  return problems.badRequest('Send exactly one part, named files, which holds the file. Nothing was stored.')
}
