import type { CompiledQuery } from 'kysely'
import pg from 'pg'

/** More is given back after each use: a single row may have needed it. */
const keptBytes = 4 * 1024 * 1024
const firstBytes = 512 * 1024

/**
 * Memory that one query after another is read into; what is in it lasts until the next one begins. Memory of its own for each
 * query would make V8 collect garbage some twenty times a second, which took a third of an export's time.
 */
export type CopyMemory = { clear(): void; add(bytes: Buffer): void; bytes(): Buffer }

export function copyMemory(): CopyMemory {
  let buffer = Buffer.allocUnsafeSlow(firstBytes)
  let size = 0
  return {
    clear() {
      if (buffer.length > keptBytes) buffer = Buffer.allocUnsafeSlow(firstBytes)
      size = 0
    },
    add(bytes) {
      if (size + bytes.length > buffer.length) {
        const grown = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, size + bytes.length))
        buffer.copy(grown, 0, 0, size)
        buffer = grown
      }
      bytes.copy(buffer, size)
      size += bytes.length
    },
    bytes: () => buffer.subarray(0, size),
  }
}

/**
 * Runs a query by COPY and gives its rows in PostgreSQL's binary form: bytes that nobody turns into texts, numbers and
 * objects before they are needed, several times as fast as the driver's rows. All of them are in memory at once, so a
 * query bounds them itself; the connection is free again when they are there.
 */
export async function copiedOut(pool: pg.Pool, query: CompiledQuery, memory = copyMemory()): Promise<Buffer> {
  const client = await pool.connect()
  let broken: boolean | undefined
  memory.clear()
  try {
    await new Promise<void>((resolve, reject) => {
      client.query(copyingTo(memory, `copy (${withLiterals(query)}) to stdout (format binary)`, resolve, reject))
    })
    return memory.bytes()
  } catch (error) {
    // A statement that failed leaves the connection usable; one whose connection failed or was ended does not.
    broken = !(error instanceof pg.DatabaseError) || error.severity === 'FATAL'
    throw error
  } finally {
    client.release(broken)
  }
}

/** What the driver calls as it goes through the messages of a query, which its types do not describe. */
type Copying = pg.Submittable & {
  handleCopyData(message: { chunk: Buffer }): void
  handleCommandComplete(): void
  handleReadyForQuery(): void
  handleError(error: Error): void
}

/** The driver's bytes are its own: they are copied before it reads on. */
function copyingTo(memory: CopyMemory, text: string, resolve: () => void, reject: (error: Error) => void): Copying {
  return {
    submit: (connection) => connection.query(text),
    handleCopyData: ({ chunk }) => memory.add(chunk),
    handleCommandComplete: () => undefined,
    handleReadyForQuery: resolve,
    handleError: reject,
  }
}

/** COPY takes no parameters, so that they stand in the text. */
function withLiterals({ sql, parameters }: CompiledQuery): string {
  return sql.replace(/\$(\d+)/g, (_, place: string) => literal(parameters[Number(place) - 1]))
}

function literal(value: unknown): string {
  if (value === null) return 'null'
  // As a number: PostgreSQL reads no year beyond 9999 as JavaScript writes it.
  if (value instanceof Date) return `to_timestamp(${value.getTime()} / 1000.0)`
  if (typeof value === 'string') return pg.escapeLiteral(value)
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value)
  throw new Error(`A ${typeof value} has no literal here.`)
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
/** PostgreSQL counts microseconds from the year 2000 on. */
const epochMs = Date.UTC(2000, 0, 1)

/**
 * Reads what COPY gave in binary form, column by column; each function reads the next one.
 * (PostgreSQL's manual, COPY, "Binary Format".)
 */
export type TupleReader = {
  /** Goes on to the next row; false after the last. */
  next(): boolean
  /** Passes over so many columns. */
  skip(columns: number): void
  text(): string
  textOrNull(): string | null
  /** The bytes of a text, not copied. */
  bytes(): Buffer
  integer(): number
  boolean(): boolean
  time(): Date
  timeOrNull(): Date | null
}

export function tuplesIn(copied: Buffer): TupleReader {
  return readerAt(copied, beginningOf(copied))
}

/** Stands at the last row, which is found by the lengths of the columns before it; undefined when there is no row. */
export function lastTupleIn(copied: Buffer): TupleReader | undefined {
  let last: number | undefined
  let offset = beginningOf(copied)
  for (let columns = copied.readInt16BE(offset); columns >= 0; columns = copied.readInt16BE(offset)) {
    offset += 2
    last = offset
    for (let column = 0; column < columns; column += 1) offset += 4 + Math.max(0, copied.readInt32BE(offset))
  }
  return last === undefined ? undefined : readerAt(copied, last)
}

/** The first row's, behind the flags and an extension, which has had no content so far. */
function beginningOf(copied: Buffer): number {
  if (!copied.subarray(0, signature.length).equals(signature)) throw new Error('This is no binary COPY.')
  return signature.length + 8
}

function readerAt(copied: Buffer, start: number): TupleReader {
  let offset = start

  /** The length of the next column, or -1 for null; the offset then stands at its beginning. */
  function length(): number {
    offset += 4
    return copied.readInt32BE(offset - 4)
  }

  function over(size: number): number {
    offset += size
    return offset - size
  }

  function textOrNull(): string | null {
    const size = length()
    return size < 0 ? null : copied.toString('utf8', over(size), offset)
  }

  function timeOrNull(): Date | null {
    const size = length()
    if (size < 0) return null
    const at = over(size)
    return new Date((copied.readInt32BE(at) * 2 ** 32 + copied.readUInt32BE(at + 4)) / 1000 + epochMs)
  }

  return {
    next() {
      offset += 2
      return copied.readInt16BE(offset - 2) >= 0
    },
    skip(columns) {
      for (let column = 0; column < columns; column += 1) over(Math.max(0, length()))
    },
    textOrNull,
    timeOrNull,
    text: () => present(textOrNull()),
    time: () => present(timeOrNull()),
    bytes: () => {
      const size = length()
      return copied.subarray(over(size), offset)
    },
    integer: () => copied.readInt32BE(over(length())),
    boolean: () => copied[over(length())] === 1,
  }
}

function present<Value>(value: Value | null): Value {
  if (value === null) throw new Error('A column that always has a value had none.')
  return value
}
