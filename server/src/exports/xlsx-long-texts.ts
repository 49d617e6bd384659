import { type Cell, cellCharactersMax, cellXml, columnLetters, styles } from './xlsx-cells.ts'
import { sheetEnd, sheetStart } from './xlsx-parts.ts'

/** Past this many characters they get a sheet at once: they must not fill the memory until the end. */
const heldMax = 4_000_000
const header = ['sheet', 'cell', 'column', 'part', 'text']
const columnWidths = [18, 10, 30, 8, 80]

type Place = { sheet: string; reference: string; column: string }
type LongText = Place & { text: string }

/** Texts that do not fit into a cell, on their way to a sheet that holds them in parts. */
export type LongTexts = ReturnType<typeof longTexts>

export function longTexts() {
  let held: LongText[] = []
  let characters = 0
  let sheets = 0
  const sheetName = (number: number) => (number === 1 ? 'Long texts' : `Long texts (${number})`)

  return {
    /** Keeps the whole text, and gives the cell that stands in its place: its beginning, and where the whole is. */
    keep(place: Place, { value }: Cell): Cell {
      const text = String(value)
      held.push({ ...place, text })
      characters += text.length
      const note = ` […] (whole in the sheet “${sheetName(sheets + 1)}”)`
      return { kind: 'text', value: text.slice(0, endOfPart(text, 0, cellCharactersMax - note.length)) + note }
    },
    isNeeded: () => held.length > 0,
    isFull: () => characters > heldMax,
    /** Of the sheet that the next `take` makes. */
    sheetName: () => sheetName(sheets + 1),
    /** The text of the sheet of what was kept; the next texts go to another one. */
    take(): Iterable<string> {
      const texts = held
      held = []
      characters = 0
      sheets += 1
      return sheetText(texts)
    },
  }
}

function* sheetText(texts: LongText[]): Generator<string> {
  yield sheetStart(columnWidths, 1) + rowXml(1, header, styles.header)
  let rows = 1
  for (const { sheet, reference, column, text } of texts) {
    let part = 1
    for (let start = 0; start < text.length; part += 1) {
      const end = endOfPart(text, start, cellCharactersMax)
      rows += 1
      yield rowXml(rows, [sheet, reference, column, part, text.slice(start, end)])
      start = end
    }
  }
  yield sheetEnd(`A1:E${rows}`)
}

function rowXml(number: number, values: (string | number)[], style?: number): string {
  const cells = values.map((value, place) => {
    const cell: Cell = typeof value === 'number' ? { kind: 'number', value } : { kind: 'text', value }
    return cellXml(`${columnLetters(place)}${number}`, cell, style)
  })
  return `<row r="${number}">${cells.join('')}</row>`
}

/** Where a part of that many characters ends; the halves of one character stay together. */
function endOfPart(text: string, start: number, characters: number): number {
  const end = start + characters
  if (end >= text.length) return text.length
  const last = text.charCodeAt(end - 1)
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end
}
