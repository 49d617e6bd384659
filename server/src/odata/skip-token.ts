import { isUuid } from '../http/uuid.ts'
import { problems } from '../problem.ts'

/** A place in a list of entities: right behind one of them. */
export type SkipToken = {
  /** Of its submission. */
  createdAt: Date
  id: string
  /** The numbers of its row, for a grid. */
  rows: number[]
  /** What the list is ordered by first, as texts. */
  keys: (string | null)[]
  /** What the first page was asked to hold at most, which holds for the next ones too. */
  pageSize: number | undefined
}

type Written = [createdAt: number, id: string, rows: number[], keys: (string | null)[], pageSize?: number]

export function skipTokenOf({ createdAt, id, rows, keys, pageSize }: SkipToken): string {
  const written: Written = [
    createdAt.getTime(),
    id,
    rows,
    keys,
    ...(pageSize === undefined ? [] : [pageSize]),
  ] as Written
  return Buffer.from(JSON.stringify(written)).toString('base64url')
}

/** @throws Problem 400 `invalid_query` for what no reply of ours ever held */
export function skipTokenIn(text: string): SkipToken {
  const written = parsed(text)
  if (!isWritten(written)) {
    throw problems.invalidQuery([{ path: '$skiptoken', message: 'must be taken from an @odata.nextLink as it is' }])
  }
  const [createdAt, id, rows, keys, pageSize] = written
  return { createdAt: new Date(createdAt), id, rows, keys, pageSize }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** Years that PostgreSQL knows, by far. */
const timeMax = 8_000_000_000_000
const numberMax = 2 ** 31

function isWritten(value: unknown): value is Written {
  if (!Array.isArray(value) || value.length < 4 || value.length > 5) return false
  const [createdAt, id, rows, keys, pageSize = 1] = value as unknown[]
  return (
    isNumber(createdAt, -timeMax, timeMax) &&
    typeof id === 'string' &&
    isUuid(id) &&
    Array.isArray(rows) &&
    rows.every((row) => isNumber(row, 0, numberMax)) &&
    Array.isArray(keys) &&
    keys.every((key) => key === null || (typeof key === 'string' && !key.includes('\u0000'))) &&
    isNumber(pageSize, 1, numberMax)
  )
}

function isNumber(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= max
}
