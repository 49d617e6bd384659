import { Readable } from 'node:stream'
import type { Db } from '../db/database.ts'
import { type FileStorage, storageNameOf } from '../files/file-storage.ts'
import type { Attempt, Jobs } from '../jobs/jobs.ts'
import type { Chunk } from './export-chunks.ts'
import {
  beginBackground,
  type ExportRecord,
  expectRows,
  expiredFiles,
  insertExport,
  jobOfExport,
  markExpired,
  type NewExport,
  noteProgress,
  setStatus,
} from './export-records.queries.ts'
import type { ExportThreads } from './export-threads.ts'
import { countRows } from './exports.queries.ts'

/** Makes exports beside the requests and keeps them as files. */
export type BackgroundExports = {
  add(asked: NewExport): Promise<ExportRecord>
  /** Removes the file of an export, and what it takes to make it again. */
  remove(row: Pick<ExportRecord, 'id' | 'storage_name'>): Promise<void>
  /** Removes the files of exports that are kept no longer. */
  removeExpired(): Promise<void>
}

type Deps = { db: Db; jobs: Jobs; storage: FileStorage; threads: ExportThreads; warn(message: string): void }

const queue = 'export'
const noteEveryMs = 1_000
/** Of a disk that others write to as well. */
const maxBytes = 100 * 1024 ** 3

export function backgroundExports(deps: Deps): BackgroundExports {
  const { db, jobs, storage } = deps

  async function remove({ id, storage_name }: Pick<ExportRecord, 'id' | 'storage_name'>): Promise<void> {
    if (storage_name) await storage.remove(storage_name)
    await markExpired(db, id)
  }

  jobs.work<{ exportId: string }>(queue, (data, attempt) => makeFile(deps, data.exportId, attempt))
  return {
    async add(asked) {
      const row = await insertExport(db, asked)
      await jobs.add(queue, { exportId: row.id })
      return row
    },
    remove,
    async removeExpired() {
      for (const row of await expiredFiles(db)) await remove(row)
    },
  }
}

/** An attempt begins anew: a server that was killed leaves half a file at the most, under a name that is written again. */
async function makeFile(deps: Deps, exportId: string, attempt: Attempt): Promise<void> {
  const { db, storage, threads } = deps
  const storageName = storageNameOf(exportId)
  if (!(await beginBackground(db, exportId, storageName))) return
  const job = await jobOfExport(db, exportId)
  if (!job) return
  await expectRows(db, exportId, await countRows(db, job.scope))
  const stream = threads.start(exportId, job)
  const progress = progressOf(db, exportId)
  try {
    await storage.write(
      storageName,
      Readable.from(counted(stream.chunks, progress, attempt.signal), { objectMode: false }),
      maxBytes,
    )
    await progress.note('complete', stream.sha256())
    // Cancelled at the last moment: nobody may have the file.
    if (progress.isCancelled()) await storage.remove(storageName)
  } catch (error) {
    await storage.remove(storageName)
    if (progress.isCancelled()) return
    await setStatus(db, exportId, attempt.isLast ? 'failed' : 'waiting')
    throw error
  }
}

type Counting = ReturnType<typeof progressOf>

function progressOf(db: Db, exportId: string) {
  let rows = 0
  let bytes = 0
  let goesOn = true
  let notedAt = 0
  async function note(status: 'running' | 'complete', sha256?: string): Promise<void> {
    notedAt = performance.now()
    goesOn = await noteProgress(db, exportId, [], { status, rows, bytes, sha256 })
  }
  return {
    note,
    isCancelled: () => !goesOn,
    async add(chunk: Chunk): Promise<void> {
      bytes += chunk.bytes.length
      rows += chunk.rows ?? chunk.piece?.rows ?? 0
      if (performance.now() - notedAt > noteEveryMs) await note('running')
    },
  }
}

async function* counted(chunks: AsyncIterable<Chunk>, progress: Counting, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    signal.throwIfAborted()
    await progress.add(chunk)
    if (progress.isCancelled()) throw new Error('The export was cancelled.')
    yield chunk.bytes
  }
}
