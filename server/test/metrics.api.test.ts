import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Api, basic, ok, openApi, type TestForm } from './harness.ts'

const metricsToken = 'tG1p9vJ3Qb7yX2mN'
let api: Api
let open: Api
let published: Api
let form: TestForm

beforeAll(async () => {
  api = await openApi({ rateLimit: { apiKey: 2, others: 100_000, windowMs: 60_000 }, metricsToken, trustProxy: true })
  form = await api.addForm()
  open = await openApi()
  published = await openApi({ publicUrl: new URL('https://forms.example.org') })
})
afterAll(() => Promise.all([api, open, published].map((each) => each.close())))

const withToken = { authorization: `Bearer ${metricsToken}` }
const metrics = (headers: Record<string, string> = withToken, remoteAddress = '127.0.0.1', { app } = api) =>
  app.inject({ url: '/metrics', headers, remoteAddress })

describe('the metrics', () => {
  it.each([
    ['this machine with the token', '127.0.0.1', withToken],
    ['elsewhere with the token', '203.0.113.9', withToken],
    [
      'a proxy here with the token',
      '127.0.0.1',
      { 'x-forwarded-for': '203.0.113.9', authorization: `bearer ${metricsToken}` },
    ],
  ])('are there for %s', async (_who, address, headers) => {
    const answer = await metrics(headers, address)
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ])
    expect(answer.body).toContain('formgate_rate_limit_store_up{store="memory"} 1')
    expect(answer.body).toContain('process_cpu_seconds_total')
  })

  it.each<[string, string, Record<string, string>]>([
    ['this machine without the token', '127.0.0.1', {}],
    ['elsewhere', '203.0.113.9', {}],
    ['elsewhere, saying it is here', '203.0.113.9', { 'x-forwarded-for': '127.0.0.1' }],
    ['a proxy here', '127.0.0.1', { 'x-forwarded-for': '203.0.113.9' }],
    ['a proxy here that says so otherwise', '127.0.0.1', { forwarded: 'for=203.0.113.9' }],
    ['elsewhere with another token', '203.0.113.9', { authorization: `Bearer ${metricsToken}x` }],
    ['elsewhere with no token', '203.0.113.9', { authorization: 'Bearer ' }],
    ['elsewhere with the token as a password', '203.0.113.9', { authorization: basic('metrics', metricsToken) }],
  ])('are not there for %s', async (_who, address, headers) => {
    const [answer, unknown] = [await metrics(headers, address), await api.app.inject({ url: '/unknown' })]
    expectProblem(answer, 404, 'route_not_found')
    expect(answer.json()).toEqual({ ...unknown.json(), detail: unknown.json().detail.replace('/unknown', '/metrics') })
    expect(Object.keys(answer.headers).sort()).toEqual(Object.keys(unknown.headers).sort())
  })

  it.each<[number, string, string, Record<string, string>]>([
    [200, 'this machine', '127.0.0.1', {}],
    [200, 'this machine by IPv6', '::1', {}],
    [200, 'this machine by IPv4 in IPv6', '::ffff:127.0.0.1', {}],
    [404, 'elsewhere', '203.0.113.9', { authorization: 'Bearer undefined' }],
    [404, 'a proxy here', '127.0.0.1', { 'x-forwarded-for': '203.0.113.9' }],
    [404, 'a proxy here that says so otherwise', '127.0.0.1', { forwarded: 'for=203.0.113.9' }],
  ])('without a token answer %d to %s', async (status, _who, address, headers) => {
    expect((await metrics(headers, address, open)).statusCode).toBe(status)
  })

  it('are there for nobody without a token once the server is published', async () => {
    expect((await metrics({}, '127.0.0.1', published)).statusCode).toBe(404)
  })

  it('count refusals', async () => {
    for (let call = 0; call < 5; call++) await api.call('GET', `/forms/${form.formId}`, { as: form.key })
    expect((await metrics()).body).toContain('formgate_rate_limit_refused_total{by="memory"} 3')
  })

  it('time replies by route, and never by address', async () => {
    ok(await api.call('GET', `/forms/${form.formId}/options`))
    await api.app.inject({ url: `/app/api/v1/${randomUUID()}` })
    const { body } = await metrics()
    expect(body).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/app\/api\/v1\/forms\/:formId\/options",status="2xx"\} 1/,
    )
    expect(body).toMatch(/http_request_duration_seconds_count\{method="any",route="unknown",status="4xx"\} \d+/)
  })

  it('hold nothing personal', async () => {
    const { body } = await metrics()
    for (const secret of [form.formId, form.secret, 'owner@example.org', '127.0.0.1'])
      expect(body).not.toContain(secret)
  })
})
