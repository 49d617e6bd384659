import { type Static, Type } from 'typebox'
import { DateTime, nullable, ref, Uuid } from '../http/schemas.ts'
import { Submission } from '../submissions/submissions.schemas.ts'
import { changeKinds } from './changes.queries.ts'

export const ChangesQuery = Type.Object({
  after: Type.Optional(
    Type.String({
      description:
        'The `next` of the last reply, or a change’s `cursor`; `now` for what comes from now on. From the oldest kept when absent',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Changes in a reply at most' }),
  ),
  wait: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 60,
      default: 0,
      description: 'Seconds to wait for a change when there is none yet',
    }),
  ),
  include: Type.Optional(Type.Enum(['submission'], { description: 'Each change brings its submission, as it is now' })),
  test: Type.Optional(
    Type.Boolean({ default: false, description: 'Changes of test submissions; a test key sees no others' }),
  ),
})
export type ChangesQuery = Static<typeof ChangesQuery>

export const EventStreamHeaders = Type.Object({
  accept: Type.Optional(Type.String({ description: '`text/event-stream` for a stream of events' })),
  'last-event-id': Type.Optional(Type.String({ description: 'Goes before `after`, as browsers send it' })),
})

export const Change = Type.Object(
  {
    cursor: Type.String({ description: 'To go on right after this change' }),
    kind: Type.Enum([...changeKinds]),
    submissionId: Uuid,
    draft: Type.Boolean({ description: 'Whether it was a draft after the change' }),
    status: nullable(Type.String({ description: 'After the change' })),
    changedBy: Type.String(),
    changedAt: DateTime,
    submission: Type.Optional(ref(Submission)),
  },
  { $id: 'Change' },
)

export const Changes = Type.Object(
  {
    changes: Type.Array(ref(Change)),
    next: Type.String({ description: 'The `after` of the next call, whether or not there were changes' }),
    more: Type.Boolean({ description: 'Whether there are more right now' }),
  },
  { $id: 'Changes' },
)
