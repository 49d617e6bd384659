import type { SubmissionAccessRow } from '../access/access.queries.ts'
import type { Access } from '../access/caller.ts'
import { forRespondents, toForm } from '../forms/form.ts'
import { withMember } from '../http/json-text.ts'
import { problems } from '../problem.ts'
import type { StatusRow } from './submissions.queries.ts'

/** The columns of a submission that every reply shows. */
export type SubmissionRow = {
  id: string
  form_version_id: string
  confirmation_id: string
  draft: boolean
  deleted: boolean
  test: boolean
  /** JSON text. */
  submission: string
  created_by: string
  created_at: Date
  updated_by: string | null
  updated_at: Date
}

/** The submission that the guard read. */
export function submissionOf({ submission }: Access): SubmissionAccessRow {
  if (!submission) throw problems.notFound('submission')
  return submission
}

/** A submission as JSON text; its answers go through as the text that the database gave. */
export function submissionText(row: SubmissionRow): string {
  const shown = {
    id: row.id,
    formVersionId: row.form_version_id,
    confirmationId: row.confirmation_id,
    draft: row.draft,
    deleted: row.deleted,
    // Only of test submissions: replies about live ones are those of CHEFS.
    ...(row.test ? { test: true } : {}),
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedBy: row.updated_by,
    updatedAt: row.updated_at.toISOString(),
  }
  return withMember(JSON.stringify(shown), 'submission', row.submission)
}

/**
 * The reply to GET, PUT and DELETE of one submission, with its version's definition and its form.
 * @param toTeam whether the reader may know what is the team's business
 */
export function submissionWithFormText(row: SubmissionAccessRow, definition: string, toTeam: boolean): string {
  const { version, form } = row
  const shownVersion = {
    id: row.form_version_id,
    formId: row.form_id,
    version: version.version,
    published: version.published,
    ...(toTeam ? { createdBy: version.created_by, updatedBy: version.updated_by } : {}),
    createdAt: version.created_at.toISOString(),
    updatedAt: version.updated_at.toISOString(),
  }
  const shownForm = toTeam ? toForm(form) : forRespondents(toForm(form))
  const versionText = withMember(JSON.stringify(shownVersion), 'schema', definition)
  return `{"submission":${submissionText(row)},"version":${versionText},"form":${JSON.stringify(shownForm)}}`
}

/** What `fields` asks for: each name once, with its path below the answers. The last segment names the column. */
export type AskedField = { name: string; path: string[] }

/** Splits `a,b.c`, also given repeatedly, into paths; empty names are left out. */
export function askedFields(fields: string | string[] | undefined): AskedField[] {
  const names = [fields ?? []].flat().flatMap((each) => each.split(','))
  const paths = names
    .map((name) => name.trim())
    .filter(Boolean)
    .map((name) => name.split('.'))
  return [...new Map(paths.map((path) => [path.at(-1) ?? '', path])).entries()].map(([name, path]) => ({ name, path }))
}

/** The states between which a submission may move when it is saved. */
export type Saving = { kind: 'draft' } | { kind: 'submit' } | { kind: 'update' } | { kind: 'refused'; why: string }

/**
 * What saving means for a submission: a draft stays one or is submitted; what was submitted is updated, and goes back to
 * being a draft only when the team asked for a revision.
 */
export function savingOf(before: { draft: boolean; status: string | null }, draft: boolean): Saving {
  if (before.draft) return draft ? { kind: 'draft' } : { kind: 'submit' }
  if (!draft) return { kind: 'update' }
  return { kind: 'refused', why: 'It was submitted already; it cannot become a draft again.' }
}

/** One status of a submission, as the API shows it. */
export function toStatus(row: StatusRow) {
  const user =
    row.assigned_to_user_id === null
      ? null
      : { id: row.assigned_to_user_id, fullName: row.user_name ?? '', email: row.user_email ?? '' }
  return {
    id: row.id,
    submissionId: row.submission_id,
    code: row.code,
    assignedToUserId: row.assigned_to_user_id,
    actionDate: row.action_date?.toISOString() ?? null,
    emailRecipients: null,
    user,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedBy: null,
    updatedAt: row.created_at.toISOString(),
  }
}
