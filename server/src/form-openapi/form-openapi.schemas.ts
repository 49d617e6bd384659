import { Type } from 'typebox'

/** An OpenAPI 3.1 document; what stands in it is that specification's business. */
export const FormOpenapi = Type.Object(
  {
    openapi: Type.String({ examples: ['3.1.0'] }),
    info: Type.Object({ title: Type.String(), version: Type.String() }, { additionalProperties: true }),
    paths: Type.Record(Type.String(), Type.Unknown()),
  },
  { $id: 'FormOpenapi', additionalProperties: true, description: 'An OpenAPI 3.1 document' },
)
export const IfNoneMatch = Type.Object({
  'if-none-match': Type.Optional(
    Type.String({ description: 'The `ETag` of an earlier reply: `304` while it is the same' }),
  ),
})
