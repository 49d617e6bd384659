import { type Static, Type } from 'typebox'
import { DateTime, nullable, Uuid } from '../http/schemas.ts'
import { formats } from './exports.schemas.ts'

const sha256 = nullable(
  Type.String({
    pattern: '^[0-9a-f]{64}$',
    description:
      'Of all bytes before any content coding. Null until it is complete, and when it was taken up in another container than it began in: then the pieces tell',
  }),
)
const watermark = Type.String({
  description:
    'A cursor of the change feed: whoever follows the feed from there misses no change since the export began',
})
const status = Type.Enum(['waiting', 'running', 'complete', 'broken', 'failed', 'cancelled', 'expired'], {
  description: '`broken`: the reader left; it can be taken up again. `expired`: it is kept no longer',
})

export const ExportParams = Type.Object({ formId: Uuid, exportId: Uuid })

export const ExportManifest = Type.Object(
  {
    exportId: Uuid,
    formId: Uuid,
    format: Type.Enum([...formats]),
    status,
    rows: Type.Integer({ description: 'Submissions' }),
    bytes: Type.Integer({ description: 'Before any content coding' }),
    columns: nullable(Type.Array(Type.String(), { description: 'Null where the format has none' })),
    sha256,
    watermark,
    createdAt: DateTime,
    expiresAt: DateTime,
    pieces: Type.Optional(
      Type.Array(
        Type.Object({ firstByte: Type.Integer(), bytes: Type.Integer(), rows: Type.Integer(), sha256: Type.String() }),
      ),
    ),
  },
  { $id: 'ExportManifest', description: 'What a whole export holds, to see whether one has all of it' },
)
export type ExportManifest = Static<typeof ExportManifest>

export const ManifestQuery = Type.Object({
  pieces: Type.Optional(
    Type.Boolean({ default: false, description: 'The bytes of rows that were read at once, each with its SHA-256' }),
  ),
})

export const BackgroundExport = Type.Object(
  {
    exportId: Uuid,
    format: Type.Enum([...formats]),
    status,
    percent: Type.Integer({ minimum: 0, maximum: 100 }),
    rows: Type.Integer(),
    totalRows: nullable(Type.Integer({ description: 'Null until it is counted' })),
    bytes: Type.Integer(),
    etaSeconds: nullable(
      Type.Integer({ description: 'In how many seconds it will be complete; null when nobody can tell' }),
    ),
    createdAt: DateTime,
    createdBy: Type.String(),
    expiresAt: DateTime,
    downloadUrl: nullable(Type.String({ description: 'Path of the file, once it is complete, until it expires' })),
  },
  { $id: 'BackgroundExport', description: 'How far an export is' },
)
export type BackgroundExport = Static<typeof BackgroundExport>
