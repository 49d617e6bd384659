/** Bytes after which a writer has enough to send: less costs more messages and system calls, more only memory. */
const chunkBytes = 256 * 1024
/** Room for what comes over, so that a chunk seldom has to grow. */
const slackBytes = 64 * 1024

/** Collects text and bytes into chunks of about one size. */
export type ByteWriter = {
  text(text: string): void
  bytes(bytes: Uint8Array): void
  isFull(): boolean
  isEmpty(): boolean
  /** What was written since the last time; its memory is the reader's alone, who may hand it to another thread. */
  take(): Buffer<ArrayBuffer>
}

export function byteWriter(): ByteWriter {
  let buffer = newBuffer(chunkBytes + slackBytes)
  let size = 0

  function makeRoom(extra: number): void {
    if (size + extra <= buffer.length) return
    const grown = newBuffer(Math.max(buffer.length * 2, size + extra))
    buffer.copy(grown, 0, 0, size)
    buffer = grown
  }

  return {
    text(text) {
      // A UTF-16 unit takes three bytes of UTF-8 at the most.
      makeRoom(text.length * 3)
      size += buffer.write(text, size)
    },
    bytes(bytes) {
      makeRoom(bytes.length)
      buffer.set(bytes, size)
      size += bytes.length
    },
    isFull: () => size >= chunkBytes,
    isEmpty: () => size === 0,
    take() {
      const taken = buffer.subarray(0, size)
      buffer = newBuffer(chunkBytes + slackBytes)
      size = 0
      return taken
    },
  }
}

/** Never a part of Node's shared pool: whoever transfers that takes away what others still write to. */
function newBuffer(length: number): Buffer<ArrayBuffer> {
  return Buffer.allocUnsafeSlow(length) as Buffer<ArrayBuffer>
}
