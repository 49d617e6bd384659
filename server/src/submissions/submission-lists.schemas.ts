import { type Static, Type } from 'typebox'
import { DateTime, nullable, Uuid } from '../http/schemas.ts'
import { submissionStatuses } from './review.ts'

const oneOrMore = (description: string) =>
  Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())], { description }))
const fields = oneOrMore('Keys of answers to add, comma-separated or repeated; `a.b` reaches into `a` and is named `b`')
const range = (description: string) =>
  Type.Optional(Type.Array(Type.String(), { minItems: 2, maxItems: 2, description }))
const test = Type.Optional(
  Type.Boolean({ default: false, description: 'Test submissions instead of live ones; a test key sees no others' }),
)
const createdBy = Type.Optional(Type.String({ description: 'Authors whose name holds this text' }))

export const ListSubmissionsQuery = Type.Object({
  fields,
  submissionId: Type.Optional(Uuid),
  confirmationId: Type.Optional(Type.String()),
  test,
  draft: Type.Optional(Type.Boolean()),
  deleted: Type.Optional(Type.Boolean({ description: 'Both kinds when absent' })),
  createdBy,
  createdAt: range('Earliest and latest: `createdAt=…&createdAt=…`'),
  'createdAt[]': range('As `createdAt`'),
  updatedAt: range('When it was last changed: earliest and latest'),
  'updatedAt[]': range('As `updatedAt`'),
  submittedAt: range('When it was submitted: earliest and latest'),
  'submittedAt[]': range('As `submittedAt`'),
  formVersionId: Type.Optional(Uuid),
  version: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  status: Type.Optional(Type.Enum([...submissionStatuses])),
  filterformSubmissionStatusCode: Type.Optional(Type.Boolean({ description: 'Only submissions that have a status' })),
  filterAssignedToCurrentUser: Type.Optional(
    Type.Boolean({ description: 'Only those assigned to the person who asks' }),
  ),
  filter: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]), {
      description:
        '`filter[field]=value`: submissions whose answer in the field is this; repeated, any of them. `field` is the name of its column in an export',
      examples: [{ region: 'north' }],
    }),
  ),
  paginationEnabled: Type.Optional(
    Type.String({ description: 'Any value but `false` and `0` switches to `{results, total}`' }),
  ),
  page: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'From 0' })),
  after: Type.Optional(
    Type.String({ description: 'The page after this cursor, of the `Link` of a reply; instead of `page`' }),
  ),
  before: Type.Optional(Type.String({ description: 'The page before this cursor' })),
  itemsPerPage: Type.Optional(Type.Integer({ minimum: -1, maximum: 10_000, description: '-1: all', default: 10 })),
  'sortBy[column]': Type.Optional(Type.String({ description: 'One of the columns of the reply' })),
  'sortBy[order]': Type.Optional(Type.Union([Type.Literal('asc'), Type.Literal('desc')])),
  searchEnabled: Type.Optional(Type.Boolean()),
  search: Type.Optional(Type.String({ description: 'Text to find in the columns of the reply' })),
  'search[value]': Type.Optional(Type.String()),
  'search[fields]': oneOrMore('Search in these answers instead'),
  'search[fields][]': oneOrMore('As `search[fields]`'),
})
export type ListSubmissionsQuery = Static<typeof ListSubmissionsQuery>

export const SubmissionListItem = Type.Object(
  {
    confirmationId: Type.String(),
    createdAt: DateTime,
    formId: Uuid,
    formSubmissionStatusCode: nullable(Type.String()),
    submissionId: Uuid,
    deleted: Type.Boolean(),
    createdBy: Type.String(),
    formVersionId: Uuid,
    lateEntry: Type.Boolean(),
  },
  { $id: 'SubmissionListItem', additionalProperties: true, description: 'With the answers that `fields` names' },
)
export const OwnSubmissionsQuery = Type.Object({
  formId: Type.Optional(Uuid),
  formSubmissionId: Type.Optional(Uuid),
  active: Type.Optional(Type.Boolean({ description: 'false: those of deleted forms', default: true })),
})
export const OwnSubmission = Type.Object(
  {
    formSubmissionId: Uuid,
    formId: Uuid,
    formVersionId: Uuid,
    version: Type.Integer(),
    name: Type.String({ description: 'Of the form' }),
    description: nullable(Type.String()),
    active: Type.Boolean(),
    confirmationId: Type.String(),
    draft: Type.Boolean({ description: 'Not submitted yet, or sent back for revision' }),
    lateEntry: Type.Boolean(),
    createdAt: DateTime,
    updatedAt: DateTime,
    userId: Uuid,
    enableStatusUpdates: Type.Boolean(),
    enableSubmitterDraft: Type.Boolean(),
    submissionStatus: Type.Array(Type.Object({ code: Type.String() }), { description: 'The present one, if any' }),
    permissions: Type.Array(Type.String(), { description: 'What the submitter may do with it now' }),
  },
  { $id: 'OwnSubmission' },
)
export const ListVersionSubmissionsQuery = Type.Object({ createdBy, test })
export const DiscoverQuery = Type.Object({ fields, test })
