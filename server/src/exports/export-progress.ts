import type { BackgroundExport, ExportManifest } from './export-files.schemas.ts'
import type { ExportRecord, PlacedPiece } from './export-records.queries.ts'

/** How far an export is. @param path of the export */
export function progressView(row: ExportRecord, path: string, now: number): BackgroundExport {
  return {
    exportId: row.id,
    format: row.format,
    status: row.status,
    percent: percentOf(row),
    rows: row.rows,
    totalRows: row.expected_rows,
    bytes: row.bytes,
    etaSeconds: etaSecondsOf(row, now),
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    expiresAt: row.expires_at.toISOString(),
    downloadUrl: row.status === 'complete' ? `${path}/file` : null,
  }
}

/** Never 100 before the last byte is there, whatever was counted before. */
function percentOf({ status, rows, expected_rows }: ExportRecord): number {
  if (status === 'complete') return 100
  return expected_rows ? Math.min(99, Math.floor((rows / expected_rows) * 100)) : 0
}

/** As long as the rows so far took, for those that are left. */
function etaSecondsOf({ status, rows, expected_rows, started_at }: ExportRecord, now: number): number | null {
  if (status !== 'running' || !expected_rows || !started_at || rows === 0) return null
  const left = Math.max(0, expected_rows - rows)
  return Math.ceil((left * (now - started_at.getTime())) / rows / 1000)
}

export function manifestView(row: ExportRecord, pieces: PlacedPiece[] | undefined): ExportManifest {
  return {
    exportId: row.id,
    formId: row.form_id,
    format: row.format,
    status: row.status,
    rows: row.rows,
    bytes: row.bytes,
    columns: row.columns,
    sha256: row.sha256,
    watermark: row.watermark,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ...(pieces
      ? { pieces: pieces.map(({ firstByte, bytes, rows, sha256 }) => ({ firstByte, bytes, rows, sha256 })) }
      : {}),
  }
}
