import { problems } from '../problem.ts'
import type { ExportColumns } from './export-columns.ts'
import type { Format } from './exports.schemas.ts'

/** What Excel's sheets have. */
const columnsMax: Partial<Record<Format, number>> = { xlsx: 16_384 }

/** The same columns, if a file of that format can have as many. @throws Problem 400 `too_many_columns` */
export function fitting(format: Format, columns: ExportColumns): ExportColumns {
  const max = columnsMax[format]
  if (max !== undefined && columns.columns.length > max) throw problems.tooManyColumns(max)
  return columns
}
