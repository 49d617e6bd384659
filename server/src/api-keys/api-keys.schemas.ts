import { Type } from 'typebox'
import { DateTime, nullable, Uuid } from '../http/schemas.ts'

export const LastUse = Type.Object({
  at: DateTime,
  address: Type.String({ description: 'The address that the call came from' }),
  client: nullable(Type.String({ description: 'Its User-Agent', examples: ['curl/8.5.0'] })),
})

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
export const ApiKeySummary = Type.Object(
  {
    exists: Type.Boolean(),
    keyId: nullable(Type.Integer({ description: 'Its id under `/apiKeys`' })),
    prefix: nullable(Type.String({ description: 'How the key begins; null for a key brought over from CHEFS' })),
    hint: nullable(Type.String({ description: 'The last four characters', examples: ['3kQ2'] })),
    filesApiAccess: nullable(Type.Boolean()),
    createdBy: nullable(Type.String()),
    createdByName: nullable(Type.String({ description: 'The name of who made it, while there is such an account' })),
    createdAt: nullable(DateTime),
    updatedBy: nullable(Type.String()),
    updatedByName: nullable(Type.String()),
    updatedAt: nullable(DateTime),
    callsToday: nullable(Type.Integer({ description: 'Since midnight UTC, up to a few seconds ago' })),
    lastUsed: nullable(LastUse),
    rateLimit: Type.Object({
      limit: Type.Integer({ description: 'Calls in one window' }),
      remaining: Type.Integer({ description: 'What is left of them now' }),
      resetSeconds: Type.Integer({ description: 'Seconds until all are there again; 0 while no window runs' }),
      windowSeconds: Type.Number(),
    }),
  },
  { $id: 'ApiKeySummary', description: 'A form’s key without its secret; all members but two are null without a key' },
)
export const KeyHolder = Type.Object(
  { name: Type.String() },
  { $id: 'KeyHolder', description: 'Somebody who may show and generate the form’s key' },
)
export const NoApiKey = Type.Null({ description: 'The form has no key' })
