import type { Resumption } from './export-chunks.ts'
import type { PlacedPiece } from './export-records.queries.ts'

/** What can be done for who has so many bytes of an export. */
export type TakingUp =
  | { kind: 'from'; from: Resumption; before: { rows: number; bytes: number } }
  /** What is noted ends before that. */
  | { kind: 'tooFar'; resumeAt: number }
  /** It is whole, and has no more bytes. */
  | { kind: 'beyondEnd'; size: number }

/** @param pieces all that are noted, in their order */
export function takingUpAt(byte: number, pieces: readonly PlacedPiece[]): TakingUp {
  const index = pieces.findIndex(({ firstByte, bytes }) => byte < firstByte + bytes)
  const piece = pieces[index]
  const last = pieces.at(-1)
  const size = last ? last.firstByte + last.bytes : 0
  if (!piece && last?.isFinal) return { kind: 'beyondEnd', size }
  if (!piece && byte > size) return { kind: 'tooFar', resumeAt: size }
  const before = piece ? pieces.slice(0, index) : pieces
  const firstByte = piece?.firstByte ?? size
  return {
    kind: 'from',
    from: { firstByte, after: before.at(-1)?.last, skip: byte - firstByte, sha256: piece?.sha256 },
    before: { rows: before.reduce((sum, { rows }) => sum + rows, 0), bytes: firstByte },
  }
}

/** Where RFC 8673 has the end of what nobody knows the end of. */
export const endlessByte = Number.MAX_SAFE_INTEGER

/**
 * The first byte that a Range asks for (RFC 9110, 14.2). Those that name several ranges, another end than the last byte,
 * or the last bytes are not served in parts, which the standard allows.
 */
export function firstByteOf(range: string | undefined): number | undefined {
  const [, first, last] = /^bytes=(\d{1,15})-(\d{1,16})?$/.exec(range?.trim() ?? '') ?? []
  if (first === undefined || (last !== undefined && Number(last) < endlessByte)) return undefined
  return Number(first)
}
