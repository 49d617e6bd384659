import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { plainForm } from './definitions.ts'
import { type Api, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let other: TestForm
let form: TestForm
let path: string

beforeAll(async () => {
  api = await openApi()
  other = await api.addForm()
})
beforeEach(async () => {
  form = await api.addForm()
  path = `/forms/${form.formId}/drafts`
})
afterAll(() => api.close())

const addDraft = async () => ok(await api.call('POST', path, { as: form.key, body: { schema: plainForm } }))
const get = (id: string) => api.call('GET', `${path}/${id}`, { as: form.key })
const countDrafts = async () => ok(await api.call('GET', path, { as: form.key })).length

describe('every operation on drafts', () => {
  const operations = [
    ['GET', '', undefined],
    ['POST', '', { schema: plainForm }],
    ['GET', '/:id', undefined],
    ['PUT', '/:id', { schema: { ...plainForm, title: 'Changed' } }],
    ['DELETE', '/:id', undefined],
    ['POST', '/:id/publish', undefined],
  ] as const

  it.each(operations)('%s drafts%s refuses nobody, and another form’s key, with 401', async (method, at, body) => {
    const draft = await addDraft()
    const target = `${path}${at.replace(':id', draft.id)}`
    for (const as of [undefined, other.key, { formId: form.formId, secret: other.secret }]) {
      const response = await api.call(method, target, { as, body })
      expect([response.statusCode, response.json().code]).toEqual([401, 'unauthorized'])
    }
    expect(ok(await get(draft.id))).toEqual(draft)
    expect(await countDrafts()).toBe(1)
  })

  it.each(operations)('%s drafts%s is not for respondents', async (method, at, body) => {
    const draft = await addDraft()
    const person = await api.addPerson(`${randomUUID()}@example.org`)
    const response = await api.call(method, `${path}${at.replace(':id', draft.id)}`, { as: person, body })
    expect([response.statusCode, response.json().code]).toEqual([403, 'forbidden'])
  })

  const ofOne = operations.filter(([, at]) => at.includes(':id'))

  it.each(ofOne)('%s drafts%s answers 404 to another form’s draft, as to an unknown one', async (method, at, body) => {
    const draft = await addDraft()
    for (const id of [draft.id, randomUUID()]) {
      const target = `/forms/${other.formId}/drafts${at.replace(':id', id)}`
      const response = await api.call(method, target, { as: other.key, body })
      expect([response.statusCode, response.json().code]).toEqual([404, 'not_found'])
    }
    expect(ok(await get(draft.id))).toEqual(draft)
  })

  it.each(ofOne)('%s drafts%s wants an id that is a UUID', async (method, at, body) => {
    const response = await api.call(method, `${path}${at.replace(':id', '17')}`, { as: form.key, body })
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_id'])
  })
})
