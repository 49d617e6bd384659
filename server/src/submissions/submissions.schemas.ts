import { type Static, Type } from 'typebox'
import { Form } from '../forms/forms.schemas.ts'
import { AnyObject, DateTime, nullable, ref, Uuid } from '../http/schemas.ts'
import { Version } from '../versions/versions.schemas.ts'

const Answers = Type.Object(
  { data: AnyObject, state: Type.Optional(Type.String()), metadata: Type.Optional(AnyObject) },
  { additionalProperties: true, description: 'What was filled in: the answers stand in `data`, by their keys' },
)

/** Members of the row that a program may send back as it got them; they are never taken from a body. */
const ignored = Object.fromEntries(
  [
    'id',
    'formId',
    'formVersionId',
    'confirmationId',
    'deleted',
    'createdBy',
    'createdAt',
    'updatedBy',
    'updatedAt',
    'lateEntry',
    'test',
  ].map((name) => [name, Type.Optional(Type.Unknown({ description: 'Ignored' }))]),
)

export const NewSubmission = Type.Object(
  {
    submission: Answers,
    draft: Type.Optional(Type.Boolean({ default: false, description: 'A draft need not be complete' })),
    ...ignored,
  },
  { $id: 'NewSubmission', additionalProperties: false },
)

/** What one multiSubmission takes at the most. */
export const multiSubmissionMax = 1000

export const NewSubmissions = Type.Object(
  {
    submission: Type.Object(
      {
        data: Type.Array(AnyObject, {
          minItems: 1,
          maxItems: multiSubmissionMax,
          description: 'The answers of one submission each',
        }),
        state: Type.Optional(Type.String()),
        metadata: Type.Optional(AnyObject),
      },
      { additionalProperties: true },
    ),
    draft: Type.Optional(Type.Boolean({ default: false })),
    ...ignored,
  },
  { $id: 'NewSubmissions', additionalProperties: false },
)

export const SubmissionChange = Type.Object(
  {
    submission: Type.Optional(Answers),
    draft: Type.Optional(Type.Boolean()),
    ...ignored,
    deleted: Type.Optional(Type.Boolean({ description: 'When present, only this is applied' })),
  },
  { $id: 'SubmissionChange', additionalProperties: false },
)
export type SubmissionChange = Static<typeof SubmissionChange>

export const Restore = Type.Object(
  { deleted: Type.Optional(Type.Literal(false)) },
  { $id: 'Restore', additionalProperties: false },
)

/** What one deletion or restoration of many takes at the most. */
const submissionIdsMax = 1000

export const SubmissionIds = Type.Object(
  { submissionIds: Type.Array(Uuid, { minItems: 1, maxItems: submissionIdsMax }) },
  { $id: 'SubmissionIds', additionalProperties: false },
)

const row = {
  id: Uuid,
  formVersionId: Uuid,
  confirmationId: Type.String({ description: 'The first eight hex digits of the id', examples: ['8F6C0E9A'] }),
  draft: Type.Boolean(),
  deleted: Type.Boolean(),
  test: Type.Optional(Type.Boolean({ description: 'There, and `true`, for test submissions alone' })),
  submission: Answers,
  createdBy: Type.String(),
  createdAt: DateTime,
  updatedBy: nullable(Type.String()),
  updatedAt: DateTime,
}

export const Submission = Type.Object(row, { $id: 'Submission' })
export const CreatedSubmission = Type.Object(
  {
    ...row,
    _accessToken: Type.Optional(
      Type.String({ description: 'Lets a respondent who did not sign in read the submission: X-Submission-Token' }),
    ),
  },
  { $id: 'CreatedSubmission' },
)
export const SubmissionWithForm = Type.Object(
  { submission: ref(Submission), version: ref(Version), form: ref(Form) },
  { $id: 'SubmissionWithForm' },
)
export const SubmissionsWithForm = Type.Object(
  {
    submission: Type.Array(ref(Submission), { description: 'As they are now, in the order asked for' }),
    version: Type.Array(ref(Version), { description: 'Each version of them once' }),
    form: Type.Array(ref(Form)),
  },
  { $id: 'SubmissionsWithForm' },
)
export const SubmissionStatus = Type.Object(
  {
    id: Uuid,
    submissionId: Uuid,
    code: Type.String(),
    assignedToUserId: nullable(Uuid),
    actionDate: nullable(DateTime),
    emailRecipients: Type.Null(),
    user: nullable(Type.Object({ id: Uuid, fullName: Type.String(), email: Type.String() })),
    createdBy: Type.String(),
    createdAt: DateTime,
    updatedBy: Type.Null(),
    updatedAt: DateTime,
  },
  { $id: 'SubmissionStatus' },
)
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'A repeat with the same key and body within 24 hours gets the first answer and stores nothing more',
    }),
  ),
})
