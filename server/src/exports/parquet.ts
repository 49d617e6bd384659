import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { ExportColumns } from './export-columns.ts'
import type { ExportRow } from './exports.queries.ts'
import type { ExportForm } from './metadata.ts'
import { type ParquetColumn, parquetColumns, schemaOf } from './parquet-columns.ts'
import { timeZoneOf } from './time-zone.ts'
import { typedValue } from './typed-value.ts'
import { type ValueLine, valueLines } from './value-lines.ts'

export type ParquetOptions = {
  /** Which of a column's names the file has. */
  header: 'name' | 'label'
}

/**
 * Bounds of a row group: it is in memory until it is written. Readers like larger ones, but twice as many rows took 25 MB more.
 */
const groupRowsMax = 5_000
const groupBytesMax = 8_000_000

/**
 * The bytes of a Parquet file with the lines of the CSV as typed rows, a row group at a time. A value that does not fit its
 * column's type is null there, and stands in the last column, which holds the misfits of a row as a JSON object.
 * The same rows make the same bytes.
 */
export async function* parquetBytes(
  batches: AsyncIterable<ExportRow[]>,
  columns: ExportColumns,
  form: ExportForm,
  { header }: ParquetOptions,
): AsyncGenerator<Uint8Array> {
  const toLines = valueLines(columns, form)
  const file = parquetFile(parquetColumns(columns.columns, header), form)
  for await (const rows of batches) {
    for (const row of rows) {
      for (const line of toLines(row)) {
        file.add(line)
        if (file.isGroupFull()) yield file.takeGroup()
      }
    }
  }
  if (file.hasRows()) yield file.takeGroup()
  yield file.finish()
}

/** Only what is not null, with its row: most columns of a wide form are empty in most rows. */
type Values = { rows: number[]; values: unknown[] }

function parquetFile(columns: ParquetColumn[], { timeZone }: ExportForm) {
  const zone = timeZoneOf(timeZone)
  const bytes = new ByteWriter()
  const schema = schemaOf(columns)
  const writer = new ParquetWriter({ writer: bytes, schema: schema.elements, createdBy: 'Formgate' })
  let group: Values[] = []
  let rows = 0
  let size = 0
  startGroup()

  function startGroup(): void {
    group = columns.map(() => ({ rows: [], values: [] }))
    rows = 0
    size = 0
  }

  function put(place: number, value: unknown): void {
    const column = group[place]
    if (value === null || !column) return
    column.rows.push(rows)
    column.values.push(value)
    size += typeof value === 'string' ? value.length + 8 : 8
  }

  /** What was written since the last time. The writer's buffer is used again, so these bytes are a copy. */
  function taken(): Uint8Array {
    const written = bytes.getBytes().slice()
    bytes.index = 0
    return written
  }

  return {
    add(line: ValueLine): void {
      const misfits: [string, unknown][] = []
      for (const [place, { name, valueType, isMisfits }] of columns.entries()) {
        if (isMisfits) continue
        const value = typedValue(line[place], valueType, zone)
        if (value === undefined) misfits.push([name, line[place]])
        else put(place, value)
      }
      if (misfits.length > 0) put(columns.length - 1, JSON.stringify(Object.fromEntries(misfits)))
      rows += 1
    },
    isGroupFull: () => rows >= groupRowsMax || size >= groupBytesMax,
    hasRows: () => rows > 0,
    takeGroup(): Uint8Array {
      writer.write({
        columnData: columns.map((column, place) => sourceOf(column, group[place], rows)),
        rowGroupSize: rows,
      })
      startGroup()
      return taken()
    },
    finish(): Uint8Array {
      schema.nameTypes()
      writer.finish()
      return taken()
    },
  }
}

/** A column's values for the writer, which asks for one column after another: all at once would be many nulls. */
function sourceOf({ name, hasStatistics }: ParquetColumn, values: Values | undefined, rows: number) {
  return {
    name,
    statistics: hasStatistics,
    offsetIndex: false,
    get data(): unknown[] {
      const all: unknown[] = new Array(rows).fill(null)
      for (const [place, row] of values?.rows.entries() ?? []) all[row] = values?.values[place]
      return all
    },
  }
}
