import type { Design } from './columns.ts'
import type { ExportColumn } from './export-columns.ts'
import type { Path } from './grid-lines.ts'
import type { Template } from './templates.ts'

/** The columns of a CSV and how their cells fill its lines. */
export type Layout = {
  columns: ExportColumn[]
  /** The dotted paths of the lists of rows that take lines of their own. */
  grids: ReadonlySet<string>
  /** Whether cells that do not repeat stand on each line of their submission. */
  backFilled: boolean
}

/** How many rows each grid, by its dotted path, has at the most in one place. */
export type RowCounts = ReadonlyMap<string, number>

const noGrids: ReadonlySet<string> = new Set()

/** Lays columns out. @param rowCounts needed for single rows alone */
export function layOut(
  template: Template,
  columns: ExportColumn[],
  { grids, gridLabels }: Pick<Design, 'grids' | 'gridLabels'>,
  rowCounts: RowCounts,
): Layout {
  switch (template) {
    case 'multiRowEmptySpacesCSVExport':
      return { columns, grids, backFilled: false }
    case 'multiRowBackFilledCSVExport':
      return { columns, grids, backFilled: true }
    case 'singleRowCSVExport':
      return {
        columns: withPaths(columns, gridLabels, (paths) => numbered(paths, grids, rowCounts)),
        grids: noGrids,
        backFilled: false,
      }
    case 'unFormattedCSVExport':
      return {
        columns: withPaths(columns, gridLabels, (paths) => wholeGrids(paths, grids)),
        grids: noGrids,
        backFilled: false,
      }
  }
}

/** The same columns with other answers; these stand together. */
function withPaths(
  columns: ExportColumn[],
  gridLabels: Design['gridLabels'],
  change: (paths: string[][]) => Path[],
): ExportColumn[] {
  const answers = columns.flatMap((column) => (column.kind === 'answer' ? [column] : []))
  const first = columns.findIndex(({ kind }) => kind === 'answer')
  if (first < 0) return columns
  const known = new Map(answers.map((column) => [JSON.stringify(column.path), column]))
  // The paths of a design hold keys alone.
  const paths = change(answers.map(({ path }) => path as string[]))
  const changed = paths.map((path) => ({
    kind: 'answer' as const,
    name: path.join('.'),
    path,
    label: gridLabels.get(path.join('.')) ?? labelAt(known, path),
    // What has no column of its own is a whole grid.
    valueType: columnAt(known, path)?.valueType ?? ('json' as const),
  }))
  return [...columns.slice(0, first), ...changed, ...columns.slice(first + answers.length)]
}

type KnownColumns = ReadonlyMap<string, ExportColumn>

function columnAt(known: KnownColumns, path: Path): ExportColumn | undefined {
  return known.get(JSON.stringify(path.filter((step) => typeof step === 'string')))
}

/** The label of the column that a path was made from, with the numbers of its rows. */
function labelAt(known: KnownColumns, path: Path): string {
  const rows = path.filter((step) => typeof step === 'number').map((step) => step + 1)
  const label = columnAt(known, path)?.label ?? String(path.at(-1))
  return rows.length > 0 ? `${label} (${rows.join('.')})` : label
}

/** How many steps of a path lead to the first grid on it; undefined when there is none. */
function stepsToGrid(before: string[], rest: string[], grids: ReadonlySet<string>): number | undefined {
  for (let steps = 1; steps < rest.length; steps += 1) {
    if (grids.has([...before, ...rest.slice(0, steps)].join('.'))) return steps
  }
  return undefined
}

/** Each outermost grid once, as a whole. */
function wholeGrids(paths: string[][], grids: ReadonlySet<string>): Path[] {
  const whole = paths.map((path) => path.slice(0, stepsToGrid([], path, grids)))
  return [...new Map(whole.map((path) => [JSON.stringify(path), path])).values()]
}

type Step = {
  /** With the numbers of rows. */
  head: Path
  /** The same without them. */
  before: string[]
  rest: string[]
}

/** Each grid's columns once for each of its rows: all of the first row's, then all of the second's. */
function numbered(paths: string[][], grids: ReadonlySet<string>, counts: RowCounts): Path[] {
  const expand = (steps: Step[]): Path[] =>
    byGrid(steps, grids).flatMap((part) =>
      part.kind === 'path'
        ? [part.path]
        : Array.from({ length: rowsOf(counts, part.name) }, (_, row) =>
            expand(part.members.map(({ head, ...inside }) => ({ head: [...head, row], ...inside }))),
          ).flat(),
    )
  return expand(paths.map((rest) => ({ head: [], before: [], rest })))
}

type Part = { kind: 'path'; path: Path } | { kind: 'grid'; name: string; members: Step[] }

/** The steps as they come, those of one grid together where its first one stands. */
function byGrid(steps: Step[], grids: ReadonlySet<string>): Part[] {
  const parts: Part[] = []
  const membersOf = new Map<string, Step[]>()
  for (const { head, before, rest } of steps) {
    const count = stepsToGrid(before, rest, grids)
    if (count === undefined) {
      parts.push({ kind: 'path', path: [...head, ...rest] })
      continue
    }
    const toGrid = rest.slice(0, count)
    const inGrid = [...before, ...toGrid]
    const name = inGrid.join('.')
    const members = membersOf.get(name) ?? []
    if (members.length === 0) parts.push({ kind: 'grid', name, members })
    membersOf.set(name, members)
    members.push({ head: [...head, ...toGrid], before: inGrid, rest: rest.slice(count) })
  }
  return parts
}

/** A grid that nobody filled in has its columns all the same. */
function rowsOf(counts: RowCounts, name: string): number {
  return Math.max(1, counts.get(name) ?? 1)
}

/** How many columns single rows take, before they are made. */
export function widthOfSingleRows(columns: ExportColumn[], grids: ReadonlySet<string>, counts: RowCounts): number {
  let width = 0
  for (const column of columns) {
    const path = column.kind === 'answer' ? column.path : []
    width += gridsOn(path as string[], grids).reduce(
      (product, levels) => product * rowsOf(counts, levels.flat().join('.')),
      1,
    )
  }
  return width
}

/** The grids on a path from the outermost on: each as the steps that lead from one to the next. */
export function gridsOn(path: string[], grids: ReadonlySet<string>): string[][][] {
  const found: string[][][] = []
  const levels: string[][] = []
  for (let start = 0; ; ) {
    const steps = stepsToGrid(path.slice(0, start), path.slice(start), grids)
    if (steps === undefined) return found
    levels.push(path.slice(start, start + steps))
    found.push([...levels])
    start += steps
  }
}
