import { joinObjects } from '../http/json-text.ts'
import { type CellText, cellsWith, csvLine } from './csv.ts'
import type { ExportColumns } from './export-columns.ts'
import type { ExportRow } from './exports.queries.ts'
import { levelOf, linesOf } from './grid-lines.ts'
import { type ExportForm, metadataOf } from './metadata.ts'

/**
 * Characters after which text is sent. Strings beyond some 100 KB live in a space of their own, whose garbage V8 collects
 * late; and the event loop gets its turn between two pieces.
 */
const pieceCharacters = 64 * 1024

/** Newline-delimited JSON: each submission a line of its own. */
export async function* ndjsonText(batches: AsyncIterable<ExportRow[]>, form: ExportForm): AsyncGenerator<string> {
  for await (const texts of jsonTexts(batches, form)) {
    if (texts.length > 0) yield `${texts.join('\n')}\n`
  }
}

/** Each submission as JSON text; its answers go through as the text that the database gave. */
export async function* jsonTexts(batches: AsyncIterable<ExportRow[]>, form: ExportForm): AsyncGenerator<string[]> {
  for await (const rows of batches) {
    let texts: string[] = []
    let characters = 0
    for (const row of rows) {
      const metadata = JSON.stringify(metadataOf(row, form))
      const text = joinObjects(`{"form":${metadata}}`, row.answers)
      texts.push(text)
      characters += text.length
      if (characters < pieceCharacters) continue
      yield texts
      texts = []
      characters = 0
    }
    yield texts
  }
}

/** @property header which of a column's names stands in the first line */
type CsvOptions = { bom: boolean; formulaGuard: boolean; header: 'name' | 'label' }

const byteOrderMark = '\uFEFF'

/**
 * The text of the CSV. The header goes out together with the first rows, so that a query that fails at once is still an
 * error with its status.
 */
export async function* csvText(
  batches: AsyncIterable<ExportRow[]>,
  columns: ExportColumns,
  form: ExportForm,
  options: CsvOptions,
): AsyncGenerator<string> {
  const cellText = cellsWith(options)
  const names = columns.columns.map((column) => cellText(column[options.header]))
  let text = (options.bom ? byteOrderMark : '') + csvLine(names, names.length)
  const toLines = submissionLines(columns, form, cellText)
  for await (const rows of batches) {
    for (const row of rows) {
      for (const line of toLines(row)) {
        text += line
        if (text.length < pieceCharacters) continue
        yield text
        text = ''
      }
    }
  }
  if (text !== '') yield text
}

function submissionLines(
  { columns, grids, backFilled, declared }: ExportColumns,
  form: ExportForm,
  cellText: CellText,
) {
  const metadata = columns.flatMap((column, index) => (column.kind === 'metadata' ? [{ ...column, index }] : []))
  const answers = columns.flatMap((column) => (column.kind === 'answer' ? [column.path] : []))
  const level = levelOf(answers, grids, metadata.length)
  const rest = columns.findIndex(({ kind }) => kind === 'rest')

  return function* (row: ExportRow): Generator<string> {
    // The column's text is the text of an object; jsonb has nothing else to give.
    const submission = JSON.parse(row.answers) as Record<string, unknown>
    const shown = metadataOf(row, form)
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

function undeclared(submission: Record<string, unknown>, declared: ReadonlySet<string>): object | undefined {
  const entries = Object.entries(submission).filter(([key]) => !declared.has(key))
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}
