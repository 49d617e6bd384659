import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers } from './definitions.ts'
import { type Api, type As, type Call, ok, openApi, type TestForm } from './harness.ts'
import { rowsOfForm } from './operations.ts'

let api: Api
let form: TestForm
let submissions: string

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm()
  submissions = `/forms/${form.formId}/versions/${form.versionId}/submissions`
})
afterAll(() => api.close())

/** Sends text as JSON, word for word. */
const sendText = (method: string, path: string, text: string, as: As = form.key) =>
  api.call(method, path, { as, body: text, headers: { 'content-type': 'application/json' } })

/** A problem with the code that clients decide by, and words for people. */
function expectProblem(response: LightMyRequestResponse, status: number, code: string): void {
  expect([response.statusCode, response.headers['content-type'], response.json().code]).toEqual([
    status,
    'application/problem+json; charset=utf-8',
    code,
  ])
  expect(response.json()).toMatchObject({ status, type: `urn:formgate:problem:${code}` })
  expect(response.json().title.length).toBeGreaterThan(5)
  expect(response.json().detail.length).toBeGreaterThan(15)
}

const sendAnswer = (text: string) =>
  sendText('POST', submissions, `{"submission":{"data":{"name":"Ada","other":${text}}}}`)

describe('bodies', () => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

  it.each<[string, string, number, string]>([
    ['nothing', '', 422, 'invalid_body'],
    ['null', 'null', 422, 'invalid_body'],
    ['a number', '1', 422, 'invalid_body'],
    ['a list', '[]', 422, 'invalid_body'],
    ['an object without what is needed', '{}', 422, 'invalid_body'],
    ['a text for an object', '{"submission":"a"}', 422, 'invalid_body'],
    ['a list for an object', '{"submission":[]}', 422, 'invalid_body'],
    ['a list of answers', '{"submission":{"data":[]}}', 422, 'invalid_body'],
    ['a text for a switch', '{"submission":{"data":{}},"draft":"true"}', 422, 'invalid_body'],
    ['a number for a switch', '{"submission":{"data":{}},"draft":1}', 422, 'invalid_body'],
    ['a cut end', '{"submission":{"data":{"name":"A', 400, 'malformed_json'],
    ['more behind the end', '{"submission":{"data":{}}} {}', 400, 'malformed_json'],
    ['NaN', '{"submission":{"data":{"age":NaN}}}', 400, 'malformed_json'],
    ['a byte order mark alone', '\uFEFF', 400, 'malformed_json'],
    ['__proto__', '{"submission":{"data":{"__proto__":{"draft":true}}}}', 400, 'malformed_json'],
    ['__proto__ in disguise', '{"submission":{"data":{"\\u005f_proto__":{}}}}', 400, 'malformed_json'],
    ['constructor.prototype', '{"constructor":{"prototype":{}},"submission":{"data":{}}}', 400, 'malformed_json'],
  ])('of %s are refused, and nothing is stored', async (_what, text, status, code) => {
    const before = await rowsOfForm(api.database.pool, form.formId)
    expectProblem(await sendText('POST', submissions, text), status, code)
    expect(await rowsOfForm(api.database.pool, form.formId)).toEqual(before)
  })

  it.each<[string, string]>([
    ['a NUL', '"a\\u0000b"'],
    ['a NUL in a name', '{"a\\u0000b":1}'],
    ['half of a surrogate pair', '"\\ud83d"'],
    ['a surrogate pair the wrong way round', '["\\ude00\\ud83d"]'],
    ['half of a surrogate pair in a name', '{"\\udc00":1}'],
    ['a number beyond all', '1e400'],
    ['its negative', '{"a":[-1e400]}'],
    ['10,000 levels', deep(10_000)],
    ['1,000,000 levels', deep(1_000_000)],
    ['10,000 levels of objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ])('with %s are refused, and nothing is stored', async (_what, text) => {
    const before = await rowsOfForm(api.database.pool, form.formId)
    const response = await sendAnswer(text)
    expectProblem(response, 422, 'unstorable_value')
    expect(response.json().errors[0].path).toMatch(/^submission\.data\.other/)
    expect(response.body.length).toBeLessThan(1500)
    expect(await rowsOfForm(api.database.pool, form.formId)).toEqual(before)
  })

  it.each<[string, string, unknown]>([
    ['a number with 400 digits', '1'.repeat(300), Number('1'.repeat(300))],
    ['a number next to nothing', '1e-400', 0],
    ['minus zero', '-0', 0],
    ['100 levels', deep(100), JSON.parse(deep(100))],
    ['a name twice', '{"a":1,"a":2}', { a: 2 }],
    [
      'names that objects have',
      '{"toString":1,"hasOwnProperty":2,"toJSON":3}',
      { toString: 1, hasOwnProperty: 2, toJSON: 3 },
    ],
    ['what looks like SQL', '"\'; drop table form; -- $1"', "'; drop table form; -- $1"],
    ['characters of all planes', '"\\ud83d\\ude00\\u2028\\ufeff\\uffff"', '😀\u2028\ufeff\uffff'],
  ])('with %s are stored as they are', async (_what, text, value) => {
    const { id } = ok(await sendAnswer(text))
    expect(ok(await api.call('GET', `/submissions/${id}`, { as: form.key })).submission.submission.data.other).toEqual(
      value,
    )
  })

  it.each<[string, Call, number, string]>([
    ['no type', { body: Buffer.from('{}'), headers: { 'content-type': '' } }, 415, 'unsupported_media_type'],
    [
      'a form’s type',
      { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    ['XML', { body: '<a/>', headers: { 'content-type': 'text/xml' } }, 415, 'unsupported_media_type'],
    ['a type that is none', { body: '{}', headers: { 'content-type': ';;;,' } }, 415, 'unsupported_media_type'],
    [
      'a type that begins like JSON’s',
      { body: '{}', headers: { 'content-type': 'application/jsonp' } },
      415,
      'unsupported_media_type',
    ],
  ])('with %s are refused', async (_what, call, status, code) => {
    expectProblem(await api.call('POST', submissions, { as: form.key, ...call }), status, code)
  })
})

describe('addresses', () => {
  it.each(['%zz', '%', '%f', '%ff', '%c0%80', '%ed%a0%80', '%00', 'a%00b'])(
    'that cannot be decoded are refused: %s',
    async (bad) => {
      const paths = [`/forms/${bad}`, `/forms/${form.formId}/versions/${bad}`, `/submissions/${bad}`]
      for (const path of [...paths, `/forms/${form.formId}/submissions?search=${bad}`, `/nothing/${bad}?${bad}`]) {
        expectProblem(await api.call('GET', path, { as: form.key }), 400, 'malformed_url')
      }
    },
  )

  it.each(['1', 'null', 'undefined', '{}', "' or 1=1 --", '😀', '0'.repeat(36), 'g'.repeat(36), 'x'.repeat(400)])(
    'with ids that are none are refused: %s',
    async (bad) => {
      const id = encodeURIComponent(bad)
      for (const path of [`/forms/${id}`, `/forms/${form.formId}/versions/${id}`, `/submissions/${id}`]) {
        expectProblem(await api.call('GET', path, { as: form.key }), 400, 'invalid_id')
      }
    },
  )

  it('that are longer than any can be are refused', async () => {
    expectProblem(await api.call('GET', `/forms/${'a'.repeat(2000)}`, { as: form.key }), 400, 'bad_request')
  })

  it.each([
    'draft=maybe',
    'draft=true&draft=false',
    'draft=',
    'submissionId=1',
    'version=0',
    'version=1.5',
    'version=1e3000',
    'page=1e400&paginationEnabled=true',
    'itemsPerPage=-1e400&paginationEnabled=true',
    'version=99999999999999999999',
    'page=-1&paginationEnabled=true',
    'itemsPerPage=-2',
    'itemsPerPage=10001',
    'page=a&page=b',
    'createdAt=2026-01-01',
    'createdAt=a&createdAt=b',
    'createdAt=1&createdAt=2&createdAt=3',
    'sortBy[order]=up',
    'confirmationId=a&confirmationId=b',
    'search=a&search=b',
  ])('with a query that makes no sense are refused: %s', async (query) => {
    const response = await api.call('GET', `/forms/${form.formId}/submissions?${query}`, { as: form.key })
    expectProblem(response, 400, 'invalid_query')
    expect(response.json().errors[0].path).not.toBe('')
  })

  it.each([
    'unknown=1',
    '__proto__=1&constructor=2&toString=3',
    '&&&===&=a',
    'fields=__proto__,constructor,toString',
    `fields=${'a.b,'.repeat(1000)}`,
    'search=%25_%5C&fields=name',
    'sortBy[column]=constructor&sortBy[order]=desc&paginationEnabled=true',
    'sortBy[column]=name&fields=name&paginationEnabled=true&itemsPerPage=0',
    'page=1000000000&itemsPerPage=10000&paginationEnabled=yes',
    'createdAt=0001-01-01&createdAt=%2B275760-09-13T00:00:00Z',
    'filterAssignedToCurrentUser=true',
  ])('with an odd query are answered: %s', async (query) => {
    ok(await api.call('GET', `/forms/${form.formId}/submissions?${query}`, { as: form.key }))
  })
})

describe('values that cannot be stored', () => {
  it('are found without holding up others: 10 million values in one body', async () => {
    const started = performance.now()
    const response = await sendAnswer(`[${'0,'.repeat(10_000_000)}"\\u0000"]`)
    expect([response.statusCode, response.json().code]).toEqual([422, 'unstorable_value'])
    expect(response.json().errors[0].path).toBe('submission.data.other[10000000]')
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('are named in a reply that does not grow with their names', async () => {
    const response = await sendAnswer(`{"${'k'.repeat(5_000_000)}":"\\u0000"}`)
    expect(response.statusCode).toBe(422)
    expect(response.body.length).toBeLessThan(2000)
  })
})

describe('ids', () => {
  const urn = () => `urn:uuid:${form.versionId}`

  it.each([
    ['in a path', 'invalid_id', () => api.call('GET', `/forms/${form.formId}/versions/${urn()}`, { as: form.key })],
    [
      'in a query',
      'invalid_query',
      () => api.call('GET', `/forms/${form.formId}/submissions`, { as: form.key, query: { submissionId: urn() } }),
    ],
    [
      'in a body',
      'invalid_body',
      () =>
        api.call('POST', `/forms/${form.formId}/drafts`, {
          as: form.key,
          body: { schema: { components: [] }, formVersionId: urn() },
        }),
    ],
  ])('that are URNs are refused %s', async (_where, code, send) => {
    const response = await send()
    expect([response.statusCode, response.json().code]).toEqual([code === 'invalid_body' ? 422 : 400, code])
  })

  it('mean the same in capitals: a key generated under them can be shown', async () => {
    const other = await api.addForm()
    const path = `/forms/${other.formId.toUpperCase()}/apiKey`
    const { secret } = ok(await api.call('PUT', path, { as: api.owner }))
    expect(ok(await api.call('GET', path.toLowerCase().replace('apikey', 'apiKey'), { as: api.owner })).secret).toBe(
      secret,
    )
  })

  it('mean the same in capitals: an Idempotency-Key belongs to the version, however it is written', async () => {
    const send = (path: string) =>
      api.call('POST', path, {
        as: form.key,
        body: { submission: { data: plainAnswers } },
        headers: { 'idempotency-key': 'capitals' },
      })
    const first = ok(await send(submissions))
    const shouted = submissions.replace(form.versionId, form.versionId.toUpperCase())
    expect(ok(await send(shouted)).id).toBe(first.id)
  })
})

describe('unknown addresses', () => {
  it.each([
    ['JSON that is none', { body: '{', headers: { 'content-type': 'application/json' } }],
    ['a content type of its own', { body: 'name,age', headers: { 'content-type': 'text/csv' } }],
    ['3 MB from a stranger', { body: { text: 'x'.repeat(3_000_000) } }],
  ])('answer 404 whatever the body is: %s', async (_body, options) => {
    expectProblem(await api.call('POST', '/nothing', options), 404, 'route_not_found')
  })

  it.each(['//forms', '/../forms', '/forms/a/b/c/d', '/FORMS', '/%2e%2e/forms', '/forms%2f', '/*'])(
    'are answered with where to look: %s',
    async (path) => {
      const response = await api.call('GET', path)
      expectProblem(response, 404, 'route_not_found')
      expect(response.json().detail).toContain('/app/api/v1/docs')
    },
  )

  it.each(['POST', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'])(
    'are told from known ones: %s',
    async (method) => {
      const response = await api.call(method, `/forms/${form.formId}`, { as: form.key })
      expectProblem(response, 405, 'method_not_allowed')
      expect(response.headers.allow).toBe('GET, HEAD, PUT, DELETE')
    },
  )

  it('answer HEAD like GET, without the body', async () => {
    const path = `/forms/${form.formId}/submissions`
    const [head, get] = [await api.call('HEAD', path, { as: form.key }), await api.call('GET', path, { as: form.key })]
    expect([head.statusCode, head.headers['content-type'], head.body]).toEqual([200, get.headers['content-type'], ''])
    expect((await api.call('HEAD', path)).statusCode).toBe(401)
  })
})

describe('queries', () => {
  it('with dates before all history are refused', async () => {
    const query = { createdAt: ['-100000-01-01T00:00:00Z', '2030-01-01'] }
    const response = await api.call('GET', `/forms/${form.formId}/submissions`, { as: form.key, query })
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_query'])
  })
})

describe('callers that must say who they are', () => {
  it('are told how, also where the form is public and only this operation is not', async () => {
    const path = `/forms/${form.formId}/versions/${form.versionId}/multiSubmission`
    const response = await api.call('POST', path, { body: { submission: { data: [plainAnswers] } } })
    expect(response.statusCode).toBe(401)
    expect(response.headers['www-authenticate']).toMatch(/^Basic /)
  })
})
