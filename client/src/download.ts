import type { FileHandle } from 'node:fs/promises'
import type { FormgateClient } from './client.ts'
import { queryOf } from './connection.ts'
import type { ExportManifest, ExportQuery } from './exports.ts'
import { errorOf, FormgateError } from './formgate-error.ts'
import { type PartFile, partFileOf } from './part-file.ts'
import { networkError, sleep } from './patient-fetch.ts'

export type DownloadOptions = {
  /** Where the file goes. Until it is whole it is `NAME.part`, with `NAME.part.json` beside it. */
  output: string
  query?: ExportQuery
  /** An export in the background that is complete, instead of a new one. */
  exportId?: string
  /** Told of the bytes that are there, several times a second at the most. */
  onProgress?: (progress: { bytes: number }) => void
  /** Told when the connection was cut and it goes on. */
  onResume?: (fromByte: number) => void
  signal?: AbortSignal
}
export type Downloaded = {
  path: string
  bytes: number
  sha256: string
  /** Whether the server told a digest, and it is this file's. */
  verified: boolean
  rows: number | null
  watermark: string | null
}

type Download = { client: FormgateClient; part: PartFile; options: DownloadOptions; source: string }
type Started = { exportId: string | undefined; bytes: number }

/** So often in a row may a connection be cut without one more byte. */
const cutsMax = 6
/** So often may it begin anew because the server has forgotten what there was. */
const beginningsMax = 3
const pauseMs = 1000
const progressMs = 200
const manifestTries = 20

/**
 * Downloads an export to a file. When the connection is cut it goes on where it was, and so does a later call with the same
 * output and query. The file gets its name once it is whole and its SHA-256 is the one that the server tells.
 * @throws FormgateError `digest_mismatch` (nothing is kept), `network_error` (the part is kept), and what the server says
 */
export async function downloadExport(client: FormgateClient, options: DownloadOptions): Promise<Downloaded> {
  const part = partFileOf(options.output)
  const { baseUrl, formId } = client.connection
  const wanted = options.exportId ?? queryOf(options.query ?? {})
  const download: Download = { client, part, options, source: `${baseUrl} ${formId} ${wanted}` }
  const { exportId } = await readAll(download)
  const manifest = exportId === undefined ? undefined : await manifestOf(download, exportId)
  return finished(download, manifest)
}

/** Reads until the last byte, however often that takes a new connection. */
async function readAll(download: Download): Promise<Started> {
  let exportId = await knownExport(download)
  let begun = 0
  for (let cuts = 0; ; ) {
    const before = await download.part.size()
    const read = exportId === undefined ? await readNew(download) : await readMore(download, exportId, before)
    if (read.kind === 'whole') return read
    if (read.kind === 'gone') {
      begun += 1
      if (begun > beginningsMax) throw read.error
      await download.part.discard()
      exportId = undefined
      continue
    }
    exportId = read.exportId
    if (exportId === undefined) throw read.error
    cuts = read.bytes > before ? 1 : cuts + 1
    if (cuts > cutsMax) throw read.error
    await sleep(pauseMs * (cuts - 1), signalOf(download))
    download.options.onResume?.(read.bytes)
  }
}

type Read =
  | ({ kind: 'whole' } & Started)
  | { kind: 'gone'; error: FormgateError }
  | ({ kind: 'cut'; error: unknown } & Started)

async function knownExport({ part, source, options }: Download): Promise<string | undefined> {
  const known = await part.state(source)
  if (known) return known.exportId
  // What stands there is of another export.
  await part.discard()
  if (options.exportId !== undefined) await part.remember({ exportId: options.exportId, source })
  return options.exportId
}

async function readNew(download: Download): Promise<Read> {
  const { client, part, options, source } = download
  const { exportId, response } = await client.exports.open(options.query ?? {}, ownSignal(download))
  if (exportId !== undefined) await part.remember({ exportId, source })
  return write(download, exportId, response, 0)
}

async function readMore(download: Download, exportId: string, from: number): Promise<Read> {
  const response = await download.client.exports.resume(exportId, from, ownSignal(download))
  if (response.status === 206) return write(download, exportId, response, startOf(response) ?? from)
  // The whole again, from its beginning.
  if (response.status === 200) return write(download, exportId, response, 0)
  const error = await errorOf(response)
  if (response.status === 404 || response.status === 410) {
    if (download.options.exportId !== undefined) throw error
    return { kind: 'gone', error }
  }
  if (response.status !== 416) throw error
  const { resumeAt } = error.problem
  // Nothing follows the last byte: that is how a range beyond it is answered (RFC 9110 §15.5.17).
  if (typeof resumeAt !== 'number') return { kind: 'whole', exportId, bytes: from }
  if (resumeAt >= from || resumeAt < 0) throw error
  await (await download.part.openAt(resumeAt)).close()
  return { kind: 'cut', error, exportId, bytes: resumeAt }
}

