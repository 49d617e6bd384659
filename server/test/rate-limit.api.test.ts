import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildApp } from '../src/app.ts'
import { type Config, readConfig } from '../src/config.ts'
import { type Api, type As, basic, ok, openApi, type TestForm } from './harness.ts'
import { type RawAnswer, talk } from './raw-http.ts'

const rateLimit = (apiKey: number, others: number) => ({ rateLimit: { apiKey, others, windowMs: 60_000 } })
const limit = 20

let api: Api
/** Two calls without a key are as many as this app takes. */
let strict: FastifyInstance
/** As strict, behind a proxy whose word is taken for the client's address. */
let proxied: FastifyInstance
let form: TestForm
let address: string

beforeAll(async () => {
  api = await openApi(rateLimit(limit, 1000))
  address = await api.app.listen({ host: '127.0.0.1', port: 0 })
  strict = await another(rateLimit(1000, 2))
  proxied = await another({ ...rateLimit(1000, 2), trustProxy: true })
})
beforeEach(async () => {
  form = await api.addForm()
})
afterAll(async () => {
  await Promise.all([strict.close(), proxied.close()])
  await api.close()
})

/** A second app on the same database, as another container would be, with a configuration of its own. */
async function another(config: Partial<Config>, delay = async (_ms: number): Promise<void> => undefined) {
  const reading = readConfig({ LOG_LEVEL: 'silent' })
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join(' '))
  const { server } = await buildApp({
    config: { ...reading.config, ...config },
    database: api.database,
    secretKey: 'a secret key for tests, long enough',
    delay,
  })
  await server.ready()
  return server
}

const getForm = (as: As, { formId } = form) => api.call('GET', `/forms/${formId}`, { as })
const usedUp = async () => {
  for (let count = 0; count < limit; count++) ok(await getForm(form.key))
}
const submissions = () => `/forms/${form.formId}/versions/${form.versionId}/submissions`

/** A call with a form's key from some address. */
const from = (remoteAddress: string, as: As, { formId } = form) =>
  api.app.inject({
    method: 'GET',
    url: `/app/api/v1/forms/${formId}`,
    remoteAddress,
    headers: { authorization: as && 'secret' in as ? basic(as.formId, as.secret) : '' },
  })

const figures = (response: { headers: Record<string, unknown> }) => response.headers.ratelimit
const wrong = (form: TestForm): As => ({ formId: form.formId, secret: randomUUID() })

describe('a limit of 20 per 60 s, as the API page explains it', () => {
  /** What a reply says about the limit, letter by letter. */
  type Told = { status: number; told: string[] }
  const about = /^(ratelimit|retry-after)/i

  function expectWorkedExample(replies: Told[]) {
    const policy = 'RateLimit-Policy: 20;w=60'
    expect(replies).toEqual([
      { status: 200, told: [policy, 'RateLimit: limit=20, remaining=19, reset=60'] },
      { status: 200, told: [policy, 'RateLimit: limit=20, remaining=18, reset=45'] },
      { status: 200, told: [policy, 'RateLimit: limit=20, remaining=0, reset=30'] },
      { status: 429, told: [policy, 'RateLimit: limit=20, remaining=0, reset=13', 'Retry-After: 13'] },
      { status: 200, told: [policy, 'RateLimit: limit=20, remaining=19, reset=60'] },
    ])
  }

  async function play(request: () => Promise<Told>): Promise<Told[]> {
    const first = await request()
    api.advance(15_000)
    const second = await request()
    api.advance(15_000)
    for (let count = 3; count < 20; count++) await request()
    const twentieth = await request()
    api.advance(17_000)
    const refused = await request()
    api.advance(13_000)
    return [first, second, twentieth, refused, await request()]
  }

  it('is told over a real socket', async () => {
    const request = `GET /app/api/v1/forms/${form.formId} HTTP/1.1\r\nHost: here\r\nAuthorization: ${basic(form.formId, form.secret)}\r\n\r\n`
    const replies = await play(async () => {
      const { status, lines } = await talk(address, request)
      return { status, told: lines.filter((line) => about.test(line)) }
    })
    expectWorkedExample(replies)
  })

  it('is told through inject', async () => {
    const replies = await play(async () => {
      const { statusCode, headers } = await getForm(form.key)
      const lines = ['RateLimit-Policy', 'RateLimit', 'Retry-After'].flatMap((name) => {
        const value = headers[name.toLowerCase()]
        return value === undefined ? [] : [`${name}: ${value}`]
      })
      return { status: statusCode, told: lines }
    })
    expectWorkedExample(replies)
  })
})

