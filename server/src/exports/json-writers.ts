import type { ByteWriter } from './byte-writer.ts'
import { narrowedTo } from './chosen-fields.ts'
import type { ExportColumns } from './export-columns.ts'
import type { ExportRow } from './exports.queries.ts'
import { type ExportForm, metadataOf } from './metadata.ts'
import type { RowWriter } from './row-writer.ts'
import { timeZoneOf } from './time-zone.ts'

/** A list of objects. */
export function jsonWriter(form: ExportForm, chosen?: ExportColumns): RowWriter {
  const write = submissionWriter(form, chosen)
  return {
    begin: (out) => out.text('['),
    *rows(out, rows, isFirst) {
      for (const [index, row] of rows.entries()) {
        if (!isFirst || index > 0) out.text(',')
        write(out, row)
        if (out.isFull()) yield
      }
    },
    end: (out) => out.text(']'),
  }
}

/** Newline-delimited JSON: each submission a line of its own. */
export function ndjsonWriter(form: ExportForm, chosen?: ExportColumns): RowWriter {
  const write = submissionWriter(form, chosen)
  return {
    begin: () => undefined,
    *rows(out, rows) {
      for (const row of rows) {
        write(out, row)
        out.text('\n')
        if (out.isFull()) yield
      }
    },
    end: () => undefined,
  }
}

type SubmissionWriter = (out: ByteWriter, row: ExportRow) => void

/** A submission's object; all of its answers go through as the bytes that the database gave. */
function submissionWriter(form: ExportForm, chosen: ExportColumns | undefined): SubmissionWriter {
  const zone = timeZoneOf(form.timeZone)
  if (chosen) {
    const narrowed = narrowedTo(chosen)
    return (out, row) => out.text(narrowed(metadataOf(row, form, zone), row.answers.toString()))
  }
  return (out, row) => {
    out.text(`{"form":${JSON.stringify(metadataOf(row, form, zone))}`)
    if (row.answers.length > '{}'.length) {
      out.text(',')
      out.bytes(row.answers.subarray(1))
    } else out.text('}')
  }
}
