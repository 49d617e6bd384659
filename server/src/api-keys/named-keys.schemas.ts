import { type Static, Type } from 'typebox'
import { scopes } from '../access/scope.ts'
import { DateTime, nullable, Uuid } from '../http/schemas.ts'
import { LastUse } from './api-keys.schemas.ts'

const KeyName = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'Unique among the form’s keys',
  examples: ['Power BI'],
})
export const KeyScope = Type.Enum([...scopes], { $id: 'KeyScope', description: 'What a key may do' })
const Scopes = Type.Array(Type.Enum([...scopes]), { minItems: 1, uniqueItems: true, examples: [['submissions:read']] })
const ExpiresAt = nullable(
  Type.String({ format: 'date-time', description: 'From then on the key does not work; null: never' }),
)
const AllowedAddresses = nullable(
  Type.Array(Type.String({ maxLength: 50 }), {
    minItems: 1,
    maxItems: 50,
    description: 'IP addresses and networks in CIDR notation from which the key may be used; null: from everywhere',
    examples: [['192.0.2.0/24', '2001:db8::/32']],
  }),
)
const OwnLimit = nullable(
  Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    description: 'Calls in one window; null, or above the form’s limit: as many as that',
  }),
)
export const NamedApiKey = Type.Object(
  {
    id: Type.Integer(),
    formId: Uuid,
    name: Type.String(),
    isDefault: Type.Boolean({ description: 'Whether it is the key that `/apiKey` speaks of' }),
    test: Type.Boolean({ description: 'Whether it sees and makes test submissions only' }),
    state: Type.Enum(['active', 'disabled', 'expired', 'revoked']),
    prefix: nullable(Type.String({ description: 'How the secret begins', examples: ['fg_live_'] })),
    hint: nullable(Type.String({ description: 'Its last four characters', examples: ['3kQ2'] })),
    scopes: Type.Array(Type.Enum([...scopes])),
    enabled: Type.Boolean(),
    expiresAt: nullable(DateTime),
    allowedAddresses: nullable(Type.Array(Type.String())),
    ownLimit: nullable(Type.Integer()),
    rateLimit: Type.Object({
      limit: Type.Integer({ description: 'Calls in one window, as it is in force' }),
      remaining: Type.Integer(),
      resetSeconds: Type.Integer(),
      windowSeconds: Type.Number(),
    }),
    callsToday: Type.Integer({ description: 'Since midnight UTC, up to a few seconds ago' }),
    lastUsed: nullable(LastUse),
    previousSecret: nullable(
      Type.Object(
        {
          hint: Type.String(),
          validUntil: DateTime,
          rotatedAt: Type.String({ format: 'date-time', description: 'When the new secret took its place' }),
          lastUsed: nullable(LastUse),
        },
        { description: 'The secret before the last rotation, while it still works' },
      ),
    ),
    createdBy: Type.String(),
    createdByName: nullable(Type.String()),
    createdAt: DateTime,
    updatedBy: nullable(Type.String()),
    updatedByName: nullable(Type.String()),
    updatedAt: DateTime,
    revokedAt: nullable(DateTime),
    revokedBy: nullable(Type.String()),
    revokedByName: nullable(Type.String()),
    revokedReason: nullable(Type.String()),
  },
  { $id: 'NamedApiKey', description: 'A key without its secret' },
)

export const NamedApiKeyWithSecret = Type.Object(
  { ...NamedApiKey.properties, secret: Type.String({ description: 'The password of Basic authorization' }) },
  { $id: 'NamedApiKeyWithSecret' },
)

export const NewNamedApiKey = Type.Object(
  {
    name: KeyName,
    scopes: Scopes,
    test: Type.Optional(Type.Boolean({ default: false, description: 'A `fg_test_…` key' })),
    expiresAt: Type.Optional(ExpiresAt),
    allowedAddresses: Type.Optional(AllowedAddresses),
    ownLimit: Type.Optional(OwnLimit),
  },
  { $id: 'NewNamedApiKey', additionalProperties: false },
)
export type NewNamedApiKey = Static<typeof NewNamedApiKey>

export const NamedApiKeyChange = Type.Object(
  {
    name: Type.Optional(KeyName),
    scopes: Type.Optional(Scopes),
    enabled: Type.Optional(Type.Boolean()),
    expiresAt: Type.Optional(ExpiresAt),
    allowedAddresses: Type.Optional(AllowedAddresses),
    ownLimit: Type.Optional(OwnLimit),
  },
  { $id: 'NamedApiKeyChange', additionalProperties: false, minProperties: 1 },
)
export type NamedApiKeyChange = Static<typeof NamedApiKeyChange>

export const Rotation = Type.Object(
  {
    overlapHours: Type.Integer({
      minimum: 0,
      maximum: 720,
      description: 'For how many hours the present secret still works; 0: it stops at once',
    }),
  },
  { $id: 'Rotation', additionalProperties: false },
)

export const Revocation = Type.Object(
  { reason: Type.Optional(nullable(Type.String({ maxLength: 500 }))) },
  { $id: 'Revocation', additionalProperties: false },
)

export const KeySecret = Type.Object({ secret: Type.String() }, { $id: 'KeySecret' })

const usageFigures = {
  calls: Type.Integer(),
  succeeded: Type.Integer({ description: 'Replies below 400' }),
  clientErrors: Type.Integer({ description: 'Replies from 400 to 499 but 429' }),
  rateLimited: Type.Integer({ description: 'Replies 429' }),
  bytesSent: Type.Integer(),
}

export const KeyUsage = Type.Object(
  {
    from: Type.String({ format: 'date', description: 'The first day, of UTC' }),
    to: Type.String({ format: 'date', description: 'Today' }),
    total: Type.Object(usageFigures),
    days: Type.Array(Type.Object({ day: Type.String({ format: 'date' }), ...usageFigures }), {
      description: 'One each, also for days without calls; oldest first',
    }),
    operations: Type.Array(Type.Object({ operationId: Type.String(), calls: Type.Integer() }), {
      description: 'The ten that were called most',
    }),
  },
  { $id: 'KeyUsage', description: 'How much a key was used, up to a few seconds ago' },
)

export const NamedKeyParams = Type.Object({
  formId: Uuid,
  keyId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
})
export const KeysQuery = Type.Object({
  revoked: Type.Optional(Type.Boolean({ default: false, description: 'Revoked keys too' })),
})
export const UsageQuery = Type.Object({
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 90, default: 30 })),
})
