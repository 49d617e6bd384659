import type { ByteWriter } from './byte-writer.ts'
import { type CsvOptions, csvWriter } from './csv-writer.ts'
import type { ExportColumns } from './export-columns.ts'
import type { ExportRow } from './exports.queries.ts'
import { jsonWriter, ndjsonWriter } from './json-writers.ts'
import type { ExportForm } from './metadata.ts'
import type { FileWriting } from './whole-files.ts'

/** Writes a format whose rows stand for themselves, so that it can be taken up again after any of them. */
export type RowWriter = {
  begin(out: ByteWriter): void
  /** Gives the turn back each time that there is enough to send. @param isFirst whether no row came before these */
  rows(out: ByteWriter, rows: ExportRow[], isFirst: boolean): Generator<undefined>
  end(out: ByteWriter): void
}

export type RowWriting =
  /** @property chosen the members to keep; all when undefined */
  | { format: 'json' | 'ndjson'; form: ExportForm; chosen?: ExportColumns }
  | { format: 'csv'; form: ExportForm; columns: ExportColumns; csv: CsvOptions }

/** What decides an export's bytes beside its rows. */
export type Writing = RowWriting | FileWriting

export function rowWriterFor(writing: RowWriting): RowWriter {
  switch (writing.format) {
    case 'json':
      return jsonWriter(writing.form, writing.chosen)
    case 'ndjson':
      return ndjsonWriter(writing.form, writing.chosen)
    case 'csv':
      return csvWriter(writing.columns, writing.form, writing.csv)
  }
}
