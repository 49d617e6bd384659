import { createHash } from 'node:crypto'
import { type ByteWriter, byteWriter } from './byte-writer.ts'

/** Collects the bytes of a piece and knows what all that were taken amount to. */
export type PieceWriter = {
  out: ByteWriter
  take(): Buffer<ArrayBuffer>
  /** Bytes taken so far, and their SHA-256 in hex: the last thing to ask for. */
  sum(): { bytes: number; sha256: string }
}

export function pieceWriter(): PieceWriter {
  const out = byteWriter()
  const hash = createHash('sha256')
  let bytes = 0
  return {
    out,
    take() {
      const chunk = out.take()
      hash.update(chunk)
      bytes += chunk.length
      return chunk
    },
    sum: () => ({ bytes, sha256: hash.digest('hex') }),
  }
}
