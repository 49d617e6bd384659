import { randomUUID } from 'node:crypto'
import { parseDictionary, parseList } from 'structured-headers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Api, basic, openApi, type TestForm } from './harness.ts'
import { type RawAnswer, talk } from './raw-http.ts'

let api: Api
let form: TestForm
let address: string

beforeAll(async () => {
  api = await openApi({ rateLimit: { apiKey: 120, others: 500, windowMs: 60_000 } })
  form = await api.addForm()
  address = await api.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => api.close())

const asKey = () => `Authorization: ${basic(form.formId, form.secret)}`
const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`
const get = (path: string, ...lines: string[]) => head(`GET ${path} HTTP/1.1`, 'Host: here', ...lines)
const post = (path: string, body: string, ...lines: string[]) =>
  head(`POST ${path} HTTP/1.1`, 'Host: here', `Content-Length: ${Buffer.byteLength(body)}`, ...lines) + body
const submissions = () => `/app/api/v1/forms/${form.formId}/versions/${form.versionId}/submissions`

function expectDraft7({ header }: RawAnswer, max: number): void {
  expect(parseList(header('RateLimit-Policy') ?? '')).toEqual([[max, new Map([['w', 60]])]])
  expect([...parseDictionary(header('RateLimit') ?? '').keys()]).toEqual(['limit', 'remaining', 'reset'])
}

describe('every reply of the API says where the caller stands:', () => {
  it.each<[string, number, () => string, number]>([
    ['a success with a key', 200, () => get(`/app/api/v1/forms/${form.formId}`, asKey()), 120],
    ['a success without one', 200, () => get('/app/api/v1/pages/terms'), 500],
    ['a redirection', 302, () => get('/app/api/v1/docs'), 500],
    ['a wrong id', 400, () => get('/app/api/v1/forms/none', asKey()), 500],
    ['no credentials', 401, () => get('/app/api/v1/admin/users'), 500],
    [
      'a wrong key',
      401,
      () => get(`/app/api/v1/forms/${form.formId}`, `Authorization: ${basic(form.formId, 'x')}`),
      120,
    ],
    [
      'a page of another site',
      403,
      () => post('/app/api/v1/forms', '{}', `Cookie: ${api.owner.cookie}`, 'Sec-Fetch-Site: cross-site'),
      500,
    ],
    ['an unknown address', 404, () => get('/app/api/v1/nothing'), 500],
    ['an unknown address with a key', 404, () => get('/app/api/v1/nothing', asKey()), 500],
    ['an unknown address in a disguise', 404, () => get('/app/%61pi/v1/nothing'), 500],
    ['an unknown submission', 404, () => get(`/app/api/v1/submissions/${randomUUID()}`, asKey()), 120],
    ['another method', 405, () => post(`/app/api/v1/forms/${form.formId}/options`, ''), 500],
    ['a method for all', 405, () => head(`OPTIONS ${submissions()} HTTP/1.1`, 'Host: here'), 500],
    ['no host', 400, () => head('GET /app/api/v1/docs HTTP/1.1'), 500],
    ['a NUL in the address', 400, () => get('/app/api/v1/forms/%00'), 500],
    ['a broken address', 400, () => get('/app/api/v1/forms/%zz'), 500],
    ['a broken query', 400, () => get('/app/api/v1/docs?a=%zz'), 500],
    ['a part that is too long', 414, () => get(`/app/api/v1/forms/${'x'.repeat(600)}`), 500],
    ['a body of no known type', 415, () => post(submissions(), 'x', asKey(), 'Content-Type: text/plain'), 120],
    ['JSON that is none', 400, () => post(submissions(), '{', asKey(), 'Content-Type: application/json'), 120],
    [
      'answers that do not fit',
      422,
      () => post(submissions(), '{"submission":{"data":{}}}', asKey(), 'Content-Type: application/json'),
      120,
    ],
    [
      'a body that is too large',
      413,
      () =>
        head(
          `POST ${submissions()} HTTP/1.1`,
          'Host: here',
          asKey(),
          'Content-Type: application/json',
          'Content-Length: 99999999',
        ),
      120,
    ],
    [
      'signing in',
      401,
      () =>
        post(
          '/app/api/auth/sign-in/email',
          '{"email":"a@b.example","password":"wrong horse"}',
          'Content-Type: application/json',
        ),
      500,
    ],
    ['an unknown address of signing in', 404, () => get('/app/api/auth/nothing'), 500],
  ])('%s', async (_what, status, request, max) => {
    const answer = await talk(address, request())
    expect(status === 414 ? [400, 414] : [status]).toContain(answer.status)
    expectDraft7(answer, max)
  })

  it('but pages and what is of no API say nothing', async () => {
    for (const path of ['/app/nothing', '/healthz', '/app/apiary', '/%zz']) {
      expect((await talk(address, get(path))).header('RateLimit')).toBeUndefined()
    }
  })
})

describe('a call that ends before the guard', () => {
  it('counts for its address, and is refused like any other', async () => {
    const strict = await openApi({ rateLimit: { apiKey: 120, others: 3, windowMs: 60_000 }, trustProxy: true })
    const call = (url: string, headers = {}) =>
      strict.app.inject({ url, headers: { 'x-forwarded-for': '192.0.2.1', ...headers } })
    const answers = [
      await call('/app/api/v1/nothing'),
      await call('/app/api/v1/nothing', { authorization: basic(randomUUID(), randomUUID()) }),
      await call('/app/api/v1/forms/%00'),
      await call('/app/api/v1/nothing'),
      await call('/app/api/v1/forms/%zz'),
      await call('/app/api/v1/pages/terms'),
      await call('/app/api/v1/nothing', { 'x-forwarded-for': '192.0.2.2' }),
    ]
    expect(answers.map(({ statusCode, headers }) => [statusCode, headers.ratelimit])).toEqual([
      [404, 'limit=3, remaining=2, reset=60'],
      [404, 'limit=3, remaining=1, reset=60'],
      [400, 'limit=3, remaining=0, reset=60'],
      [429, 'limit=3, remaining=0, reset=60'],
      [429, 'limit=3, remaining=0, reset=60'],
      [429, 'limit=3, remaining=0, reset=60'],
      [404, 'limit=3, remaining=2, reset=60'],
    ])
    expect(answers[3]?.headers['retry-after']).toBe('60')
    expect(answers[3]?.json().code).toBe('rate_limited')
    await strict.close()
  })
})

describe('the form of draft 10', () => {
  const prefer = 'Prefer: ratelimit=draft-10'

  it('is told to who asks for it, and that it was', async () => {
    const { status, header } = await talk(address, get(`/app/api/v1/forms/${form.formId}`, asKey(), prefer))
    expect(status).toBe(200)
    expect(header('RateLimit-Policy')).toBe('"default";q=120;w=60')
    expect(header('RateLimit')).toMatch(/^"default";r=\d+;t=\d+$/)
    expect([header('Preference-Applied'), header('Vary')]).toEqual(['ratelimit=draft-10', 'Prefer'])
  })

  it('names other limits otherwise', async () => {
    const wrong = `Authorization: ${basic(form.formId, 'x')}`
    const { header } = await talk(address, get(`/app/api/v1/forms/${form.formId}`, wrong, prefer))
    expect(header('RateLimit')).toMatch(/^"failed-keys";r=\d+;t=\d+$/)
  })

  it('is not told to who asks for none or for one that we do not know', async () => {
    for (const line of ['X-Nothing: 1', 'Prefer: ratelimit=draft-99', 'Prefer: respond-async']) {
      const answer = await talk(address, get('/app/api/v1/pages/terms', line))
      expectDraft7(answer, 500)
      expect(answer.header('Preference-Applied')).toBeUndefined()
    }
  })

  it('can be the preset, and then draft 7 is what some ask for', async () => {
    const other = await openApi({ rateLimitHeaders: 'draft-10' })
    const call = (headers = {}) => other.app.inject({ url: '/app/api/v1/pages/terms', headers })
    expect((await call()).headers.ratelimit).toMatch(/^"default";r=\d+;t=60$/)
    const asked = await call({ prefer: 'ratelimit=draft-7' })
    expect(asked.headers.ratelimit).toMatch(/^limit=100000, remaining=\d+, reset=60$/)
    expect(asked.headers).toMatchObject({ 'preference-applied': 'ratelimit=draft-7', vary: 'Prefer' })
    await other.close()
  })

  it('brings its own problem type when the limit is reached', async () => {
    const strict = await openApi({ rateLimit: { apiKey: 120, others: 1, windowMs: 60_000 } })
    const call = () => strict.app.inject({ url: '/app/api/v1/pages/terms', headers: { prefer: 'ratelimit=draft-10' } })
    await call()
    const refused = await call()
    expect(refused.headers).toMatchObject({ ratelimit: '"default";r=0;t=60', 'retry-after': '60' })
    expect(refused.json()).toMatchObject({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      status: 429,
      code: 'rate_limited',
      'violated-policies': ['default'],
    })
    await strict.close()
  })
})
