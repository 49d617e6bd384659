import { Type } from 'typebox'
import { DateTime, nullable, Uuid } from '../http/schemas.ts'

export const ApiKey = Type.Object(
  {
    id: Type.Integer(),
    formId: Uuid,
    secret: Type.String({ description: 'The password of Basic authorization', examples: ['fg_live_…'] }),
    filesApiAccess: Type.Boolean({ description: 'Whether this key may read submitted files' }),
    createdBy: Type.String(),
    createdAt: DateTime,
    updatedBy: nullable(Type.String()),
    updatedAt: DateTime,
  },
  { $id: 'ApiKey' },
)
export const FilesApiAccess = Type.Object({ filesApiAccess: Type.Boolean() }, { $id: 'FilesApiAccess' })
export const NoApiKey = Type.Null({ description: 'The form has no key' })
