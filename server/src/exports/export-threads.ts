import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { recentMap } from '../recent-map.ts'
import type { Chunk, ExportJob, Resumption } from './export-chunks.ts'

export type WorkerData = { databaseUrl: string }
export type ToWorker =
  | { kind: 'start'; id: number; exportId: string; job: ExportJob; from: Resumption | undefined }
  | { kind: 'next' | 'stop'; id: number }
export type FromWorker =
  | ({ kind: 'chunk'; id: number } & Chunk)
  | { kind: 'end'; id: number; sha256: string | undefined }
  | { kind: 'failed'; id: number; message: string; code: string | undefined }

/** What an export gives: chunks and, when it ended well, what all of them amount to. */
export type ExportStream = {
  chunks: AsyncGenerator<Chunk>
  /** SHA-256 of all bytes in hex; undefined before the end, and when it went on where nobody here knew the bytes before. */
  sha256(): string | undefined
}

export type ExportThreads = {
  /** @param from where an export that broke goes on */
  start(exportId: string, job: ExportJob, from?: Resumption): ExportStream
  close(): Promise<void>
}

/** One for every two processors, for the database needs the others; two at least, for one row can keep a thread busy for long. */
const threadsMax = Math.max(2, Math.min(4, Math.floor(availableParallelism() / 2)))
/** Chunks of an export on their way to its reader, so that neither waits for the other. */
const ahead = 2
const homesKept = 1_000

/** Runs exports in threads that are started when they are first needed. */
export function exportThreads(databaseUrl: string): ExportThreads {
  const threads = new Set<Thread>()
  const homes = recentMap<string, Thread>(homesKept)
  let nextId = 0

  function leastBusy(): Thread {
    const [least] = [...threads].sort((one, other) => one.exports.size - other.exports.size)
    if (least && (least.exports.size === 0 || threads.size >= threadsMax)) return least
    const thread = openThread(databaseUrl, () => threads.delete(thread))
    threads.add(thread)
    return thread
  }

  /** What broke goes on where its digest is. */
  function homeOf(exportId: string): Thread | undefined {
    const home = homes.get(exportId)
    return home && threads.has(home) ? home : undefined
  }

  return {
    start(exportId, job, from) {
      const id = nextId++
      const mail = mailbox()
      const begin = () => {
        const thread = homeOf(exportId) ?? leastBusy()
        homes.set(exportId, thread)
        thread.exports.set(id, mail)
        thread.post({ kind: 'start', id, exportId, job, from })
        for (let count = 0; count < ahead; count += 1) thread.post({ kind: 'next', id })
        return thread
      }
      return { chunks: received(begin, mail, id), sha256: mail.sha256 }
    },
    close: async () => void (await Promise.all([...threads].map((thread) => thread.worker.terminate()))),
  }
}

/** Nothing runs before the first chunk is asked for. */
async function* received(begin: () => Thread, mail: Mailbox, id: number): AsyncGenerator<Chunk> {
  const thread = begin()
  try {
    for (;;) {
      const chunk = await mail.next()
      if (!chunk) return
      thread.post({ kind: 'next', id })
      yield chunk
    }
  } finally {
    thread.exports.delete(id)
    thread.post({ kind: 'stop', id })
    thread.rest()
  }
}

type Thread = {
  worker: Worker
  exports: Map<number, Mailbox>
  post(message: ToWorker): void
  /** Lets the process end when nothing runs. */
  rest(): void
}

function openThread(databaseUrl: string, gone: () => void): Thread {
  const data: WorkerData = { databaseUrl }
  const worker = new Worker(new URL('./export-worker.ts', import.meta.url), {
    workerData: data,
    execArgv: [],
    // Chunks lie outside of this heap; a young generation that is small is collected before it takes memory.
    resourceLimits: { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 8 },
  })
  const exports = new Map<number, Mailbox>()
  const failAll = (error: Error) => {
    gone()
    for (const mail of exports.values()) mail.fail(error)
  }
  worker.on('message', (message: FromWorker) => exports.get(message.id)?.take(message))
  worker.on('error', failAll)
  worker.on('exit', () => failAll(new Error('The thread that wrote this export ended.')))
  return {
    worker,
    exports,
    post: (message) => {
      worker.ref()
      worker.postMessage(message)
    },
    rest: () => {
      if (exports.size === 0) worker.unref()
    },
  }
}

type Mailbox = {
  take(message: FromWorker): void
  fail(error: Error): void
  /** The next chunk, once it is there; undefined after the last. */
  next(): Promise<Chunk | undefined>
  sha256(): string | undefined
}

function mailbox(): Mailbox {
  const chunks: Chunk[] = []
  let ended = false
  let error: Error | undefined
  let sha256: string | undefined
  let wake: (() => void) | undefined

  function changed(): void {
    wake?.()
    wake = undefined
  }

  return {
    take(message) {
      if (message.kind === 'chunk') chunks.push(chunkIn(message))
      else if (message.kind === 'failed') error = Object.assign(new Error(message.message), { code: message.code })
      else {
        sha256 = message.sha256
        ended = true
      }
      changed()
    },
    fail(failure) {
      error ??= failure
      changed()
    },
    async next() {
      while (chunks.length === 0 && !ended && !error) await new Promise<void>((resolve) => (wake = resolve))
      const chunk = chunks.shift()
      if (!chunk && error) throw error
      return chunk
    },
    sha256: () => sha256,
  }
}

function chunkIn({ bytes, rows, piece }: Chunk): Chunk {
  return { bytes: asBuffer(bytes), ...(rows === undefined ? {} : { rows }), ...(piece ? { piece } : {}) }
}

/** What arrives from another thread is a plain array of bytes. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Buffer<ArrayBuffer> {
  return Buffer.from(buffer, byteOffset, byteLength)
}
