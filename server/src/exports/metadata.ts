import type { ExportRow } from './exports.queries.ts'
import type { ExtraColumn } from './exports.schemas.ts'
import type { TimeZone } from './time-zone.ts'
import type { ValueType } from './value-type.ts'

/** The members of `form` in CHEFS's order. */
export const metadataNames = [
  'submissionId',
  'confirmationId',
  'formName',
  'version',
  'createdAt',
  'fullName',
  'username',
  'email',
  'submittedAt',
  'status',
  'assignee',
  'assigneeEmail',
] as const
export type MetadataName = (typeof metadataNames)[number] | ExtraColumn

/** What a header of labels calls them. */
export const metadataLabels: Record<MetadataName, string> = {
  submissionId: 'Submission ID',
  confirmationId: 'Confirmation ID',
  formName: 'Form',
  version: 'Version',
  createdAt: 'Created at',
  fullName: 'Submitted by',
  username: 'User name',
  email: 'E-mail of the submitter',
  submittedAt: 'Submitted at',
  status: 'Status',
  assignee: 'Assignee',
  assigneeEmail: 'E-mail of the assignee',
  draft: 'Draft',
  deleted: 'Deleted',
  updatedAt: 'Updated at',
}

/** The types of what is not text. */
export const metadataValueTypes: Partial<Record<MetadataName, ValueType>> = {
  version: 'number',
  createdAt: 'dateTime',
  submittedAt: 'dateTime',
  draft: 'boolean',
  deleted: 'boolean',
  updatedAt: 'dateTime',
}

/** What an export needs to know beside its rows. */
export type ExportForm = { name: string; extras: readonly ExtraColumn[]; timeZone: string }

/** What an export says about a submission beside its answers; times are ISO 8601. @param zone whose clocks show them */
export function metadataOf(row: ExportRow, { name: formName, extras }: ExportForm, zone: TimeZone) {
  return {
    submissionId: row.id,
    confirmationId: row.confirmation_id,
    formName,
    version: row.version,
    createdAt: zone.text(row.created_at),
    // Nobody signed in: the row names its author, `public` or the API key.
    fullName: row.full_name ?? row.created_by,
    username: row.created_by,
    email: row.email,
    submittedAt: row.submitted_at && zone.text(row.submitted_at),
    status: row.status,
    assignee: row.assignee,
    assigneeEmail: row.assignee_email,
    ...(extras.includes('draft') ? { draft: row.draft } : {}),
    ...(extras.includes('deleted') ? { deleted: row.deleted } : {}),
    ...(extras.includes('updatedAt') ? { updatedAt: zone.text(row.updated_at) } : {}),
  }
}
