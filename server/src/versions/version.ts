import { withMember } from '../http/json-text.ts'
import type { VersionRow } from './versions.queries.ts'

/** A version as the API shows it, without its definition. */
export function toVersion(row: VersionRow) {
  return {
    id: row.id,
    formId: row.form_id,
    version: row.version,
    published: row.published,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedBy: row.updated_by,
    updatedAt: row.updated_at.toISOString(),
  }
}

/** The JSON text of a version with its definition, which goes through as the text that it is. */
export function versionText(row: VersionRow, definition: string): string {
  return withMember(JSON.stringify(toVersion(row)), 'schema', definition)
}

/** The same for those who fill in the form: who works on it is the team's business. */
export function versionTextForRespondents(row: VersionRow, definition: string): string {
  const { createdBy: _, updatedBy: _a, ...shown } = toVersion(row)
  return withMember(JSON.stringify(shown), 'schema', definition)
}
