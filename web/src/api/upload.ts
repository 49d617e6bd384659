import type { UploadedFile } from '../frame/protocol.ts'
import { ApiProblem, problemOf, unreachable } from './problem.ts'

/** A stored file; with a token for whoever uploads without a session. */
export type StoredFile = UploadedFile & { _accessToken?: string }

export function uploadAddress(formId: string): string {
  return `/app/api/v1/files?formId=${encodeURIComponent(formId)}`
}

export function uploadBody(file: File): FormData {
  const body = new FormData()
  body.append('files', file, file.name)
  return body
}

/**
 * Uploads by XMLHttpRequest, for it alone tells how far an upload is. It always takes the session along.
 * @throws ApiProblem
 */
export function uploadWithProgress(
  formId: string,
  file: File,
  progress: (loaded: number, total: number) => void,
): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', uploadAddress(formId))
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => progress(loaded, total)
    request.onerror = () => reject(new ApiProblem(unreachable))
    request.onload = () => {
      if (request.status === 201) return resolve(request.response)
      const headers = { 'retry-after': request.getResponseHeader('retry-after') ?? '' }
      reject(problemOf(new Response(null, { status: request.status, headers }), request.response))
    }
    request.send(uploadBody(file))
  })
}
