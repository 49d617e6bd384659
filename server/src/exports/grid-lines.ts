import { ownValue } from '../validation/answers.ts'
import type { CellText } from './csv.ts'

/** Columns that share their rows: those of a submission, or those of a grid in it. */
export type Level = { cells: { index: number; path: string[] }[]; grids: Grid[] }
type Grid = { path: string[]; level: Level }

/** Writes its next line into the cells given; false when it had nothing left to write. */
export type LineWriter = (cells: string[]) => boolean

/**
 * Lays the columns' paths out by the grids on their way.
 * @param grids the dotted paths at which lists of rows stand
 * @param offset the place of the first column in a line
 */
export function levelOf(paths: string[][], grids: ReadonlySet<string>, offset: number): Level {
  const root: Level = { cells: [], grids: [] }
  const known = new Map<string, Level>()
  for (const [index, path] of paths.entries()) {
    const { level, start } = levelAt(root, known, path, grids)
    level.cells.push({ index: offset + index, path: path.slice(start) })
  }
  return root
}

function levelAt(root: Level, known: Map<string, Level>, path: string[], grids: ReadonlySet<string>) {
  let level = root
  let start = 0
  for (let end = 1; end < path.length; end += 1) {
    const name = path.slice(0, end).join('.')
    if (!grids.has(name)) continue
    const inner = known.get(name) ?? { cells: [], grids: [] }
    if (!known.has(name)) level.grids.push({ path: path.slice(start, end), level: inner })
    known.set(name, inner)
    level = inner
    start = end
  }
  return { level, start }
}

/**
 * The lines of a submission, or of a grid's row. Its own cells stand on its first line only. Every grid begins on that
 * line too, and grids beside one another run side by side; a row takes as many lines as the longest grid in it, one at
 * the least. One line at a time: a grid may have more rows than memory has room for lines.
 */
export function linesOf(level: Level, holder: unknown, cellText: CellText): LineWriter {
  const grids = level.grids.map((grid) => gridLines(grid, holder, cellText))
  let first = true
  return (cells) => {
    let written = first
    if (first) for (const { index, path } of level.cells) cells[index] = cellText(ownValue(holder, path))
    first = false
    for (const write of grids) written = write(cells) || written
    return written
  }
}

function gridLines({ path, level }: Grid, holder: unknown, cellText: CellText): LineWriter {
  const rows = rowsIn(ownValue(holder, path))
  let next = 0
  let current: LineWriter | undefined
  return (cells) => {
    while (!current?.(cells)) {
      if (next >= rows.length) return false
      current = linesOf(level, rows[next], cellText)
      next += 1
    }
    return true
  }
}

/** What was a container in another version is a single row. */
function rowsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return typeof value === 'object' && value !== null ? [value] : []
}
