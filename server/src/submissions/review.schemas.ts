import { type Static, Type } from 'typebox'
import { DateTime, nullable, Uuid } from '../http/schemas.ts'

const notSent = { description: 'Taken and not used: no e-mail is sent yet' }

export const StatusChange = Type.Object(
  {
    code: Type.String({ description: 'One of the `nextCodes` of the present status' }),
    assignedToUserId: Type.Optional(
      nullable(Type.String({ format: 'uuid', description: 'Somebody who may review; needed for `ASSIGNED`' })),
    ),
    actionDate: Type.Optional(nullable(DateTime)),
    assignmentNotificationEmail: Type.Optional(nullable(Type.String(notSent))),
    submissionUserEmails: Type.Optional(nullable(Type.Array(Type.String(), notSent))),
    revisionNotificationEmailContent: Type.Optional(nullable(Type.String(notSent))),
  },
  { $id: 'StatusChange', additionalProperties: false },
)
export type StatusChange = Static<typeof StatusChange>

const EditKind = Type.Enum(['updated', 'deleted', 'restored'])

export const SubmissionEdit = Type.Object(
  {
    id: Type.Integer(),
    updatedByUsername: nullable(Type.String()),
    actionTimestamp: DateTime,
    action: Type.Literal('U', { description: 'As in CHEFS, where each of these is an update' }),
    kind: EditKind,
  },
  { $id: 'SubmissionEdit' },
)

export const SubmissionHistory = Type.Object(
  {
    complete: Type.Boolean({ description: 'False when there was more than the 1,000 newest' }),
    entries: Type.Array(
      Type.Object({
        at: DateTime,
        kind: Type.Enum(['created', 'status', 'updated', 'deleted', 'restored']),
        by: Type.String(),
        byName: nullable(Type.String({ description: 'While there is such an account' })),
        code: nullable(Type.String({ description: 'The status that it got' })),
        assignedTo: nullable(Type.Object({ id: Uuid, fullName: nullable(Type.String()) })),
        actionDate: nullable(DateTime),
      }),
    ),
  },
  { $id: 'SubmissionHistory', description: 'Newest first' },
)
