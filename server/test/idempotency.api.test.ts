import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers } from './definitions.ts'
import { type Api, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let form: TestForm
let path: string

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm()
  path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
})
afterAll(() => api.close())

describe('Idempotency-Key', () => {
  const repeat = (key: string, body: object, as = form.key) =>
    api.call('POST', path, { as, body: { submission: { data: body } }, headers: { 'idempotency-key': key } })

  it('gives a repeat the first answer', async () => {
    const [first, second] = [await repeat('a', plainAnswers), await repeat('a', plainAnswers)]
    expect(second.statusCode).toBe(201)
    expect(second.body).toBe(first.body)
  })

  it('gives a repeat the first answer also when the form has closed meanwhile', async () => {
    const closing = await api.addForm()
    const target = `/forms/${closing.formId}/versions/${closing.versionId}/submissions`
    const send = (data: object) =>
      api.call('POST', target, { body: { submission: { data } }, headers: { 'idempotency-key': 'late' } })
    const first = await send(plainAnswers)
    const unpublish = `/forms/${closing.formId}/versions/${closing.versionId}/publish`
    ok(await api.call('POST', unpublish, { as: closing.key, query: { unpublish: 'true' } }))
    const second = await send(plainAnswers)
    expect([second.statusCode, second.body]).toEqual([201, first.body])
    expect((await send({ ...plainAnswers, age: 37 })).json().code).toBe('idempotency_key_reused')
  })

  it('refuses another body under the same key', async () => {
    await repeat('b', plainAnswers)
    const response = await repeat('b', { ...plainAnswers, age: 37 })
    expect([response.statusCode, response.json().code]).toEqual([422, 'idempotency_key_reused'])
  })

  it('makes exactly one row of 50 concurrent repeats', async () => {
    const count = async () => ok(await api.call('GET', `/forms/${form.formId}/submissions`, { as: form.key })).length
    const before = await count()
    const responses = await Promise.all(Array.from({ length: 50 }, () => repeat('c', plainAnswers)))
    expect(new Set(responses.map((each) => each.body)).size).toBe(1)
    expect(await count()).toBe(before + 1)
  })

  it('belongs to one form', async () => {
    const other = await api.addForm()
    await repeat('d', plainAnswers)
    const response = await api.call('POST', `/forms/${other.formId}/versions/${other.versionId}/submissions`, {
      as: other.key,
      body: { submission: { data: { ...plainAnswers, age: 1 } } },
      headers: { 'idempotency-key': 'd' },
    })
    expect(response.statusCode).toBe(201)
  })

  it('is forgotten after 24 hours', async () => {
    const first = await repeat('e', plainAnswers)
    await api.database.pool.query(`update idempotency_key set created_at = now() - interval '25 hours' where key = 'e'`)
    expect((await repeat('e', plainAnswers)).json().id).not.toBe(first.json().id)
  })

  it('works for many at once too', async () => {
    const send = () =>
      api.call('POST', `/forms/${form.formId}/versions/${form.versionId}/multiSubmission`, {
        as: form.key,
        body: { submission: { data: [plainAnswers, plainAnswers] } },
        headers: { 'idempotency-key': 'f' },
      })
    expect((await send()).body).toBe((await send()).body)
  })
})

it('tells strangers apart by their networks: nobody gets another’s reply, and nothing is lost', async () => {
  const proxied = await openApi({ trustProxy: true })
  const form = await proxied.addForm()
  const from = (address: string) =>
    proxied.call('POST', `/forms/${form.formId}/versions/${form.versionId}/submissions`, {
      headers: { 'x-forwarded-for': address, 'idempotency-key': '1' },
      body: { submission: { data: plainAnswers } },
    })
  const first = ok(await from('192.0.2.1'))
  expect(ok(await from('192.0.2.1')).id).toBe(first.id)
  expect(ok(await from('192.0.2.2')).id).not.toBe(first.id)
  await proxied.close()
})
