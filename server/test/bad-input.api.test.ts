import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Api, type As, openApi, type TestForm } from './harness.ts'

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
