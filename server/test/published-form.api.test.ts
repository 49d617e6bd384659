import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainForm } from './definitions.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let form: TestForm

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm()
})
afterAll(() => api.close())

const create = (body: unknown, as: As = api.owner) => api.call('POST', '/forms', { as, body })
const remove = (formId: string, as: As = api.owner) => api.call('DELETE', `/forms/${formId}`, { as })

const stamps = {
  createdBy: 'owner@example.org',
  createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  updatedBy: null,
  updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
}

describe('GET the published form', () => {
  it('gives the form with its published version and the definition as it was sent', async () => {
    const response = await api.call('GET', `/forms/${form.formId}/version`, { as: form.key })
    expect(response.statusCode).toBe(200)
    const shown = response.json()
    expect(shown).toMatchObject({
      id: form.formId,
      name: 'Survey',
      schedule: { expire: false, allowLateSubmissions: false, message: '' },
      versions: [{ id: form.versionId, formId: form.formId, version: 1, published: true, ...stamps }],
    })
    expect(JSON.stringify(shown.versions[0].schema)).toBe(JSON.stringify(plainForm))
    expect(shown).not.toHaveProperty('submissionReceivedEmails')
  })

  it('gives no version when none is published', async () => {
    const { id } = ok(await create({ name: 'Draft only', schema: plainForm }))
    expect(ok(await api.call('GET', `/forms/${id}/version`, { as: api.owner })).versions).toEqual([])
  })

  it('tells respondents that the form is closed, and not when', async () => {
    const schedule = { enabled: true, scheduleType: 'closingDate', closeSubmissionDateTime: '2020-01-01' }
    const closed = await api.addForm({ settings: { schedule } })
    const shown = ok(await api.call('GET', `/forms/${closed.formId}/version`))
    expect(shown.schedule).toEqual({
      expire: true,
      state: 'closed',
      allowLateSubmissions: false,
      message: 'The time for submissions is over.',
    })
  })
})

describe('GET options', () => {
  it('gives anybody what a page must know before anybody signs in, and no more', async () => {
    const target = await api.addForm({ access: 'login', settings: { submissionReceivedEmails: ['a@example.org'] } })
    const response = await api.call('GET', `/forms/${target.formId}/options`)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({
      id: target.formId,
      name: 'Survey',
      description: null,
      enableSubmissionUrlSharing: false,
      showSubmissionConfirmation: true,
      enableSubmitterEmailReceipt: false,
      hideSubmissionContentOnSuccess: false,
      idpHints: ['login'],
      snake: 'survey',
    })
  })

  it('answers 404 for a form that is unknown or deleted', async () => {
    const target = await api.addForm()
    ok(await remove(target.formId))
    for (const id of [target.formId, randomUUID()]) {
      expect((await api.call('GET', `/forms/${id}/options`)).statusCode).toBe(404)
    }
  })
})

describe('GET statusCodes', () => {
  it('names the codes of the form, with what may follow each', async () => {
    const response = await api.call('GET', `/forms/${form.formId}/statusCodes`, { as: form.key })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toHaveLength(4)
    expect(response.json()[3]).toEqual({
      id: expect.any(String),
      formId: form.formId,
      code: 'SUBMITTED',
      statusCode: { code: 'SUBMITTED', display: 'Submitted', nextCodes: ['ASSIGNED', 'COMPLETED', 'REVISING'] },
      ...stamps,
    })
  })
})
