import type { Db } from '../db/database.ts'
import type { Piece } from './export-chunks.ts'
import { noteProgress, type PlacedPiece } from './export-records.queries.ts'

/** Notes how far an export is, so that it can be asked about and taken up again. */
export type ExportRecorder = {
  add(piece: Piece): void
  rows(): number
  /** @param sha256 of all bytes; undefined when it was taken up where nobody knew those before */
  complete(sha256: string | undefined): Promise<void>
  /** What broke off can be taken up after the pieces that are noted. */
  broken(): Promise<void>
}

type Deps = { db: Db; warn(message: string): void }
type Recorded = {
  id: string
  expiresAt: Date
  /** Makes its record, or takes it up: with the first note. */
  begin(): Promise<unknown>
  /** What was noted of it before; undefined for a new one. */
  before?: { rows: number; bytes: number }
}

/** A reader that breaks off seldom has more than this to get again. */
const flushEveryMs = 1_000
const hourMs = 3_600_000

/** How long it can be taken up; an export of one piece is as quickly made anew. */
export const keptMs = 24 * hourMs
const onePieceKeptMs = hourMs

export function exportRecorder({ db, warn }: Deps, { id, expiresAt, begin, before }: Recorded): ExportRecorder {
  let begun: Promise<unknown> | undefined
  let { rows, bytes } = before ?? { rows: 0, bytes: 0 }
  let unsaved: PlacedPiece[] = []
  let pieces = 0
  let flushedAt = performance.now()
  let flushing: Promise<unknown> = Promise.resolve()

  /** One after another, so that an earlier state never comes over a later one. */
  function flush(status: 'running' | 'complete' | 'broken', sha256?: string): Promise<void> {
    const saved = unsaved
    const progress = { status, rows, bytes, sha256, ...(pieces === 1 && !before ? { expiresAt: soon() } : {}) }
    unsaved = []
    flushedAt = performance.now()
    const done = flushing.then(async () => {
      begun ??= begin()
      await begun
      await noteProgress(db, id, saved, progress)
    })
    flushing = done.catch(() => undefined)
    return done
  }

  function soon(): Date {
    return new Date(expiresAt.getTime() - keptMs + onePieceKeptMs)
  }

  return {
    rows: () => rows,
    add(piece) {
      unsaved.push({ ...piece, firstByte: bytes })
      rows += piece.rows
      bytes += piece.bytes
      pieces += 1
      if (performance.now() - flushedAt < flushEveryMs || piece.isFinal) return
      flush('running').catch((error: unknown) => warn(`How far an export is was not noted: ${error}`))
    },
    complete: (sha256) => flush('complete', sha256),
    broken: () => flush('broken'),
  }
}