describe('a key over its limit', () => {
  beforeEach(usedUp)

  it('is told so in problem details', async () => {
    const response = await getForm(form.key)
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(response.json()).toEqual({
      type: 'urn:formgate:problem:rate_limited',
      title: 'Too many requests',
      status: 429,
      code: 'rate_limited',
      detail: expect.stringContaining('60 s'),
    })
  })

  it.each([
    ['a content type of its own', { headers: { 'content-type': 'rubbish' }, body: 'rubbish' }],
    ['JSON that is none', { headers: { 'content-type': 'application/json' }, body: '{' }],
    ['a body that is too large', { body: { text: 'x'.repeat(31 * 1024 * 1024) } }],
    ['answers that do not fit', { body: { submission: { data: {} } } }],
  ])('gets 429 whatever it sends: %s', async (_what, options) => {
    expect((await api.call('POST', submissions(), { as: form.key, ...options })).statusCode).toBe(429)
  })

  it.each([
    ['announced', 'Content-Length: 20000000'],
    ['chunked', 'Transfer-Encoding: chunked'],
  ])('is answered before its %s body has come', async (_how, header) => {
    const head = [
      `POST /app/api/v1${submissions()} HTTP/1.1`,
      'Host: here',
      `Authorization: ${basic(form.formId, form.secret)}`,
      'Content-Type: application/json',
      header,
    ]
    const answer: RawAnswer = await talk(address, `${head.join('\r\n')}\r\n\r\n`, '5\r\n{"a":\r\n')
    expect([answer.status, answer.header('retry-after')]).toEqual([429, '60'])
  })
})

describe('calls with a key', () => {
  it('count for their form alone, wherever they come from', async () => {
    const other = await api.addForm()
    for (let count = 0; count < limit; count++) await from(`192.0.2.${count}`, form.key)
    expect((await from('203.0.113.9', form.key)).statusCode).toBe(429)
    expect((await from('203.0.113.9', other.key, other)).statusCode).toBe(200)
  })

  it('start afresh with a regenerated key', async () => {
    await usedUp()
    expect((await getForm(form.key)).statusCode).toBe(429)
    const { secret } = ok(await api.call('PUT', `/forms/${form.formId}/apiKey`, { as: api.owner }))
    expect(figures(await getForm({ formId: form.formId, secret }))).toBe('limit=20, remaining=19, reset=60')
  })

  it('report the limit in every answer, refusals too', async () => {
    const send = (body: unknown, type: string) =>
      api.call('POST', submissions(), { as: form.key, body, headers: { 'content-type': type } })
    const answers = [
      await api.call('GET', `/submissions/${randomUUID()}`, { as: form.key }),
      await api.call('GET', `/forms/${form.formId}/versions/none`, { as: form.key }),
      await send({ submission: { data: {} } }, 'application/json'),
      await send('name', 'text/plain'),
      await send('{', 'application/json'),
      await getForm(wrong(form)),
    ]
    expect(answers.map((each) => [each.statusCode, each.headers['ratelimit-policy'], figures(each)])).toEqual([
      [404, '20;w=60', 'limit=20, remaining=19, reset=60'],
      [400, '20;w=60', 'limit=20, remaining=18, reset=60'],
      [422, '20;w=60', 'limit=20, remaining=17, reset=60'],
      [415, '20;w=60', 'limit=20, remaining=16, reset=60'],
      [400, '20;w=60', 'limit=20, remaining=15, reset=60'],
      [401, '20;w=60', 'limit=20, remaining=19, reset=60'],
    ])
  })

  it('that fail by our fault cost nothing', async () => {
    const get = () => api.call('GET', `/forms/${form.formId}/fields`, { as: form.key })
    expect(figures(await get())).toBe('limit=20, remaining=19, reset=60')
    await api.database.pool.query('alter table form_version rename to away')
    try {
      for (let count = 0; count < limit + 5; count++) expect((await get()).statusCode).toBe(500)
    } finally {
      await api.database.pool.query('alter table away rename to form_version')
    }
    expect(figures(await get())).toBe('limit=20, remaining=18, reset=60')
  })

  it('are never more than the limit, however many come at once', async () => {
    const statuses = (await Promise.all(Array.from({ length: 60 }, () => getForm(form.key)))).map(
      (each) => each.statusCode,
    )
    expect(statuses.filter((each) => each === 200)).toHaveLength(limit)
    expect(statuses.filter((each) => each === 429)).toHaveLength(40)
  })
})

