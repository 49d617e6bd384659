import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers } from './definitions.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let form: TestForm
let submissions: string

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm()
  submissions = `/forms/${form.formId}/versions/${form.versionId}/submissions`
})
afterAll(() => api.close())

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
