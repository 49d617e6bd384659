import type { ExportColumns } from './export-columns.ts'
import type { ExportRow } from './exports.queries.ts'
import { levelOf, linesOf } from './grid-lines.ts'
import type { MetadataName } from './metadata.ts'

/** How a format takes what a submission holds. */
export type Cells<Cell> = {
  /** Reads the text of the answers' object. */
  parse(answers: string): unknown
  metadata(row: ExportRow): Partial<Record<MetadataName, unknown>>
  /** Turns a value into what stands in a cell. */
  cell(value: unknown): Cell
}

/**
 * The lines of each submission, by the rules that hold for all formats. Every line has cells of its own; it may have holes,
 * and be shorter than there are columns. One line at a time: those of one submission may be more than memory has room for.
 */
export function submissionLines<Cell>(
  { columns, grids, backFilled, declared }: ExportColumns,
  { parse, metadata, cell }: Cells<Cell>,
): (row: ExportRow) => Generator<Cell[]> {
  const members = columns.flatMap((column, index) => (column.kind === 'metadata' ? [{ ...column, index }] : []))
  const answers = columns.flatMap((column) => (column.kind === 'answer' ? [column.path] : []))
  const level = levelOf(answers, grids, members.length)
  const rest = columns.findIndex(({ kind }) => kind === 'rest')

  return function* (row) {
    // The column's text is the text of an object; jsonb has nothing else to give.
    const submission = parse(row.answers.toString()) as Record<string, unknown>
    const shown = metadata(row)
    const writeLine = linesOf(level, submission, { cellText: cell, backFilled })
    const once: Cell[] = []
    for (const { member, index } of members) once[index] = cell(shown[member])
    if (rest >= 0) once[rest] = cell(undeclared(submission, declared))
    let cells = [...once]
    while (writeLine(cells)) {
      yield cells
      cells = backFilled ? [...once] : []
    }
  }
}

/** The answers that no definition declares, in one object. */
export function undeclared(submission: Record<string, unknown>, declared: ReadonlySet<string>): object | undefined {
  const entries = Object.entries(submission).filter(([key]) => !declared.has(key))
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}
