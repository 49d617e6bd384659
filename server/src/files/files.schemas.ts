import { Type } from 'typebox'
import { DateTime, Uuid } from '../http/schemas.ts'
import { fileIdsMax } from './file.ts'

export const UploadedFile = Type.Object(
  {
    id: Uuid,
    originalName: Type.String(),
    size: Type.Integer({ description: 'In bytes' }),
    createdBy: Type.String(),
    createdAt: DateTime,
    _accessToken: Type.Optional(
      Type.String({
        description:
          'Lets an uploader who did not sign in read and delete the file until it is submitted: X-File-Token',
      }),
    ),
  },
  { $id: 'UploadedFile' },
)

export const UploadQuery = Type.Object({
  formId: Type.Unsafe<string>({ ...Uuid, description: 'The form to be filled in' }),
})

/** How the document shows the body, which is never parsed as a whole. */
export const Upload = Type.Object({
  files: Type.String({ format: 'binary', description: 'The file: exactly one part, with a file name' }),
})

export const FileParams = Type.Object({ fileId: Uuid })

export const FileTokenHeaders = Type.Object({
  'x-file-token': Type.Optional(
    Type.String({ description: 'The `_accessToken` of the upload; until the file is submitted' }),
  ),
})

export const FileReadHeaders = Type.Object({
  ...FileTokenHeaders.properties,
  'x-submission-token': Type.Optional(
    Type.String({ description: 'The `_accessToken` of the submission that names the file' }),
  ),
})

export const FileIds = Type.Object(
  { fileIds: Type.Array(Uuid, { minItems: 1, maxItems: fileIdsMax }) },
  { $id: 'FileIds', additionalProperties: false },
)

/** The content; nothing serialises it, so this is for the document alone. */
export const FileContent = {
  description: 'The file’s content, with the type that its uploader named',
  headers: {
    'Content-Disposition': { type: 'string', description: '`attachment` with the file’s name (RFC 6266)' },
    'Content-Length': { type: 'integer' },
    'Last-Modified': { type: 'string' },
  },
  content: { 'application/octet-stream': { schema: Type.String({ format: 'binary' }) } },
}

export const Accepted = Type.Null({ description: 'Done' })
