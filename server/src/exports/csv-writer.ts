import { type CellText, cellsWith, csvLine } from './csv.ts'
import type { ExportColumns } from './export-columns.ts'
import type { ExportRow } from './exports.queries.ts'
import { levelOf, linesOf } from './grid-lines.ts'
import { type ExportForm, metadataOf } from './metadata.ts'
import type { RowWriter } from './row-writer.ts'
import { timeZoneOf } from './time-zone.ts'

/** @property header which of a column's names stands in the first line */
export type CsvOptions = { bom: boolean; formulaGuard: boolean; header: 'name' | 'label' }

const byteOrderMark = '\uFEFF'

/** RFC 4180. One line at a time: those of one submission may be more than memory has room for. */
export function csvWriter(columns: ExportColumns, form: ExportForm, options: CsvOptions): RowWriter {
  const cellText = cellsWith(options)
  const toLines = submissionLines(columns, form, cellText)
  return {
    begin(out) {
      const names = columns.columns.map((column) => cellText(column[options.header]))
      out.text((options.bom ? byteOrderMark : '') + csvLine(names, names.length))
    },
    *rows(out, rows) {
      for (const row of rows) {
        for (const line of toLines(row)) {
          out.text(line)
          if (out.isFull()) yield
        }
      }
    },
    end: () => undefined,
  }
}

function submissionLines(
  { columns, grids, backFilled, declared }: ExportColumns,
  form: ExportForm,
  cellText: CellText,
) {
  const metadata = columns.flatMap((column, index) => (column.kind === 'metadata' ? [{ ...column, index }] : []))
  const answers = columns.flatMap((column) => (column.kind === 'answer' ? [column.path] : []))
  const level = levelOf(answers, grids, metadata.length)
  const zone = timeZoneOf(form.timeZone)
  const rest = columns.findIndex(({ kind }) => kind === 'rest')

  return function* (row: ExportRow): Generator<string> {
    // The column's text is the text of an object; jsonb has nothing else to give.
    const submission = JSON.parse(row.answers.toString()) as Record<string, unknown>
    const shown = metadataOf(row, form, zone)
    const writeLine = linesOf(level, submission, { cellText, backFilled })
    const once: string[] = []
    for (const { member, index } of metadata) once[index] = cellText(shown[member])
    if (rest >= 0) once[rest] = cellText(undeclared(submission, declared))
    let cells = [...once]
    while (writeLine(cells)) {
      yield csvLine(cells, columns.length)
      cells = backFilled ? [...once] : []
    }
  }
}

/** The answers that no definition declares, in one object. */
export function undeclared(submission: Record<string, unknown>, declared: ReadonlySet<string>): object | undefined {
  const entries = Object.entries(submission).filter(([key]) => !declared.has(key))
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}
