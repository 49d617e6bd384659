import { Type } from 'typebox'
import { DateTime, Definition, nullable, ref, Uuid } from '../http/schemas.ts'

const summary = {
  id: Uuid,
  formId: Uuid,
  version: Type.Integer({ description: 'Counts from 1' }),
  published: Type.Boolean(),
  createdBy: Type.Optional(Type.String({ description: 'For the team alone' })),
  createdAt: DateTime,
  updatedBy: nullable(Type.String()),
  updatedAt: DateTime,
}

export const VersionSummary = Type.Object(summary, { $id: 'VersionSummary' })
export const Version = Type.Object({ ...summary, schema: ref(Definition) }, { $id: 'Version' })

export const PublishQuery = Type.Object({
  unpublish: Type.Optional(Type.Boolean({ description: '`true` takes the version back', default: false })),
})
export const FormFields = Type.Object(
  {
    versionId: nullable(Uuid),
    published: Type.Boolean(),
    versions: Type.Array(ref(VersionSummary)),
    fields: Type.Array(Type.String()),
  },
  { $id: 'FormFields', description: 'The fields of the published version, else of the newest' },
)
export const Fields = Type.Array(Type.String(), { description: 'Keys of the inputs, in design order' })
