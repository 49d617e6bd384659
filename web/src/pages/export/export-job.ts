import { useSyncExternalStore } from 'react'
import { contentTypes } from '../../../../server/src/exports/export-formats.ts'
import { call } from '../../api/client.ts'
import { ApiProblem, problemOf } from '../../api/problem.ts'
import type { ExportFormat, ExportRequest } from './export-choice.ts'
import { type FileSink, openSink, TooLargeForMemory } from './file-sink.ts'
import { rowCounter } from './row-counter.ts'

type Progress = {
  /** Undefined where they cannot be counted on the way. */
  rows: number | undefined
  bytes: number
  format: ExportFormat
  fileName: string
  total: number | undefined
}
export type ExportJob =
  | ({ kind: 'running'; cancel(): void } & Progress)
  | ({ kind: 'done'; at: string } & Progress)
  | ({ kind: 'cancelled' } & Progress)
  | ({ kind: 'failed'; why: 'cut' | 'memory' | 'disk' | 'refused'; error: unknown } & Progress)

type Order = {
  formId: string
  request: ExportRequest
  format: ExportFormat
  fileName: string
  total: number | undefined
}

/** The last export of each form. It goes on while one looks at other pages, and is found again. */
const jobs = new Map<string, ExportJob>()
const listeners = new Set<() => void>()

export function useExportJob(formId: string): ExportJob | undefined {
  return useSyncExternalStore(subscribe, () => jobs.get(formId))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function tell(formId: string, job: ExportJob): void {
  jobs.set(formId, job)
  for (const listener of listeners) listener()
}

const shownEveryMs = 200

/** Exports into a file. Has to be called by a click: browsers ask for the file only then. */
export async function startExport(order: Order): Promise<void> {
  const { formId, format, fileName, total } = order
  const progress: Progress = { rows: rowCounter(format).rows, bytes: 0, format, fileName, total }
  const stopping = new AbortController()
  let sink: FileSink | undefined
  try {
    sink = await openSink(fileName, contentTypes[format])
    if (!sink) return
    window.addEventListener('beforeunload', warn)
    tell(formId, { ...progress, kind: 'running', cancel: () => stopping.abort() })
    await stream(order, sink, progress, stopping)
    await inFileSystem(sink.close())
    tell(formId, { ...progress, kind: 'done', at: new Date().toISOString() })
  } catch (error) {
    await sink?.abort()
    tell(formId, stopping.signal.aborted ? { ...progress, kind: 'cancelled' } : failed(progress, error))
  } finally {
    window.removeEventListener('beforeunload', warn)
  }
}

async function stream(order: Order, sink: FileSink, progress: Progress, stopping: AbortController): Promise<void> {
  const { formId, request, format } = order
  const response = await call(requestOf(request, stopping.signal))
  if (!response.ok) throw problemOf(response, await response.json().catch(() => undefined))
  const reader = response.body?.getReader()
  if (!reader) return
  const counter = rowCounter(format)
  let shownAt = 0
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      counter.push(part.value)
      progress.bytes += part.value.length
      progress.rows = counter.rows
      await inFileSystem(sink.write(part.value))
      if (Date.now() - shownAt < shownEveryMs) continue
      shownAt = Date.now()
      tell(formId, { ...progress, kind: 'running', cancel: () => stopping.abort() })
    }
  } finally {
    // When the disk is full, what the server still sends is wanted no more; once all has come this does nothing.
    await reader.cancel().catch(() => undefined)
  }
}

function requestOf(request: ExportRequest, signal: AbortSignal): Request {
  if (request.method === 'GET') return new Request(request.url, { signal })
  const headers = { 'content-type': 'application/json' }
  return new Request(request.url, { method: 'POST', headers, body: request.body, signal })
}

class DiskFailed extends Error {}

/** Tells a full disk from a lost connection. */
async function inFileSystem(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    throw error instanceof TooLargeForMemory ? error : new DiskFailed(String(error))
  }
}

function failed(progress: Progress, error: unknown): ExportJob {
  const why =
    error instanceof ApiProblem
      ? 'refused'
      : error instanceof TooLargeForMemory
        ? 'memory'
        : error instanceof DiskFailed || error instanceof DOMException
          ? 'disk'
          : 'cut'
  return { ...progress, kind: 'failed', why, error }
}

/** Leaving the app would end the export. */
function warn(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
