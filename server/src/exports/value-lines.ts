import { parseExactly } from './exact-json.ts'
import type { ExportColumns } from './export-columns.ts'
import type { ExportRow } from './exports.queries.ts'
import { type ExportForm, metadataOf } from './metadata.ts'
import { submissionLines } from './submission-lines.ts'
import { utc } from './time-zone.ts'

/** The cells of a line: JSON values, instants as Date, and undefined or a hole for nothing. */
export type ValueLine = unknown[]

/** The lines of each submission as values, by the same rules as the lines of the CSV. */
export function valueLines(columns: ExportColumns, form: ExportForm): (row: ExportRow) => Generator<ValueLine> {
  return submissionLines<unknown>(columns, {
    parse: parseExactly,
    metadata: (row) => ({ ...metadataOf(row, form, utc), ...instantsOf(row) }),
    cell: (value) => value,
  })
}

function instantsOf({ created_at, submitted_at, updated_at }: ExportRow) {
  return { createdAt: created_at, submittedAt: submitted_at, updatedAt: updated_at }
}
