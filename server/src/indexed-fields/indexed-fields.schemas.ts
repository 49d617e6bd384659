import { Type } from 'typebox'
import { DateTime, nullable } from '../http/schemas.ts'

/** Each costs time and room with every submission. */
export const indexedFieldsMax = 10

export const IndexedFields = Type.Object(
  {
    fields: Type.Array(
      Type.Object({
        field: Type.String({ description: 'The name of its column in an export', examples: ['address.city'] }),
        state: Type.Union([Type.Literal('building'), Type.Literal('ready')]),
        percent: Type.Integer({ minimum: 0, maximum: 100, description: 'How much of the index is built' }),
        createdBy: Type.String(),
        createdAt: DateTime,
        readyAt: nullable(DateTime),
      }),
    ),
    max: Type.Integer({ description: 'How many fields of a form can be indexed' }),
  },
  { $id: 'IndexedFields' },
)

export const IndexedFieldsChange = Type.Object(
  {
    fields: Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), {
      maxItems: indexedFieldsMax,
      uniqueItems: true,
      description: 'All that shall be indexed; others are no longer',
    }),
  },
  { $id: 'IndexedFieldsChange', additionalProperties: false },
)
