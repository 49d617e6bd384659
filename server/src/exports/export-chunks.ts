import type { Database } from '../db/database.ts'
import { type ExportRow, type ExportScope, type Place, submissionsToExport } from './exports.queries.ts'
import { pieceWriter } from './piece-writer.ts'
import { type RowWriter, rowWriterFor, type Writing } from './row-writer.ts'
import { fileChunks, isFile } from './whole-files.ts'

/** All that decides an export's bytes, beside the rows. It can be stored as JSON and sent to another thread. */
export type ExportJob = { scope: ExportScope; writing: Writing }

/** The bytes of rows that were read at once: an export can be taken up again at the beginning of each. */
export type Piece = {
  rows: number
  bytes: number
  /** Of its bytes, in hex. */
  sha256: string
  /** The last row in it or, when it has none, before it. */
  last: Place | undefined
  /** Whether the export ends with it. */
  isFinal: boolean
}

export type Chunk = {
  bytes: Buffer<ArrayBuffer>
  /** How many rows were written since the chunk before; without it a piece tells. */
  rows?: number
  /** The last chunk of a piece tells about it. */
  piece?: Piece
}

/** Where to take an export up. */
export type Resumption = {
  /** Where the piece begins. */
  firstByte: number
  /** The last row before the piece; undefined for the first one. */
  after: Place | undefined
  /** How many of the piece's bytes are there already. */
  skip: number
  /** What the piece was; undefined when none of its bytes are there. */
  sha256: string | undefined
}

/** A piece that is there in part is not what it was any more: one of its rows was changed meanwhile. */
export class PieceChanged extends Error {
  static readonly code = 'EXPORT_PIECE_CHANGED'
  readonly code = PieceChanged.code
}

type Source = Pick<Database, 'db' | 'pool'>
/** Gives the same chunks as often as it is called. */
type Write = () => AsyncGenerator<Chunk>

export type ChunksOptions = {
  /** Where an export that broke goes on. */
  from?: Resumption | undefined
  /** Sees all bytes, those too that are skipped. */
  onBytes(bytes: Uint8Array): void
}

/** The bytes of an export, from its beginning or from where it broke. @throws PieceChanged before the first chunk */
export async function* exportChunks(
  source: Source,
  job: ExportJob,
  { from, onBytes }: ChunksOptions,
): AsyncGenerator<Chunk> {
  let skip = from?.skip ?? 0
  for await (const write of piecesOf(source, job, from?.after)) {
    if (skip > 0 && (await digestOf(write())) !== from?.sha256) throw new PieceChanged('A row was changed meanwhile.')
    for await (const chunk of write()) {
      onBytes(chunk.bytes)
      const skipped = Math.min(skip, chunk.bytes.length)
      skip -= skipped
      yield skipped > 0 ? { ...chunk, bytes: copyFrom(chunk.bytes, skipped) } : chunk
    }
  }
}

/** The reader takes a chunk's memory away: it holds nothing else, and is no part of a pool that Node shares. */
function copyFrom(bytes: Buffer, start: number): Buffer<ArrayBuffer> {
  const copy = Buffer.allocUnsafeSlow(bytes.length - start) as Buffer<ArrayBuffer>
  bytes.copy(copy, 0, start)
  return copy
}

/** Rows are read ahead by one batch, so that the database works while others are written. */
async function* piecesOf(source: Source, { scope, writing }: ExportJob, after?: Place): AsyncGenerator<Write> {
  if (isFile(writing)) {
    yield () => fileChunks(submissionsToExport(source, scope), writing)
    return
  }
  const writer = rowWriterFor(writing)
  let last = after
  for await (const { rows, isLast } of submissionsToExport(source, scope, after)) {
    const before = last
    last = placeOf(rows) ?? before
    const place = last
    yield () => chunksOf(writer, { rows, before, last: place, isFinal: isLast })
    if (await isLast()) return
  }
  const place = last
  yield () => chunksOf(writer, { rows: [], before: place, last: place, isFinal: async () => true })
}

type PieceRows = {
  rows: ExportRow[]
  /** The row before the piece; undefined when the export begins with it. */
  before: Place | undefined
  last: Place | undefined
  isFinal(): Promise<boolean>
}

async function* chunksOf(writer: RowWriter, { rows, before, last, isFinal }: PieceRows): AsyncGenerator<Chunk> {
  const piece = pieceWriter()
  const { out } = piece
  const isFirst = before === undefined
  if (isFirst) writer.begin(out)
  for (const _ of writer.rows(out, rows, isFirst)) yield { bytes: piece.take() }
  const final = await isFinal()
  if (final) writer.end(out)
  const bytes = piece.take()
  yield { bytes, piece: { ...piece.sum(), rows: rows.length, last, isFinal: final } }
}

function placeOf(rows: ExportRow[]): Place | undefined {
  const last = rows.at(-1)
  return last && { createdAt: last.created_at, id: last.id }
}

async function digestOf(chunks: AsyncIterable<Chunk>): Promise<string | undefined> {
  let sha256: string | undefined
  for await (const { piece } of chunks) sha256 = piece?.sha256
  return sha256
}
