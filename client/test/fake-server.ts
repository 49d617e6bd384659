import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown
export type FakeServer = {
  url: string
  /** Method, address, and the range that was asked for. */
  calls: string[]
  requests: IncomingMessage[]
  close(): Promise<void>
}

/** A server on this machine that answers what a test wants. */
export async function fakeServer(handler: Handler): Promise<FakeServer> {
  const calls: string[] = []
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    const range = request.headers.range ? ` ${request.headers.range}` : ''
    calls.push(`${request.method} ${request.url?.replace('/app/api/v1', '')}${range}`)
    requests.push(request)
    handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // no pipe, so it has a port
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export function sendJson(response: ServerResponse, body: unknown, status = 200, headers: object = {}): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body))
}

export const formId = '0f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d'
export const apiKey = 'fg_live_secret'
export const exportPath = `/app/api/v1/forms/${formId}/export`

export type ExportBehaviour = {
  /** The whole export. */
  body: Buffer
  /** After how many bytes of the export each connection is cut, one after another; none when the list is at its end. */
  cutAt?: number[]
  sha256?: string
  /** No digest of the whole, but of pieces of so many bytes. */
  pieces?: number
  /** Where to go on instead, once: the bytes before the first range that is asked for have changed meanwhile. */
  changed?: { resumeAt: number }
  /** Answers to a range instead of 206. */
  onRange?: (response: ServerResponse) => void
  /** Whether the server knows exports by their ids. */
  named?: boolean
}

const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

function piecesOf(body: Buffer, size: number) {
  return Array.from({ length: Math.ceil(body.length / size) }, (_, place) => {
    const bytes = body.subarray(place * size, (place + 1) * size)
    return { firstByte: place * size, bytes: bytes.length, rows: 1, sha256: sha256Of(bytes) }
  })
}

/** An export as the server serves it, with what goes wrong on the way. */
export function exportServer(behaviour: ExportBehaviour): Promise<FakeServer> {
  const { body, named = true } = behaviour
  const cuts = [...(behaviour.cutAt ?? [])]
  let { changed } = behaviour

  function send(response: ServerResponse, from: number): void {
    const cut = cuts.shift()
    if (cut === undefined) response.end(body.subarray(from))
    else response.write(body.subarray(from, cut), () => setTimeout(() => response.destroy(), 100))
  }

  return fakeServer(({ url = '', headers }, response) => {
    if (url.includes('/manifest')) {
      const sha256 = behaviour.sha256 ?? sha256Of(body)
      const whole = { exportId: 'e1', format: 'csv', status: 'complete', rows: 7, bytes: body.length, columns: [] }
      const digests = behaviour.pieces ? { sha256: null, pieces: piecesOf(body, behaviour.pieces) } : { sha256 }
      return sendJson(response, { ...whole, ...digests, watermark: '5d.1.2' })
    }
    const from = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0)
    if (!url.endsWith('/file')) {
      response.writeHead(200, {
        'content-type': 'text/csv',
        ...(named ? { 'content-location': `${exportPath}/e1/file`, 'accept-ranges': 'bytes' } : {}),
      })
      return send(response, 0)
    }
    if (behaviour.onRange) return behaviour.onRange(response)
    if (changed) {
      const { resumeAt } = changed
      changed = undefined
      return sendJson(response, { code: 'export_piece_changed', detail: 'Changed.', status: 416, resumeAt }, 416)
    }
    if (from >= body.length)
      return sendJson(response, { code: 'range_not_satisfiable', detail: 'Whole.', status: 416 }, 416)
    response.writeHead(206, { 'content-range': `bytes ${from}-${body.length - 1}/*` })
    return send(response, from)
  })
}
