import { createHash } from 'node:crypto'
import { byteWriter } from './byte-writer.ts'
import type { Chunk } from './export-chunks.ts'
import type { ExportColumns } from './export-columns.ts'
import type { Batch, ExportRow } from './exports.queries.ts'
import type { ExportForm } from './metadata.ts'
import { parquetBytes } from './parquet.ts'
import { xlsxBytes } from './xlsx.ts'

/** Formats whose bytes hang together: they have an index at their end, or are compressed as a whole. */
export type FileWriting = {
  format: 'xlsx' | 'parquet'
  form: ExportForm
  columns: ExportColumns
  header: 'name' | 'label'
}

const writers = { xlsx: xlsxBytes, parquet: parquetBytes }

export function isFile(writing: { format: string }): writing is FileWriting {
  return Object.hasOwn(writers, writing.format)
}

/** The bytes of such an export, as a single piece: it can be taken up again only by making it anew. */
export async function* fileChunks(batches: AsyncIterable<Batch>, writing: FileWriting): AsyncGenerator<Chunk> {
  const { format, form, columns, header } = writing
  const rows = rowsCounted(batches)
  const out = byteWriter()
  const hash = createHash('sha256')
  let bytes = 0
  let told = 0

  function taken() {
    const chunk = out.take()
    hash.update(chunk)
    bytes += chunk.length
    const since = rows.count() - told
    told += since
    return { bytes: chunk, rows: since }
  }

  for await (const written of writers[format](rows.batches, columns, form, { header })) {
    // Copied: the reader takes the memory of a chunk away, and the libraries use theirs again.
    out.bytes(written)
    if (out.isFull()) yield taken()
  }
  const rest = taken()
  const piece = { rows: rows.count(), bytes, sha256: hash.digest('hex'), last: undefined, isFinal: true }
  yield { ...rest, piece }
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
