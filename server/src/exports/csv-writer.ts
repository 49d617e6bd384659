import { cellsWith, csvLine } from './csv.ts'
import type { ExportColumns } from './export-columns.ts'
import { type ExportForm, metadataOf } from './metadata.ts'
import type { RowWriter } from './row-writer.ts'
import { submissionLines } from './submission-lines.ts'
import { timeZoneOf } from './time-zone.ts'

/** @property header which of a column's names stands in the first line */
export type CsvOptions = { bom: boolean; formulaGuard: boolean; header: 'name' | 'label' }

const byteOrderMark = '\uFEFF'

/** RFC 4180. */
export function csvWriter(columns: ExportColumns, form: ExportForm, options: CsvOptions): RowWriter {
  const cell = cellsWith(options)
  const zone = timeZoneOf(form.timeZone)
  const width = columns.columns.length
  const toLines = submissionLines(columns, { parse: JSON.parse, metadata: (row) => metadataOf(row, form, zone), cell })
  return {
    begin(out) {
      const names = columns.columns.map((column) => cell(column[options.header]))
      out.text((options.bom ? byteOrderMark : '') + csvLine(names, width))
    },
    *rows(out, rows) {
      for (const row of rows) {
        for (const cells of toLines(row)) {
          out.text(csvLine(cells, width))
          if (out.isFull()) yield
        }
      }
    },
    end: () => undefined,
  }
}
