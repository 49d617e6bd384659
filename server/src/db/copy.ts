import type { CompiledQuery } from 'kysely'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'

/**
 * Runs a query by COPY and gives its rows in PostgreSQL's binary form: bytes that nobody turns into texts, numbers and
 * objects before they are needed, several times as fast as the driver's rows. All of them are in memory at once, so a
 * query bounds them itself; the connection is free again when they are there.
 */
export async function copiedOut(pool: pg.Pool, query: CompiledQuery): Promise<Buffer> {
  const client = await pool.connect()
  let broken: boolean | undefined
  try {
    const chunks: Buffer[] = []
    for await (const chunk of client.query(copyTo(`copy (${withLiterals(query)}) to stdout (format binary)`))) {
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    // A statement that failed leaves the connection usable; one whose connection failed does not.
    broken = !(error instanceof pg.DatabaseError)
    throw error
  } finally {
    client.release(broken)
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
  if (!copied.subarray(0, signature.length).equals(signature)) throw new Error('This is no binary COPY.')
  // After the flags and an extension, which has had no content so far.
  let offset = signature.length + 8

  /** The length of the next column, or -1 for null; the offset then stands at its beginning. */
  function length(): number {
    offset += 4
    return copied.readInt32BE(offset - 4)
  }

  function skip(size: number): number {
    offset += size
    return offset - size
  }

  function textOrNull(): string | null {
    const size = length()
    return size < 0 ? null : copied.toString('utf8', skip(size), offset)
  }

  function timeOrNull(): Date | null {
    const size = length()
    if (size < 0) return null
    const at = skip(size)
    return new Date((copied.readInt32BE(at) * 2 ** 32 + copied.readUInt32BE(at + 4)) / 1000 + epochMs)
  }

  return {
    next() {
      offset += 2
      return copied.readInt16BE(offset - 2) >= 0
    },
    textOrNull,
    timeOrNull,
    text: () => present(textOrNull()),
    time: () => present(timeOrNull()),
    bytes: () => {
      const size = length()
      return copied.subarray(skip(size), offset)
    },
    integer: () => copied.readInt32BE(skip(length())),
    boolean: () => copied[skip(length())] === 1,
  }
}

function present<Value>(value: Value | null): Value {
  if (value === null) throw new Error('A column that always has a value had none.')
  return value
}
