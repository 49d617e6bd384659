/** PostgreSQL ends its own text dumps so: in copied rows a backslash is always doubled, so no row can look like it. */
export const endOfRows = '\\.\n'

const newline = 0x0a
const marker = Buffer.from(`\n${endOfRows}`)

/** Reads a backup's text: lines, and between them the rows of a table in pieces of any size. */
export class SectionReader {
  readonly #chunks: AsyncIterator<Buffer>
  #pending: Buffer = Buffer.alloc(0)

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** The next line without its newline. */
  async line(): Promise<string> {
    let end = this.#pending.indexOf(newline)
    while (end < 0) {
      await this.#more()
      end = this.#pending.indexOf(newline)
    }
    const line = this.#pending.toString('utf8', 0, end)
    this.#pending = this.#pending.subarray(end + 1)
    return line
  }

  /** What comes before the end of the rows, in constant memory however many there are. */
  async *rows(): AsyncGenerator<Buffer> {
    // The marker starts with the newline of the row before it, and a table without rows has none: so we lend it one.
    this.#pending = Buffer.concat([Buffer.from('\n'), this.#pending])
    let from = 1
    for (;;) {
      const end = this.#pending.indexOf(marker)
      // The last bytes may be the marker's first: they wait for what comes next.
      const upTo = end < 0 ? Math.max(0, this.#pending.length - marker.length + 1) : end + 1
      if (upTo > from) yield this.#pending.subarray(from, upTo)
      from = Math.max(0, from - upTo)
      this.#pending = this.#pending.subarray(end < 0 ? upTo : end + marker.length)
      if (end >= 0) return
      await this.#more()
    }
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#chunks.next()
    if (done) throw new Error('The backup ends in the middle.')
    this.#pending = Buffer.concat([this.#pending, value])
  }
}
