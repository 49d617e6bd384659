import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { createFormgateClient, type FormgateOptions, type Wait } from '../src/client.ts'
import { exportIdIn } from '../src/exports.ts'
import { retryAfterMs } from '../src/patient-fetch.ts'
import { nextQuery } from '../src/submissions.ts'
import { apiKey, type FakeServer, fakeServer, formId, type Handler, sendJson } from './fake-server.ts'

let server: FakeServer
afterEach(() => server?.close())

async function clientOf(handler: Handler, options: Partial<FormgateOptions> = {}) {
  server = await fakeServer(handler)
  return createFormgateClient({ baseUrl: server.url, formId, apiKey, ...options })
}
/** Answers with each of these, one after another. */
function inTurn(...answers: ((response: ServerResponse) => unknown)[]): Handler {
  return (_request, response) => answers.shift()?.(response)
}
const busy = (status: number, retryAfter: string) => (response: ServerResponse) =>
  sendJson(response, { code: 'rate_limited', detail: 'Too many.' }, status, { 'retry-after': retryAfter })
const cut = (response: ServerResponse) => response.destroy()
const fine = (response: ServerResponse) => sendJson(response, { openapi: '3.1.0' })
const collect = async <T>(items: AsyncIterable<T>) => {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('a call', () => {
  it('waits as long as the server says, and is repeated', async () => {
    const waits: Wait[] = []
    const client = await clientOf(inTurn(busy(429, '0'), busy(503, '0.05'), fine), {
      onWait: (wait) => waits.push(wait),
    })
    expect(await client.openapi()).toEqual({ openapi: '3.1.0' })
    expect(waits).toEqual([
      { reason: 'rate limit', waitMs: 0 },
      { reason: 'unavailable', waitMs: 50 },
    ])
  })

  it('does not wait longer than it may', async () => {
    const client = await clientOf(inTurn(busy(429, '3600')))
    await expect(client.openapi()).rejects.toMatchObject({ status: 429, code: 'rate_limited' })
  })

  it('ends at once when it is aborted while it waits', async () => {
    const client = await clientOf(inTurn(busy(429, '60')))
    const signal = AbortSignal.timeout(50)
    await expect(client.openapi({ signal })).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('ends with the client’s own signal too', async () => {
    const client = await clientOf(inTurn(busy(429, '60')), { signal: AbortSignal.timeout(50) })
    await expect(client.openapi()).rejects.toMatchObject({ name: 'TimeoutError' })
    await expect(client.api.GET('/app/api/v1/forms/{formId}', { params: { path: { formId } } })).rejects.toThrow()
  })

  it('that reads is repeated when the connection breaks, before the reply or within', async () => {
    const half = (response: ServerResponse) => {
      response
        .writeHead(200, { 'content-length': '100' })
        .write('{"open', () => setTimeout(() => response.destroy(), 10))
    }
    const client = await clientOf(inTurn(cut, half, fine))
    expect(await client.openapi()).toEqual({ openapi: '3.1.0' })
  })

  it('that writes without a key of its own is not repeated', async () => {
    const client = await clientOf(inTurn(cut))
    await expect(client.submissions.delete('x')).rejects.toMatchObject({ code: 'network_error' })
    expect(server.calls).toHaveLength(1)
  })

  it('gives up after so many tries', async () => {
    const client = await clientOf(inTurn(cut, cut, cut), { patience: { attempts: 2 } })
    await expect(client.openapi()).rejects.toMatchObject({ code: 'network_error', status: undefined })
    expect(server.calls).toHaveLength(2)
  })

  it('sends the form’s id and key, and shows neither in an error', async () => {
    const client = await clientOf(
      inTurn((response) => sendJson(response, { code: 'unauthorized', detail: 'No.' }, 401)),
    )
    const error = await client.openapi().catch((error: unknown) => error)
    expect(server.requests[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from(`${formId}:${apiKey}`).toString('base64')}`,
    )
    expect(JSON.stringify([error, String(error)])).not.toContain(apiKey)
  })

  it('makes an error of a reply that is no problem of ours', async () => {
    const client = await clientOf(
      inTurn((response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<p>Nothing</p>')),
    )
    await expect(client.openapi()).rejects.toMatchObject({ status: 404, code: 'http_404' })
  })

  it.each(['https://forms.example.org', 'https://forms.example.org/', 'https://forms.example.org/app/api/v1'])(
    'finds the API at %s',
    async (baseUrl) => {
      const asked: string[] = []
      const send = async (request: Request) => {
        asked.push(request.url)
        return Response.json({})
      }
      const client = createFormgateClient({ baseUrl, formId, apiKey, fetch: send as typeof fetch })
      await client.openapi()
      expect(asked).toEqual([`https://forms.example.org/app/api/v1/forms/${formId}/openapi.json`])
    },
  )
})

describe('submissions', () => {
  it('are listed page after page by the links', async () => {
    const link = '</elsewhere/submissions?after=c2&itemsPerPage=2>; rel="next", </x?page=0>; rel="first"'
    const client = await clientOf(
      inTurn(
        (response) => sendJson(response, { results: [{ n: 1 }, { n: 2 }], total: 3 }, 200, { link }),
        (response) => sendJson(response, { results: [{ n: 3 }], total: 3 }, 200, { link: '</x?page=0>; rel="first"' }),
      ),
    )
    expect(await collect(client.submissions.list({ pageSize: 2, fields: ['a', 'b'] }))).toEqual([
      { n: 1 },
      { n: 2 },
      { n: 3 },
    ])
    expect(server.calls).toEqual([
      `GET /forms/${formId}/submissions?fields=a&fields=b&paginationEnabled=true&itemsPerPage=2&page=0`,
      `GET /forms/${formId}/submissions?after=c2&itemsPerPage=2`,
    ])
  })

  it('are stored once when the reply is lost: the repeat has the same key', async () => {
    const client = await clientOf(inTurn(cut, (response) => sendJson(response, { id: 's1' }, 201)))
    expect(await client.submissions.create({ a: 1 }, { versionId: 'v1' })).toEqual({ id: 's1' })
    const keys = server.requests.map(({ headers }) => headers['idempotency-key'])
    expect(keys[0]).toMatch(/^[\da-f-]{36}$/)
    expect(keys).toEqual([keys[0], keys[0]])
  })
})

describe('changes', () => {
  const page = (cursors: string[], more: boolean) => (response: ServerResponse) =>
    sendJson(response, { changes: cursors.map((cursor) => ({ cursor })), next: cursors.at(-1) ?? 'end', more })
  const gone = (response: ServerResponse) => sendJson(response, { code: 'cursor_expired', detail: 'Too old.' }, 410)

  it('are followed from cursor to cursor, waiting once all are read', async () => {
    const client = await clientOf(
      inTurn(page(['1', '2'], true), page(['3'], false), page([], false), page(['4'], false)),
    )
    const seen: string[] = []
    const kept: string[] = []
    for await (const { cursor } of client.changes.follow({ after: '0', onCursor: (next) => void kept.push(next) })) {
      seen.push(cursor)
      if (cursor === '4') break
    }
    expect([seen, kept]).toEqual([
      ['1', '2', '3', '4'],
      ['2', '3', 'end'],
    ])
    expect(server.calls.map((call) => call.split('?')[1])).toEqual([
      'after=0&limit=1000',
      'after=2&limit=1000',
      'after=3&limit=1000&wait=30',
      'after=end&limit=1000&wait=30',
    ])
  })

  it('end where there are no more, for who does not follow', async () => {
    const client = await clientOf(inTurn(page(['1'], true), page([], false)))
    expect(await collect(client.changes.follow({ follow: false }))).toEqual([{ cursor: '1' }])
  })

  it('go on at what the caller says when the cursor is too old, and else end with an error', async () => {
    const client = await clientOf(inTurn(gone, page(['9'], false), gone))
    const onExpired = () => 'now'
    expect(await collect(client.changes.follow({ after: 'old', follow: false, onExpired }))).toEqual([{ cursor: '9' }])
    expect(server.calls[1]).toContain('after=now')
    await expect(collect(client.changes.follow({ after: 'old' }))).rejects.toMatchObject({
      code: 'cursor_expired',
      status: 410,
    })
  })
})

describe('exports in the background', () => {
  it('are waited for, and tell how far they are', async () => {
    const at = (status: string, percent: number) => (response: ServerResponse) =>
      sendJson(response, { exportId: 'e1', status, percent })
    const client = await clientOf(inTurn(at('waiting', 0), at('running', 50), at('complete', 100)))
    const { exportId } = await client.exports.start({ format: 'csv' })
    const told: unknown[] = []
    await client.exports.wait(exportId, { pollMs: 1, onProgress: ({ percent }) => told.push(percent) })
    expect(told).toEqual([50, 100])
    expect(server.calls[0]).toBe(`POST /forms/${formId}/export`)
  })

  it('that failed are an error', async () => {
    const client = await clientOf((_, response) => sendJson(response, { exportId: 'e1', status: 'failed' }))
    await expect(client.exports.wait('e1')).rejects.toMatchObject({ code: 'export_failed' })
  })
})

describe('what headers say', () => {
  it.each([
    ['13', 13_000],
    ['0.5', 500],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 9000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ])('Retry-After: %s', (header, ms) => {
    expect(retryAfterMs(header, 1000)).toBe(ms)
  })

  it.each([
    ['</a?after=x&b=1,2>; rel="next"', '?after=x&b=1,2'],
    ['</a?p=0>; rel="first", <https://evil.example/?after=y>; rel=next', '?after=y'],
    ['</a?p=0>; rel="prev"', undefined],
    [null, undefined],
  ])('Link: %s', (header, query) => {
    expect(nextQuery(header)).toBe(query)
  })

  it.each([
    [`/app/api/v1/forms/${formId}/export/e-1/file`, 'e-1'],
    [`https://a.example/x/app/api/v1/forms/${formId}/export/e1`, 'e1'],
    ['/elsewhere', undefined],
    [`/app/api/v1/forms/${formId}/export/../../x/file`, undefined],
    [null, undefined],
  ])('Content-Location: %s', (header, id) => {
    expect(exportIdIn(header)).toBe(id)
  })
})

it('asks nothing of Node in what browsers take', async () => {
  const seen = new Set<string>()
  const look = async (file: URL): Promise<void> => {
    if (seen.has(file.href)) return
    seen.add(file.href)
    for (const [, name = ''] of (await readFile(file, 'utf8')).matchAll(/^import [^\n]*from '([^']+)'/gm)) {
      expect(name).toMatch(/^(\.\/|openapi-fetch$)/)
      if (name.startsWith('.')) await look(new URL(name, file))
    }
  }
  await look(new URL('../src/client.ts', import.meta.url))
  expect(seen.size).toBeGreaterThan(5)
})
