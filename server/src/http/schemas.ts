import { type Static, type TSchema, Type } from 'typebox'

/** A reference to a schema that was added to the server under its `$id`; it keeps the static type. */
export function ref<T extends TSchema>(schema: T) {
  const { $id } = schema as { $id?: string }
  if ($id === undefined) throw new Error('Only a schema with an $id can be referred to.')
  return Type.Unsafe<Static<T>>({ $ref: `${$id}#` })
}

export const Uuid = Type.String({ format: 'uuid', examples: ['8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d'] })
export const DateTime = Type.String({ format: 'date-time' })
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A JSON object whose members are the integrator's business. */
export const AnyObject = Type.Record(Type.String(), Type.Unknown())

/** A form.io definition. */
export const Definition = Type.Object(
  {
    display: Type.Optional(Type.String({ description: '`form` or `wizard`' })),
    components: Type.Optional(Type.Array(Type.Unknown())),
  },
  { $id: 'Definition', additionalProperties: true, description: 'A form.io definition' },
)

export const ProblemDetails = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable; decide by this' }),
    detail: Type.String(),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String(),
          key: Type.Optional(Type.String()),
          index: Type.Optional(Type.Integer({ description: 'Which item of a multiSubmission, from 0' })),
          message: Type.String(),
        }),
      ),
    ),
    'violated-policies': Type.Optional(
      Type.Array(Type.String(), {
        description: 'With 429, for who asked for the fields of draft 10: the limits that are reached',
      }),
    ),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details' },
)

export const FormParams = Type.Object({ formId: Uuid })
export const VersionParams = Type.Object({ formId: Uuid, formVersionId: Uuid })
export const DraftParams = Type.Object({ formId: Uuid, formVersionDraftId: Uuid })
export const SubmissionParams = Type.Object({ formSubmissionId: Uuid })
export const SubmissionOfFormParams = Type.Object({ formSubmissionId: Uuid, formId: Uuid })
export const NoContent = Type.Null({ description: 'Done' })

/** An entity tag is the time of the last change in quotes, so that whoever has read a thing knows it (RFC 9110 §13.1.1). */
export const Precondition = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      pattern: '^"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"$',
      description:
        'The `updatedAt` that was read, in double quotes. When it has been changed since, nothing is stored and the reply is `412`.',
    }),
  ),
})
