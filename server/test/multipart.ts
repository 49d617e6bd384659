import type { LightMyRequestResponse } from 'fastify'
import type { Api, As } from './harness.ts'

export type Part = { field?: string; name?: string | undefined; type?: string; content?: string | Buffer }

const boundary = 'x-formgate-boundary'
export const multipartType = `multipart/form-data; boundary=${boundary}`

/** A multipart body (RFC 7578), its names word for word. */
export function multipartBody(...parts: Part[]): Buffer {
  return Buffer.concat([...parts.flatMap(encoded), Buffer.from(`--${boundary}--\r\n`)])
}

function encoded({ field = 'files', name, type, content = 'content' }: Part): Buffer[] {
  const disposition = `form-data; name="${field}"${name === undefined ? '' : `; filename="${name}"`}`
  const head = `--${boundary}\r\nContent-Disposition: ${disposition}\r\n${type === undefined ? '' : `Content-Type: ${type}\r\n`}\r\n`
  return [Buffer.from(head), Buffer.from(content), Buffer.from('\r\n')]
}

export type UploadOptions = { as?: As; ip?: string; headers?: Record<string, string> }

/** Uploads one file, or whatever parts are given. */
export function upload(
  api: Api,
  formId: string,
  parts: Part | Part[] = {},
  { as, ip = '192.0.2.1', headers = {} }: UploadOptions = {},
): Promise<LightMyRequestResponse> {
  return api.call('POST', '/files', {
    as,
    query: { formId },
    headers: { 'content-type': multipartType, 'x-forwarded-for': ip, ...headers },
    body: multipartBody(...[parts].flat().map((each) => ({ name: 'photo.png', type: 'image/png', ...each }))),
  })
}

/** A file's answer, as CHEFS's file component stores it. */
export function fileAnswer({ id, originalName, size }: { id: string; originalName: string; size: number }) {
  return [{ originalName, name: originalName, size, storage: 'chefs', url: `/app/api/v1/files/${id}`, data: { id } }]
}
