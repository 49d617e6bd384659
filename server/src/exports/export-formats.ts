import type { Format } from './exports.schemas.ts'
import { type Template, templates } from './templates.ts'

/** The JSON goes by the name that CHEFS gives it. */
export const contentTypes: Record<Format, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'text/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
}

/**
 * Whether its bytes hang together as those of a compressed file: a content coding would only cost time, and it cannot be
 * taken up in the middle.
 */
export function isOneFile(format: Format): boolean {
  return format === 'xlsx' || format === 'parquet'
}

/** Whether it holds objects, whose members stand for themselves, instead of columns. */
export function isJson(format: Format): format is 'json' | 'ndjson' {
  return format === 'json' || format === 'ndjson'
}

/** The layout that a format has unless a request names one. A row of a Parquet file is a record: one submission. */
export function presetTemplate(format: Format): Template {
  return format === 'parquet' ? 'unFormattedCSVExport' : templates[0]
}