/** Where a piece begins, by its Content-Range (RFC 9110 §14.4). */
function startOf({ headers }: Response): number | undefined {
  const found = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')
  return found ? Number(found[1]) : undefined
}

async function write(
  download: Download,
  exportId: string | undefined,
  response: Response,
  from: number,
): Promise<Read> {
  const size = await download.part.size()
  if (from > size)
    throw new FormgateError({ code: 'bad_range', detail: 'The server sent another piece than was asked for.' })
  const file = await download.part.openAt(from)
  let bytes = from
  try {
    for await (const written of writing(download, file, response, from)) bytes = written
    return { kind: 'whole', exportId, bytes }
  } catch (error) {
    signalOf(download)?.throwIfAborted()
    if (isOfDisk(error)) throw error
    return { kind: 'cut', error: networkError(error), exportId, bytes }
  } finally {
    await file.close()
  }
}

/** Puts the body into the file chunk by chunk; gives the bytes that are there. */
async function* writing(
  { options: { onProgress } }: Download,
  file: FileHandle,
  response: Response,
  from: number,
): AsyncGenerator<number> {
  let bytes = from
  let toldAt = 0
  for await (const chunk of response.body ?? []) {
    await writeWhole(file, chunk, bytes)
    bytes += chunk.length
    yield bytes
    if (Date.now() - toldAt < progressMs) continue
    toldAt = Date.now()
    onProgress?.({ bytes })
  }
  onProgress?.({ bytes })
}

/** A single write may take less than it was given. */
async function writeWhole(file: FileHandle, chunk: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    done += (await file.write(chunk, done, chunk.length - done, at + done)).bytesWritten
  }
}

/** A full disk and the like are no matter of the connection. */
function isOfDisk(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && ['write', 'open', 'ftruncate'].includes(String(error.syscall))
}

/** The manifest, once the server has closed it: that is a moment after the last byte. */
async function manifestOf(download: Download, exportId: string): Promise<ExportManifest> {
  for (let left = manifestTries; ; left -= 1) {
    const { exports } = download.client
    const manifest = await exports.manifest(exportId, ownSignal(download))
    const isComplete = manifest.status === 'complete'
    // An export that another container went on with has no digest of the whole, but of each of its pieces.
    if (isComplete && manifest.sha256 === null)
      return exports.manifest(exportId, { ...ownSignal(download), pieces: true })
    if (isComplete) return manifest
    if (left === 0 || (manifest.status !== 'running' && manifest.status !== 'broken')) {
      throw new FormgateError({
        code: 'export_failed',
        detail: `The server says of the export that it is ${manifest.status}.`,
      })
    }
    await sleep(pauseMs / 4, signalOf(download))
  }
}

async function finished({ part, options }: Download, manifest: ExportManifest | undefined): Promise<Downloaded> {
  const [bytes, sha256] = [await part.size(), await part.sha256()]
  if (manifest && !(await isWhat(manifest, part, bytes, sha256))) {
    await part.discard()
    throw new FormgateError({
      code: 'digest_mismatch',
      detail: 'What arrived is not what the server sent: its SHA-256 is another. Nothing was kept.',
    })
  }
  await part.finish()
  const { rows = null, watermark = null } = manifest ?? {}
  return { path: options.output, bytes, sha256, verified: manifest !== undefined, rows, watermark }
}

async function isWhat(manifest: ExportManifest, part: PartFile, bytes: number, sha256: string): Promise<boolean> {
  if (manifest.bytes !== bytes) return false
  if (manifest.sha256 !== null) return manifest.sha256 === sha256
  const { pieces = [] } = manifest
  if (pieces.reduce((sum, piece) => sum + piece.bytes, 0) !== bytes) return false
  for (const piece of pieces) if ((await part.sha256(piece)) !== piece.sha256) return false
  return true
}

function signalOf({ client, options }: Download): AbortSignal | null {
  return client.connection.signalWith(options.signal)
}

function ownSignal({ options: { signal } }: Download): { signal?: AbortSignal } {
  return signal ? { signal } : {}
}
