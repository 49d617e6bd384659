const headEnd = Buffer.from('\r\n\r\n')
const lastChunk = '0\r\n\r\n'

/** For replies that must all have one status. @throws when one has another */
export function expecting(status: number): (head: string) => void {
  return (head) => {
    if (!head.startsWith(`HTTP/1.1 ${status} `)) throw new Error(`Not ${status}: ${head.split('\r\n')[0]}`)
  }
}

/**
 * Finds out, chunk by chunk, when a reply on a connection that is kept open is whole (RFC 9112 §6): by its Content-Length,
 * or by the last chunk of a chunked one. One reply follows another; none begins within the chunk that ends the one before.
 * @param onHead is given each reply's head; what it throws goes to whoever hands over the chunk
 * @returns a function that takes what comes and says whether it ends a reply
 */
export function isWholeReply(onHead: (head: string) => void): (chunk: Buffer) => boolean {
  /** What came of a head that is not whole yet. */
  let kept: Buffer | undefined
  /** Bytes of the body that are missing; NaN for a chunked body, undefined before the head is whole. */
  let missing: number | undefined
  let tail = ''

  /** @returns what follows the head, or undefined while it is not whole */
  function afterHead(chunk: Buffer): Buffer | undefined {
    const all = kept ? Buffer.concat([kept, chunk]) : chunk
    const end = all.indexOf(headEnd)
    kept = end < 0 ? all : undefined
    if (end < 0) return undefined
    const head = all.toString('latin1', 0, end)
    onHead(head)
    missing = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1])
    return all.subarray(end + headEnd.length)
  }

  function endsBody(part: Buffer): boolean {
    if (missing === undefined || Number.isNaN(missing)) {
      tail = (tail + part.toString('latin1', Math.max(0, part.length - lastChunk.length))).slice(-lastChunk.length)
      return tail === lastChunk
    }
    missing -= part.length
    return missing <= 0
  }

  return (chunk) => {
    const part = missing === undefined ? afterHead(chunk) : chunk
    if (!part || !endsBody(part)) return false
    missing = undefined
    tail = ''
    return true
  }
}
