import type { Chunk } from './export-chunks.ts'
import type { ExportColumns } from './export-columns.ts'
import { isOneFile } from './export-formats.ts'
import type { Batch, ExportRow } from './exports.queries.ts'
import type { ExportForm } from './metadata.ts'
import { pieceWriter } from './piece-writer.ts'
import type { Writing } from './row-writer.ts'

/** Formats whose bytes hang together: they have an index at their end, or are compressed as a whole. */
export type FileWriting = {
  format: 'xlsx' | 'parquet'
  form: ExportForm
  columns: ExportColumns
  header: 'name' | 'label'
}

/** Loaded when they are asked for: their libraries would be most of what a thread for the other formats takes. */
const writers = {
  xlsx: async () => (await import('./xlsx.ts')).xlsxBytes,
  parquet: async () => (await import('./parquet.ts')).parquetBytes,
}

export function isFile(writing: Writing): writing is FileWriting {
  return isOneFile(writing.format)
}

/** The bytes of such an export, as a single piece: it can be taken up again only by making it anew. */
export async function* fileChunks(batches: AsyncIterable<Batch>, writing: FileWriting): AsyncGenerator<Chunk> {
  const { format, form, columns, header } = writing
  const rows = rowsCounted(batches)
  const piece = pieceWriter()
  let told = 0

  function taken() {
    const since = rows.count() - told
    told += since
    return { bytes: piece.take(), rows: since }
  }

  const bytesOf = await writers[format]()
  for await (const written of bytesOf(rows.batches, columns, form, { header })) {
    // Copied: the reader takes the memory of a chunk away, and the libraries use theirs again.
    piece.out.bytes(written)
    if (piece.out.isFull()) yield taken()
  }
  const rest = taken()
  yield { ...rest, piece: { ...piece.sum(), rows: rows.count(), last: undefined, isFinal: true } }
}

function rowsCounted(all: AsyncIterable<Batch>) {
  let count = 0
  async function* batches(): AsyncGenerator<ExportRow[]> {
    for await (const { rows } of all) {
      count += rows.length
      yield rows
    }
  }
  return { batches: batches(), count: () => count }
}
