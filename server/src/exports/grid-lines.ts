import { ownValue } from '../validation/answers.ts'

/** Where a value lies: keys, and for a certain row of a grid its number from 0. */
export type Path = (string | number)[]

/** Columns that share their rows: those of a submission, or those of a grid in it. */
export type Level = { cells: { index: number; path: Path }[]; grids: Grid[] }
type Grid = { path: Path; level: Level }

/** Writes its next line into the cells given; false when it had nothing left to write. */
export type LineWriter<Cell = string> = (cells: Cell[]) => boolean

/**
 * Lays the columns' paths out by the grids on their way.
 * @param grids the dotted paths at which lists of rows stand
 * @param offset the place of the first column in a line
 */
export function levelOf(paths: Path[], grids: ReadonlySet<string>, offset: number): Level {
  const root: Level = { cells: [], grids: [] }
  const known = new Map<string, Level>()
  for (const [index, path] of paths.entries()) {
    const { level, start } = levelAt(root, known, path, grids)
    level.cells.push({ index: offset + index, path: path.slice(start) })
  }
  return root
}

function levelAt(root: Level, known: Map<string, Level>, path: Path, grids: ReadonlySet<string>) {
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

type LinesOptions<Cell> = {
  /** Turns an answer into what stands in a cell: a CSV's text, or the value as it is. */
  cellText: (value: unknown) => Cell
  /** Whether a row's own cells stand on each of its lines, instead of on the first alone. */
  backFilled: boolean
}

/**
 * The lines of a submission, or of a grid's row. Every grid begins on its first line, and grids beside one another run side
 * by side; a row takes as many lines as the longest grid in it, one at the least. One line at a time: a grid may have more
 * rows than memory has room for lines.
 */
export function linesOf<Cell>(level: Level, holder: unknown, options: LinesOptions<Cell>): LineWriter<Cell> {
  const grids = level.grids.map((grid) => gridLines(grid, holder, options))
  let first = true
  return (cells) => {
    let written = first
    for (const write of grids) written = write(cells) || written
    if (first || (written && options.backFilled)) {
      for (const { index, path } of level.cells) cells[index] = options.cellText(valueAt(holder, path))
    }
    first = false
    return written
  }
}

function gridLines<Cell>({ path, level }: Grid, holder: unknown, options: LinesOptions<Cell>): LineWriter<Cell> {
  const rows = rowsIn(ownValue(holder, path))
  let next = 0
  let current: LineWriter<Cell> | undefined
  return (cells) => {
    while (!current?.(cells)) {
      if (next >= rows.length) return false
      current = linesOf(level, rows[next], options)
      next += 1
    }
    return true
  }
}

/** The value at a path; undefined where there is none. */
function valueAt(holder: unknown, path: Path): unknown {
  let value = holder
  for (const step of path) value = typeof step === 'number' ? rowsIn(value)[step] : ownValue(value, [step])
  return value
}

/** What was a container in another version is a single row. */
function rowsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return typeof value === 'object' && value !== null ? [value] : []
}
