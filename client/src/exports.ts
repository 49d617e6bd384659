import { apiPrefix, type Connection, queryOf } from './connection.ts'
import { FormgateError } from './formgate-error.ts'
import { sleep } from './patient-fetch.ts'
import type { components, paths } from './schema.ts'
import { initOf } from './submissions.ts'

type Operation = paths['/app/api/v1/forms/{formId}/export']['get']
/** Format, layout and filters of an export, as the API takes them. */
export type ExportQuery = NonNullable<Operation['parameters']['query']>

/** What a whole export is; its `watermark` is a cursor of the change feed from which a copy of it goes on. */
export type ExportManifest = components['schemas']['ExportManifest']
/** How far an export in the background is. */
export type ExportStatus = components['schemas']['BackgroundExport']
export type WaitOptions = { signal?: AbortSignal; onProgress?: (status: ExportStatus) => void; pollMs?: number }

/** A reply whose body is the export, from some byte on. */
export type ExportPiece = { exportId: string | undefined; response: Response }

export type Exports = {
  /** Begins an export; its body is the text. A cut connection is an error while reading: `downloadExport` goes on by itself. */
  open(query: ExportQuery, options?: { signal?: AbortSignal }): Promise<ExportPiece>
  /** The rest of an export from a byte on, whatever the status of the reply. */
  resume(exportId: string, fromByte: number, options?: { signal?: AbortSignal }): Promise<Response>
  /** @param options `pieces` adds the digests of its parts */
  manifest(exportId: string, options?: { signal?: AbortSignal; pieces?: boolean }): Promise<ExportManifest>
  /** Asks for an export in the background. */
  start(query: ExportQuery, options?: { signal?: AbortSignal }): Promise<ExportStatus>
  status(exportId: string, options?: { signal?: AbortSignal }): Promise<ExportStatus>
  /** Waits until one in the background is there. @throws FormgateError `export_failed` */
  wait(exportId: string, options?: WaitOptions): Promise<ExportStatus>
}

const pollMs = 2000

export function exportsOf(connection: Connection): Exports {
  const path = `/forms/${encodeURIComponent(connection.formId)}/export`
  const at = (exportId: string, part = '') => `${path}/${encodeURIComponent(exportId)}${part}`

  async function status(exportId: string, { signal }: { signal?: AbortSignal } = {}): Promise<ExportStatus> {
    return (await connection.json<ExportStatus>(at(exportId), initOf(signal))).value
  }

  return {
    status,
    async open(query, { signal } = {}) {
      const response = await connection.send(path + queryOf(query), initOf(signal))
      return { response, exportId: exportIdIn(response.headers.get('content-location')) }
    },
    resume(exportId, fromByte, { signal } = {}) {
      // A range counts the bytes of the coding, so none is taken.
      const headers = { range: `bytes=${fromByte}-`, 'accept-encoding': 'identity' }
      return connection.sendRaw(at(exportId, '/file'), { ...initOf(signal), headers })
    },
    async manifest(exportId, { signal, pieces } = {}) {
      const path = at(exportId, `/manifest${queryOf({ pieces })}`)
      return (await connection.json<ExportManifest>(path, initOf(signal))).value
    },
    async start(query, { signal } = {}) {
      const init = { ...initOf(signal), method: 'POST', headers: { 'content-type': 'application/json' } }
      return (await connection.json<ExportStatus>(path, { ...init, body: JSON.stringify(query) })).value
    },
    async wait(exportId, { signal, onProgress, pollMs: everyMs = pollMs } = {}) {
      for (;;) {
        const now = await status(exportId, signal ? { signal } : {})
        onProgress?.(now)
        if (now.status === 'complete') return now
        if (now.status !== 'waiting' && now.status !== 'running') {
          throw new FormgateError({
            code: `export_${now.status}`,
            detail: `The server says of the export that it is ${now.status}.`,
          })
        }
        await sleep(everyMs, connection.signalWith(signal))
      }
    },
  }
}

/**
 * The id in `Content-Location: …/export/{exportId}/file`. Only the id is taken of it: the key goes to the server that we
 * were given, whatever address a reply names.
 */
export function exportIdIn(location: string | null): string | undefined {
  const found = new RegExp(`^(?:https?://[^/]+)?[^?#]*${apiPrefix}/forms/[^/]+/export/([\\w-]+)(?:/file)?$`).exec(
    location ?? '',
  )
  return found?.[1]
}
