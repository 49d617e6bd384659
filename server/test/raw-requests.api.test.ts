import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Api, basic, ok, openApi, type TestForm } from './harness.ts'
import { rowsOfForm } from './operations.ts'
import { type RawAnswer, talk } from './raw-http.ts'

let api: Api
let form: TestForm
let path: string
let address: string

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm()
  path = `/app/api/v1/forms/${form.formId}/versions/${form.versionId}/submissions`
  address = await api.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => api.close())

const megabyte = 1024 * 1024
const asKey = () => `Authorization: ${basic(form.formId, form.secret)}`
const asPerson = () => `Cookie: ${api.owner.cookie}`
const asNobody = () => 'X-Nobody: 1'

function expectProblem({ status, header, body }: RawAnswer, expected: number, code: string): void {
  expect([status, header('content-type')]).toEqual([expected, 'application/problem+json; charset=utf-8'])
  expect(JSON.parse(body)).toMatchObject({ status: expected, code, detail: expect.any(String) })
}

const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`
const post = (...lines: string[]) =>
  head(`POST ${path} HTTP/1.1`, 'Host: here', 'Content-Type: application/json', ...lines)
const chunk = (bytes: number) => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`

describe('a body', () => {
  const limits: [string, () => string, number][] = [
    ['a key', asKey, 30 * megabyte],
    ['a session', asPerson, 30 * megabyte],
    ['neither key nor session', asNobody, 2 * megabyte],
  ]

  it.each(limits)('announced as too large with %s is refused before it comes', async (_who, as, limit) => {
    expectProblem(await talk(address, post(as(), `Content-Length: ${limit + 1}`)), 413, 'body_too_large')
  })

  it.each(limits)('that grows too large with %s is refused when it does', async (_who, as, limit) => {
    const chunks = [chunk(limit), chunk(1)]
    expectProblem(await talk(address, post(as(), 'Transfer-Encoding: chunked'), ...chunks), 413, 'body_too_large')
  })

  it.each(limits)('as large as can be with %s is taken', async (_who, as, limit) => {
    const [start, end] = ['{"submission":{"data":{"name":"Ada","other":"', '"}}}']
    const body = `${start}${'x'.repeat(limit - start.length - end.length)}${end}`
    const answer = await talk(address, post(as(), `Content-Length: ${limit}`), body)
    expect(answer.status).toBe(201)
  })

  it('that is cut off leaves nothing behind and holds up nobody', async () => {
    const before = await rowsOfForm(api.database.pool, form.formId)
    const body = '{"submission":{"data":{"name":"Ada"'
    const cut = Array.from({ length: 20 }, () =>
      talk(address, post(asKey(), 'Content-Length: 100'), body).catch(() => 0),
    )
    expect((await talk(address, head('GET /healthz HTTP/1.1', 'Host: here'))).status).toBe(200)
    api.app.server.closeAllConnections()
    expect(await Promise.all(cut)).toEqual(Array(20).fill(0))
    expect(await rowsOfForm(api.database.pool, form.formId)).toEqual(before)
  })
})

describe('what is hardly a request', () => {
  const get = 'GET /healthz HTTP/1.1'

  it.each<[string, string | Buffer, number, string]>([
    ['garbage', 'hello there\r\n\r\n', 400, 'bad_request'],
    ['a handshake for TLS', Buffer.from('16030100a5010000a10303', 'hex'), 400, 'bad_request'],
    [
      'bytes beyond ASCII in the address',
      Buffer.from('GET /\xff\xfe HTTP/1.1\r\nHost: here\r\n\r\n', 'latin1'),
      400,
      'bad_request',
    ],
    ['a header without a colon', head(get, 'Host: here', 'nonsense'), 400, 'bad_request'],
    ['a NUL in a header', head(get, 'Host: here', 'X: a\0b'), 400, 'bad_request'],
    ['a header of 20 KB', head(get, 'Host: here', `X: ${'a'.repeat(20_000)}`), 431, 'headers_too_large'],
    ['an address of 20 KB', head(`GET /${'a'.repeat(20_000)} HTTP/1.1`, 'Host: here'), 431, 'headers_too_large'],
    ['a length that is none', post('Content-Length: ten'), 400, 'bad_request'],
    ['a negative length', post('Content-Length: -1'), 400, 'bad_request'],
    ['two lengths', post('Content-Length: 1', 'Content-Length: 2'), 400, 'bad_request'],
    ['a length and chunks', post('Content-Length: 1', 'Transfer-Encoding: chunked'), 400, 'bad_request'],
    ['a chunk that is none', `${post('Transfer-Encoding: chunked')}zz\r\n`, 400, 'bad_request'],
    ['no Host', head(get), 400, 'bad_request'],
  ])('is told so in problem details: %s', async (_what, bytes, status, code) => {
    expectProblem(await talk(address, bytes), status, code)
  })

  it('is an answer all the same where HTTP allows it', async () => {
    expect((await talk(address, head('GET /healthz HTTP/1.0'))).status).toBe(200)
    expect((await talk(address, head('GET http://elsewhere/healthz HTTP/1.1', 'Host: here'))).status).toBe(200)
    expect((await talk(address, head(get, 'Host: here', 'Expect: miracles'))).status).toBe(200)
    expect((await talk(address, head('OPTIONS * HTTP/1.1', 'Host: here'))).status).toBe(404)
    const waiting = await talk(address, post(asKey(), 'Content-Length: 2', 'Expect: 100-continue'))
    expect(waiting.status).toBe(100)
  })

  it('does not keep the next one from being served', async () => {
    await Promise.all(Array.from({ length: 50 }, () => talk(address, '\0\0\0\r\n\r\n')))
    ok(await api.call('GET', `/forms/${form.formId}`, { as: form.key }))
  })
})

describe('a client that is gone before its answer', () => {
  it('is no mistake of ours, and its wrong key counts all the same', async () => {
    const target = await api.addForm()
    const wrong = `Authorization: ${basic(target.formId, form.secret)}`
    const url = `/app/api/v1/forms/${target.formId}`
    const ended: Promise<number>[] = []
    const watch = (_request: IncomingMessage, response: ServerResponse) => {
      setImmediate(() => response.socket?.destroy())
      const { promise, resolve } = Promise.withResolvers<number>()
      const look = setInterval(() => {
        if (response.statusCode !== 200 || response.writableEnded) resolve(response.statusCode)
      }, 5)
      ended.push(promise.finally(() => clearInterval(look)))
    }
    api.app.server.prependListener('request', watch)
    for (let count = 0; count < 5; count++) {
      await talk(address, head(`GET ${url} HTTP/1.1`, 'Host: here', wrong)).catch(() => undefined)
    }
    api.app.server.off('request', watch)
    expect(await Promise.all(ended)).toEqual([401, 401, 401, 401, 401])
  })
})
