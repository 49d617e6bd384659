import { undeclared } from './csv-writer.ts'
import { parseExactly } from './exact-json.ts'
import type { ExportColumns } from './export-columns.ts'
import type { ExportRow } from './exports.queries.ts'
import { levelOf, linesOf } from './grid-lines.ts'
import { type ExportForm, metadataOf } from './metadata.ts'
import { utc } from './time-zone.ts'

/** The cells of a line: JSON values, instants as Date, and undefined or a hole for nothing. */
export type ValueLine = unknown[]

const asItIs = (value: unknown): unknown => value

/**
 * The lines of each submission as values, by the same rules as the lines of the CSV. Every line has cells of its own; it may
 * be shorter than there are columns.
 */
export function valueLines(
  { columns, grids, backFilled, declared }: ExportColumns,
  form: ExportForm,
): (row: ExportRow) => Generator<ValueLine> {
  const metadata = columns.flatMap((column, index) => (column.kind === 'metadata' ? [{ ...column, index }] : []))
  const answers = columns.flatMap((column) => (column.kind === 'answer' ? [column.path] : []))
  const level = levelOf(answers, grids, metadata.length)
  const rest = columns.findIndex(({ kind }) => kind === 'rest')

  return function* (row) {
    // The column's text is the text of an object; jsonb has nothing else to give.
    const submission = parseExactly(row.answers.toString()) as Record<string, unknown>
    const shown = { ...metadataOf(row, form, utc), ...instantsOf(row) }
    const writeLine = linesOf(level, submission, { cellText: asItIs, backFilled })
    const once: ValueLine = []
    for (const { member, index } of metadata) once[index] = shown[member]
    if (rest >= 0) once[rest] = undeclared(submission, declared)
    let cells = [...once]
    while (writeLine(cells)) {
      yield cells
      cells = backFilled ? [...once] : []
    }
  }
}

function instantsOf({ created_at, submitted_at, updated_at }: ExportRow) {
  return { createdAt: created_at, submittedAt: submitted_at, updatedAt: updated_at }
}