describe('calls without a key', () => {
  const get = async (remoteAddress: string, headers: Record<string, string> = {}, app = strict) => {
    const url = `/app/api/v1/forms/${form.formId}/options`
    return (await app.inject({ method: 'GET', url, remoteAddress, headers })).statusCode
  }

  it('count per address for those who are not signed in', async () => {
    for (const status of [200, 200, 429]) expect(await get('192.0.2.1')).toBe(status)
    expect(await get('192.0.2.2')).toBe(200)
  })

  it('count per person for those who are, wherever they are', async () => {
    const [one, two] = [await api.addPerson('one@example.org'), await api.addPerson('two@example.org')]
    for (const [address, status] of [
      ['192.0.2.3', 200],
      ['192.0.2.4', 200],
      ['192.0.2.5', 429],
    ] as const) {
      expect(await get(address, { cookie: one.cookie })).toBe(status)
    }
    expect(await get('192.0.2.3', { cookie: two.cookie })).toBe(200)
  })

  it('do not get a count of their own by a cookie that is none', async () => {
    for (const status of [200, 200, 429]) {
      expect(await get('192.0.2.6', { cookie: `formgate.session_token=${randomUUID()}.x` })).toBe(status)
    }
  })

  it('do not get another address by saying so', async () => {
    for (const [index, status] of [200, 200, 429].entries()) {
      const said = `203.0.113.${index}`
      const headers = { 'x-forwarded-for': said, forwarded: `for=${said}`, 'x-real-ip': said }
      expect(await get('192.0.2.7', headers)).toBe(status)
    }
  })

  it.each([
    ['share an IPv6 network', '2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:3::1'],
    ['share an IPv4 address, however it is written', '192.0.2.1', '::ffff:192.0.2.1', '192.0.2.2'],
    ['that names the port too share an address', '192.0.2.21:50001', '192.0.2.21:50002', '192.0.2.22:50001'],
    [
      'that names the port too share a network',
      '[2001:db8:2::1]:50001',
      '[2001:db8:2::2]:50002',
      '[2001:db8:3::1]:50001',
    ],
  ])('behind a trusted proxy %s', async (_what, one, same, other) => {
    const through = (address: string) => get('10.0.0.1', { 'x-forwarded-for': address }, proxied)
    expect([await through(one), await through(same), await through(one), await through(other)]).toEqual([
      200, 200, 429, 200,
    ])
  })
})

describe('failed keys', () => {
  it('count per address and form, apart from the right key', async () => {
    for (let count = 1; count <= limit; count++) {
      const failure = await getForm(wrong(form))
      expect([failure.statusCode, figures(failure)]).toEqual([401, `limit=20, remaining=${limit - count}, reset=60`])
    }
    const refused = await getForm(wrong(form))
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '60'])
    expect(figures(await getForm(form.key))).toBe('limit=20, remaining=19, reset=60')
    expect((await getForm(undefined)).statusCode).toBe(200)
    const other = await api.addForm()
    expect((await getForm(wrong(other), other)).statusCode).toBe(401)
    expect((await from('192.0.2.1', wrong(form))).statusCode).toBe(401)
    api.advance(60_000)
    expect((await getForm(wrong(form))).statusCode).toBe(401)
  })

  it('for ever new forms are answered late, but answered', async () => {
    const delays: number[] = []
    const app = await another(rateLimit(2, 1000), async (ms) => void delays.push(ms))
    const statuses: number[] = []
    for (let count = 0; count < 25; count++) {
      const authorization = basic(randomUUID(), randomUUID())
      const url = `/app/api/v1/forms/${randomUUID()}`
      statuses.push((await app.inject({ method: 'GET', url, headers: { authorization } })).statusCode)
    }
    await app.close()
    expect(new Set(statuses)).toEqual(new Set([401]))
    expect(delays).toEqual([1000, 1000, 1000, 1000, 1000])
  })
})
