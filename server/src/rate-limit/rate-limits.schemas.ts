import { Type } from 'typebox'
import { DateTime, nullable } from '../http/schemas.ts'

export const RaisedLimit = Type.Object(
  {
    limit: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description: 'Calls in one window, for each of the form’s keys',
    }),
    until: Type.String({
      format: 'date-time',
      description: 'When the configured limit holds again; a year from now at most',
    }),
    reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }),
  },
  { $id: 'RaisedLimit', additionalProperties: false },
)
export const FormRateLimit = Type.Object(
  {
    limit: Type.Integer({ description: 'Calls in one window that hold now, for each of the form’s keys' }),
    windowSeconds: Type.Number(),
    configuredLimit: Type.Integer({ description: 'What holds for forms for which nothing else is set' }),
    raised: nullable(
      Type.Object({
        limit: Type.Integer(),
        until: DateTime,
        reason: Type.String(),
        by: Type.String({ description: 'Who set it' }),
      }),
    ),
  },
  { $id: 'FormRateLimit', description: 'The rate limit of a form’s keys; a key may have a lower one of its own' },
)
