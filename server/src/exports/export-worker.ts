import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../db/database.ts'
import { type Chunk, exportChunks } from './export-chunks.ts'
import { brokenDigests, type Digest, openDigest } from './export-digest.ts'
import type { FromWorker, ToWorker, WorkerData } from './export-threads.ts'

/** Writes exports in a thread of its own: the server's thread answers other calls meanwhile. */

// On Linux each thread has a nice value, and 0 means the one that asks: calls that somebody waits for come first, and on a
// busy machine a quarter of a processor is left.
if (process.platform === 'linux') setPriority(0, 5)

// What the thread was started with.
const { databaseUrl } = workerData as WorkerData
/** So many batches are read at a time, whatever the number of exports: the database is there for others too. */
const database = openDatabase(databaseUrl, 2, { applicationName: 'formgate-exports' })

type Running = {
  exportId: string
  chunks: AsyncGenerator<Chunk>
  digest: Digest
  /** Chunks that the reader has room for. */
  wanted: number
  busy: boolean
}
const running = new Map<number, Running>()
const digests = brokenDigests()

parentPort?.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'start': {
      const { id, exportId, job, from } = message
      const digest = from ? digests.takeUp(exportId, from.firstByte) : openDigest()
      const chunks = exportChunks(database, job, { from, onBytes: digest.update })
      running.set(id, { exportId, chunks, digest, wanted: 0, busy: false })
      return
    }
    case 'next': {
      const export_ = running.get(message.id)
      if (!export_) return
      export_.wanted += 1
      void send(message.id, export_)
      return
    }
    case 'stop': {
      const stopped = running.get(message.id)
      running.delete(message.id)
      if (!stopped) return
      digests.keep(stopped.exportId, stopped.digest)
      void stopped.chunks.return(undefined)
      return
    }
  }
})

/** As many chunks as the reader has room for; each one gives other exports their turn. */
async function send(id: number, export_: Running): Promise<void> {
  if (export_.busy) return
  export_.busy = true
  try {
    while (export_.wanted > 0 && running.has(id)) {
      export_.wanted -= 1
      const { value, done } = await export_.chunks.next()
      if (done) return finish(id, export_)
      if (value.piece) export_.digest.pieceEnded()
      post({ kind: 'chunk', id, ...value }, [value.bytes.buffer])
    }
  } catch (error) {
    fail(id, error)
  } finally {
    export_.busy = false
  }
}

function finish(id: number, { digest }: Running): void {
  running.delete(id)
  post({ kind: 'end', id, sha256: digest.hex() })
}

function fail(id: number, error: unknown): void {
  running.delete(id)
  // Of an error only its message would arrive.
  const { message = String(error), code } = error as { message?: string; code?: string }
  post({ kind: 'failed', id, message, code })
}

function post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer)
}
