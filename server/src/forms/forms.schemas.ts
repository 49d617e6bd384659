import { type Static, Type } from 'typebox'
import { AnyObject, DateTime, Definition, nullable, ref, Uuid } from '../http/schemas.ts'
import { Version, VersionSummary } from '../versions/versions.schemas.ts'

const text = (maxLength: number) => Type.String({ maxLength })
const Schedule = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean()),
    scheduleType: Type.Optional(nullable(Type.String({ description: '`manual`, `closingDate` or `period`' }))),
    openSubmissionDateTime: Type.Optional(nullable(Type.String())),
    closeSubmissionDateTime: Type.Optional(nullable(Type.String())),
  },
  { additionalProperties: true, description: 'When the form takes submissions' },
)

/** The switches of a form, all optional; their presets stand in form.ts. */
const settings = {
  allowSubmitterToUploadFile: Type.Optional(Type.Boolean()),
  enableStatusUpdates: Type.Optional(Type.Boolean()),
  enableSubmitterDraft: Type.Optional(Type.Boolean({ description: 'Signed-in respondents may save drafts' })),
  enableSubmitterRevision: Type.Optional(Type.Boolean()),
  enableTeamMemberDraftShare: Type.Optional(Type.Boolean()),
  enableSubmissionUrlSharing: Type.Optional(
    Type.Boolean({ description: 'Whoever knows the address of a submission of a public form may read it' }),
  ),
  enableSubmitterEmailReceipt: Type.Optional(Type.Boolean()),
  hideSubmissionContentOnSuccess: Type.Optional(Type.Boolean()),
  enableCopyExistingSubmission: Type.Optional(Type.Boolean()),
  enableDocumentTemplates: Type.Optional(Type.Boolean()),
  showAssigneeInSubmissionsTable: Type.Optional(Type.Boolean()),
  showSubmissionConfirmation: Type.Optional(Type.Boolean()),
  sendSubmissionReceivedEmail: Type.Optional(Type.Boolean()),
  reminder_enabled: Type.Optional(Type.Boolean()),
  wideFormLayout: Type.Optional(Type.Boolean()),
  apiIntegration: Type.Optional(nullable(Type.Boolean())),
  submissionReceivedEmails: Type.Optional(Type.Array(text(320), { maxItems: 100 })),
  schedule: Type.Optional(nullable(Schedule)),
  subscribe: Type.Optional(nullable(AnyObject)),
  deploymentLevel: Type.Optional(nullable(text(255))),
  ministry: Type.Optional(nullable(text(255))),
  useCase: Type.Optional(nullable(text(255))),
  formMetadata: Type.Optional(nullable(AnyObject)),
  submissionPackageSettings: Type.Optional(nullable(AnyObject)),
  eventStreamConfig: Type.Optional(nullable(AnyObject)),
}

const writable = {
  name: Type.String({ minLength: 1, maxLength: 255, pattern: '\\S' }),
  description: Type.Optional(nullable(text(255))),
  labels: Type.Optional(Type.Array(text(25), { maxItems: 100 })),
  identityProviders: Type.Optional(
    Type.Array(Type.Object({ code: Type.String() }, { additionalProperties: true }), {
      maxItems: 10,
      description: 'Who may submit: `[{"code":"public"}]`, `[{"code":"login"}]`, or `[]` for the team',
    }),
  ),
  ...settings,
}

/** Members that a program may send back as it got them; they are never taken from a body. */
const ignored = Object.fromEntries(
  ['id', 'active', 'snake', 'versions', 'createdBy', 'createdAt', 'updatedBy', 'updatedAt', 'draft'].map((name) => [
    name,
    Type.Optional(Type.Unknown({ description: 'Ignored' })),
  ]),
)

export const NewForm = Type.Object(
  { ...writable, schema: Type.Optional(ref(Definition)), ...ignored },
  { $id: 'NewForm', additionalProperties: false },
)
export const FormChange = Type.Object(
  { ...writable, name: Type.Optional(writable.name), ...ignored },
  { $id: 'FormChange', additionalProperties: false, description: 'Only what is named is changed' },
)
export type FormChange = Static<typeof FormChange>
export type NewForm = Static<typeof NewForm>

const IdentityProvider = Type.Object({
  code: Type.String(),
  display: Type.String(),
  idp: Type.String(),
  active: Type.Boolean(),
})

const formMembers = {
  id: Uuid,
  name: Type.String(),
  description: nullable(Type.String()),
  active: Type.Boolean(),
  labels: Type.Array(Type.String()),
  ...settings,
  snake: Type.String({ description: 'The name in snake_case, for file names' }),
  identityProviders: Type.Array(IdentityProvider),
  createdBy: Type.Optional(Type.String({ description: 'For the team alone' })),
  createdAt: DateTime,
  updatedBy: Type.Optional(nullable(Type.String())),
  updatedAt: DateTime,
}

export const Form = Type.Object(
  { ...formMembers, versions: Type.Optional(Type.Array(ref(VersionSummary), { description: 'Newest first' })) },
  { $id: 'Form' },
)
export const CreatedForm = Type.Object(
  {
    ...formMembers,
    versions: Type.Array(ref(VersionSummary)),
    draft: nullable(Type.Object({ id: Uuid, formId: Uuid, createdBy: Type.String(), schema: ref(Definition) })),
  },
  { $id: 'CreatedForm' },
)
export const PublishedForm = Type.Object(
  { ...formMembers, versions: Type.Array(ref(Version), { description: 'The published version, or none' }) },
  { $id: 'PublishedForm' },
)
export const PublishedFormSummary = Type.Object(
  { ...formMembers, versions: Type.Array(ref(VersionSummary), { description: 'The published version, or none' }) },
  { $id: 'PublishedFormSummary' },
)
export const FormOptions = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    description: nullable(Type.String()),
    enableSubmissionUrlSharing: Type.Boolean(),
    showSubmissionConfirmation: Type.Boolean(),
    enableSubmitterEmailReceipt: Type.Boolean(),
    hideSubmissionContentOnSuccess: Type.Boolean(),
    idpHints: Type.Array(Type.String(), { description: 'Who may submit, before anybody signs in' }),
    snake: Type.String(),
  },
  { $id: 'FormOptions' },
)
export const GetFormQuery = Type.Object({
  active: Type.Optional(Type.Boolean({ description: '`false` reads a deleted form', default: true })),
})
export const FormStatusCode = Type.Object(
  {
    id: Uuid,
    formId: Uuid,
    code: Type.String(),
    statusCode: Type.Object({ code: Type.String(), display: Type.String(), nextCodes: Type.Array(Type.String()) }),
    createdBy: Type.Optional(Type.String({ description: 'For the team alone' })),
    createdAt: DateTime,
    updatedBy: nullable(Type.String()),
    updatedAt: DateTime,
  },
  { $id: 'FormStatusCode' },
)
