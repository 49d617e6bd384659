import type { ExportColumn, ExportColumns } from './export-columns.ts'
import type { ExportRow } from './exports.queries.ts'
import type { ExportForm } from './metadata.ts'
import { timeZoneOf } from './time-zone.ts'
import { type ValueLine, valueLines } from './value-lines.ts'
import { type Cell, cellCharactersMax, cellOf, cellXml, columnLetters, styles } from './xlsx-cells.ts'
import { type LongTexts, longTexts } from './xlsx-long-texts.ts'
import { packageRelationships, sheetEnd, sheetPath, sheetStart, stylesPart, workbookParts } from './xlsx-parts.ts'
import { type ZipEntry, zipped } from './zip.ts'

/** The rows that Excel's sheets have. */
const rowsMax = 1_048_576
/** Beyond 4 GiB a part needs ZIP64, which not all readers of spreadsheets know. */
const sheetBytesMax = 4_000_000_000
const pieceCharacters = 64 * 1024
const headerRows = 2

export type XlsxOptions = {
  /** Which of a column's names stands in the first row; the other one stands in the second. */
  header: 'name' | 'label'
  /** Rows of a sheet with its header, after which the next one begins. */
  sheetRows?: number
}

/**
 * The bytes of an XLSX with the lines of the CSV as cells of real types. What is too much for a sheet goes on in another.
 * The same rows make the same bytes.
 * @param columns as many as a sheet has, see `column-limits.ts`
 */
export async function* xlsxBytes(
  batches: AsyncIterable<ExportRow[]>,
  columns: ExportColumns,
  form: ExportForm,
  options: XlsxOptions,
): AsyncGenerator<Uint8Array> {
  yield* zipped(partsOf(linesIn(batches, valueLines(columns, form)), columns.columns, form, options))
}

async function* linesIn(
  batches: AsyncIterable<ExportRow[]>,
  toLines: (row: ExportRow) => Iterable<ValueLine>,
): AsyncGenerator<ValueLine> {
  for await (const rows of batches) for (const row of rows) yield* toLines(row)
}

/** One line is read ahead, so that no sheet begins without a row unless the first. */
type Lines = { ahead: IteratorResult<ValueLine>; next(): Promise<void> }

async function* partsOf(
  lines: AsyncGenerator<ValueLine>,
  columns: ExportColumn[],
  form: ExportForm,
  { header, sheetRows = rowsMax }: XlsxOptions,
): AsyncGenerator<ZipEntry> {
  const names: string[] = []
  const sheet = (name: string, text: ZipEntry['text']): ZipEntry => ({ name: sheetPath(names.push(name)), text })
  const long = longTexts()
  try {
    const source: Lines = {
      ahead: await lines.next(),
      async next() {
        source.ahead = await lines.next()
      },
    }
    yield packageRelationships
    yield stylesPart
    let count = 0
    do {
      count += 1
      const name = count === 1 ? 'Submissions' : `Submissions (${count})`
      yield sheet(name, sheetText(source, columns, form, { header, sheetRows, name, long }))
      if (long.isFull() || (source.ahead.done && long.isNeeded())) yield sheet(long.sheetName(), long.take())
    } while (!source.ahead.done)
    yield* workbookParts(names)
  } finally {
    await lines.return(undefined)
  }
}

type SheetOptions = Required<XlsxOptions> & { name: string; long: LongTexts }

async function* sheetText(
  source: Lines,
  columns: ExportColumn[],
  { timeZone }: ExportForm,
  { header, sheetRows, name, long }: SheetOptions,
): AsyncGenerator<string> {
  const zone = timeZoneOf(timeZone)
  const letters = columns.map((_, place) => columnLetters(place))
  let text = sheetStart(columns.map(widthOf), headerRows) + headerXml(columns, letters, header)
  let rows = headerRows
  let bytes = 0
  while (!source.ahead.done && rows < sheetRows && bytes < sheetBytesMax && !long.isFull()) {
    rows += 1
    text += `<row r="${rows}">`
    for (const [place, { name: column, valueType }] of columns.entries()) {
      const cell = cellOf(source.ahead.value[place], valueType, zone)
      if (!cell) continue
      const reference = `${letters[place]}${rows}`
      text += cellXml(
        reference,
        shortened(cell, () => long.keep({ sheet: name, reference, column }, cell)),
      )
    }
    text += '</row>'
    if (text.length > pieceCharacters) {
      bytes += Buffer.byteLength(text)
      yield text
      text = ''
    }
    await source.next()
  }
  yield `${text}${sheetEnd(`A${headerRows}:${letters.at(-1) ?? 'A'}${rows}`)}`
}

/** The cell, or the beginning of one that Excel would not take. */
function shortened(cell: Cell, keep: () => Cell): Cell {
  return cell.kind === 'text' && cell.value.length > cellCharactersMax ? keep() : cell
}

function headerXml(columns: ExportColumn[], letters: string[], header: XlsxOptions['header']): string {
  const row = (number: number, member: XlsxOptions['header'], style: number) => {
    const cells = columns.map((column, place) =>
      cellXml(`${letters[place]}${number}`, { kind: 'text', value: column[member].slice(0, cellCharactersMax) }, style),
    )
    return `<row r="${number}">${cells.join('')}</row>`
  }
  return row(1, header, styles.header) + row(2, header === 'name' ? 'label' : 'name', styles.secondHeader)
}

/** In characters: names can be read, and times are not shown as `####`. */
function widthOf({ name, label, valueType }: ExportColumn): number {
  return valueType === 'dateTime' ? 20 : Math.min(40, Math.max(10, name.length + 2, label.length + 2))
}
