import { createHash, type Hash } from 'node:crypto'
import { recentMap } from '../recent-map.ts'

/** The SHA-256 of all bytes of an export, which can go on from the end of a piece. */
export type Digest = {
  update(bytes: Uint8Array): void
  pieceEnded(): void
  /** Undefined when what came before was not known. */
  hex(): string | undefined
  /** The digest as it was when so many bytes had come and a piece had ended. */
  at(byte: number): Digest | undefined
}

/** A reader that breaks off is behind by what the buffers between hold, which is less than so many pieces. */
const statesKept = 64
/** Exports that broke and whose digests are remembered; the oldest goes first. */
const brokenKept = 500

export function openDigest(): Digest {
  return digestFrom(createHash('sha256'), 0)
}

function digestFrom(hash: Hash | undefined, firstByte: number): Digest {
  let bytes = firstByte
  const states = recentMap<number, Hash>(statesKept)
  return {
    update(chunk) {
      hash?.update(chunk)
      bytes += chunk.length
    },
    pieceEnded() {
      if (hash) states.set(bytes, hash.copy())
    },
    // A copy: what was asked for its end can still go on.
    hex: () => hash?.copy().digest('hex'),
    at(byte) {
      const state = states.get(byte)
      return state && digestFrom(state.copy(), byte)
    },
  }
}

/** Node tells nobody the inside of a digest, so that only the thread that began one can go on with it. */
export function brokenDigests() {
  const kept = recentMap<string, Digest>(brokenKept)
  return {
    keep: kept.set,
    /** @returns one that knows nothing, when what came before is not known here */
    takeUp(exportId: string, firstByte: number): Digest {
      if (firstByte === 0) return openDigest()
      const digest = kept.get(exportId)?.at(firstByte)
      return digest ?? digestFrom(undefined, firstByte)
    },
  }
}
