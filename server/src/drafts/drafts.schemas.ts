import { Type } from 'typebox'
import { DateTime, Definition, nullable, ref, Uuid } from '../http/schemas.ts'

const summary = {
  id: Uuid,
  formId: Uuid,
  formVersionId: nullable(Uuid),
  createdBy: Type.String(),
  createdAt: DateTime,
  updatedBy: nullable(Type.String()),
  updatedAt: DateTime,
}

export const DraftSummary = Type.Object(summary, { $id: 'DraftSummary' })
export const Draft = Type.Object({ ...summary, schema: ref(Definition) }, { $id: 'Draft' })

const ignored = Object.fromEntries(
  ['id', 'formId', 'createdBy', 'createdAt', 'updatedBy', 'updatedAt'].map((name) => [
    name,
    Type.Optional(Type.Unknown({ description: 'Ignored' })),
  ]),
)
const formVersionId = Type.Optional(
  nullable(Type.String({ format: 'uuid', description: 'The version it starts from' })),
)

export const NewDraft = Type.Object(
  { schema: ref(Definition), formVersionId, ...ignored },
  { $id: 'NewDraft', additionalProperties: false },
)
export const DraftChange = Type.Object(
  { schema: Type.Optional(ref(Definition)), formVersionId, ...ignored },
  { $id: 'DraftChange', additionalProperties: false, description: 'Only what is named is changed' },
)
export const ListDraftsQuery = Type.Object({
  formVersionId: Type.Optional(Type.String({ format: 'uuid', description: 'Drafts that start from this version' })),
})
