import { isJson } from '../../../../server/src/exports/export-formats.ts'
import type { ExportFormat } from './export-choice.ts'

const quote = 0x22
const backslash = 0x5c
const lineFeed = 0x0a
const openBrace = 0x7b
const closeBrace = 0x7d

/** @property rows undefined where the bytes do not tell */
export type RowCounter = { push(bytes: Uint8Array): void; readonly rows: number | undefined }

/** Counts the rows of an export while it passes by, without keeping anything of it. */
export function rowCounter(format: ExportFormat): RowCounter {
  if (format === 'csv') return csvRows()
  return isJson(format) ? jsonRows() : { push: () => undefined, rows: undefined }
}

/** Lines below the header; line breaks inside quotes belong to a cell. */
function csvRows(): RowCounter {
  let lines = 0
  let quotedNow = false
  return {
    push(bytes) {
      for (const byte of bytes) {
        if (byte === quote) quotedNow = !quotedNow
        else if (byte === lineFeed && !quotedNow) lines += 1
      }
    },
    get rows() {
      return Math.max(0, lines - 1)
    },
  }
}

/** Objects that are in no other; braces inside texts do not count. */
function jsonRows(): RowCounter {
  let rows = 0
  let depth = 0
  let inText = false
  let escaped = false
  return {
    push(bytes) {
      for (const byte of bytes) {
        if (inText) {
          if (escaped) escaped = false
          else if (byte === backslash) escaped = true
          else if (byte === quote) inText = false
        } else if (byte === quote) inText = true
        else if (byte === openBrace) {
          depth += 1
          if (depth === 1) rows += 1
        } else if (byte === closeBrace) depth -= 1
      }
    },
    get rows() {
      return rows
    },
  }
}
