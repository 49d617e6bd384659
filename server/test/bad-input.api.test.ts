import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers } from './definitions.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'

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

const sendAnswer = (text: string) =>
  sendText('POST', submissions, `{"submission":{"data":{"name":"Ada","other":${text}}}}`)

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
    const response = await api.call('POST', '/nothing', options)
    expect([response.statusCode, response.json().code]).toEqual([404, 'route_not_found'])
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
