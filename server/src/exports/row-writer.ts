import type { ByteWriter } from './byte-writer.ts'
import { type CsvOptions, csvWriter } from './csv-writer.ts'
import type { ExportColumns } from './export-columns.ts'
import type { ExportRow } from './exports.queries.ts'
import { jsonWriter, ndjsonWriter } from './json-writers.ts'
import type { ExportForm } from './metadata.ts'

/** Writes a format whose rows stand for themselves, so that it can be taken up again after any of them. */
export type RowWriter = {
  begin(out: ByteWriter): void
  /** Gives the turn back each time that there is enough to send. @param isFirst whether no row came before these */
  rows(out: ByteWriter, rows: ExportRow[], isFirst: boolean): Generator<undefined>
  end(out: ByteWriter): void
}

export type Writing =
  | { format: 'json' | 'ndjson'; form: ExportForm }
  | { format: 'csv'; form: ExportForm; columns: ExportColumns; csv: CsvOptions }

export function rowWriterFor(writing: Writing): RowWriter {
  switch (writing.format) {
    case 'json':
      return jsonWriter(writing.form)
    case 'ndjson':
      return ndjsonWriter(writing.form)
    case 'csv':
      return csvWriter(writing.columns, writing.form, writing.csv)
  }
}
