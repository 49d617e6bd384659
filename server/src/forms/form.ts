import type { FormAccessRow } from '../access/access.queries.ts'

type Settings = {
  allowSubmitterToUploadFile: boolean
  enableStatusUpdates: boolean
  enableSubmitterDraft: boolean
  enableSubmitterRevision: boolean
  enableTeamMemberDraftShare: boolean
  enableSubmissionUrlSharing: boolean
  enableSubmitterEmailReceipt: boolean
  hideSubmissionContentOnSuccess: boolean
  enableCopyExistingSubmission: boolean
  enableDocumentTemplates: boolean
  showAssigneeInSubmissionsTable: boolean
  showSubmissionConfirmation: boolean
  sendSubmissionReceivedEmail: boolean
  reminder_enabled: boolean
  wideFormLayout: boolean
  apiIntegration: boolean | null
  submissionReceivedEmails: string[]
  schedule: Record<string, unknown> | null
  subscribe: Record<string, unknown> | null
  deploymentLevel: string | null
  ministry: string | null
  useCase: string | null
  formMetadata: Record<string, unknown> | null
  submissionPackageSettings: Record<string, unknown> | null
  eventStreamConfig: Record<string, unknown> | null
}

/** The switches of a form with their presets, as CHEFS names them; a form stores only those that were set. */
export const settingPresets: Settings = {
  allowSubmitterToUploadFile: false,
  enableStatusUpdates: false,
  enableSubmitterDraft: false,
  enableSubmitterRevision: false,
  enableTeamMemberDraftShare: false,
  enableSubmissionUrlSharing: false,
  enableSubmitterEmailReceipt: false,
  hideSubmissionContentOnSuccess: false,
  enableCopyExistingSubmission: false,
  enableDocumentTemplates: false,
  showAssigneeInSubmissionsTable: false,
  showSubmissionConfirmation: true,
  sendSubmissionReceivedEmail: false,
  reminder_enabled: false,
  wideFormLayout: false,
  apiIntegration: false,
  submissionReceivedEmails: [],
  schedule: {},
  subscribe: {},
  deploymentLevel: null,
  ministry: null,
  useCase: null,
  formMetadata: null,
  submissionPackageSettings: null,
  eventStreamConfig: null,
}

const settingNames = Object.keys(settingPresets)

/** The members of a body that are switches of the form, as JSON text for the database. */
export function settingsIn(body: Record<string, unknown>): string {
  return JSON.stringify(
    Object.fromEntries(settingNames.filter((name) => body[name] !== undefined).map((name) => [name, body[name]])),
  )
}

/** Whether a change lets others in, or shuts some out, or opens submissions to whoever knows their address. */
export function changesAccess(
  before: Pick<FormAccessRow, 'identity_providers' | 'settings'>,
  change: { identityProviders?: { code: string }[]; enableSubmissionUrlSharing?: boolean },
): boolean {
  const { identityProviders, enableSubmissionUrlSharing: sharing } = change
  const codes = new Set(identityProviders?.map(({ code }) => code))
  const sameCodes =
    identityProviders === undefined ||
    (codes.size === before.identity_providers.length && before.identity_providers.every((each) => codes.has(each)))
  const shared = before.settings.enableSubmissionUrlSharing === true
  return !sameCodes || (sharing !== undefined && sharing !== shared)
}

/** A form's name in snake_case, for file names; CHEFS's virtual field `snake`. */
export function snakeName(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
  return words?.join('_') ?? 'form'
}

/** The identity providers that a form can name. */
export const identityProviders = {
  public: { code: 'public', display: 'Public', idp: 'public', active: true },
  login: { code: 'login', display: 'Anyone signed in', idp: 'login', active: true },
} as const
export type IdentityProviderCode = keyof typeof identityProviders

export function isIdentityProvider(code: string): code is IdentityProviderCode {
  return Object.hasOwn(identityProviders, code)
}

/** A form as the API shows it, without its versions. */
export function toForm(row: FormAccessRow) {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    active: row.active,
    labels: row.labels,
    ...settingPresets,
    // Only settingsIn writes them, from bodies that passed their schema.
    ...(row.settings as Partial<Settings>),
    snake: snakeName(row.name),
    identityProviders: row.identity_providers.filter(isIdentityProvider).map((code) => identityProviders[code]),
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedBy: row.updated_by,
    updatedAt: row.updated_at.toISOString(),
  }
}

/** Whom to notify, where events go and who works on the form is the team's business. */
export function forRespondents(form: ReturnType<typeof toForm>) {
  const { submissionReceivedEmails: _, subscribe: _a, eventStreamConfig: _b, formMetadata: _c, ...shown } = form
  const { submissionPackageSettings: _d, createdBy: _e, updatedBy: _f, ...publicly } = shown
  return publicly
}
