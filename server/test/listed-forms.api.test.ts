import { afterAll, beforeAll, expect, it } from 'vitest'
import { plainForm } from './definitions.ts'
import { type Api, ok, openApi } from './harness.ts'

let api: Api

beforeAll(async () => {
  api = await openApi()
})
afterAll(() => api.close())

const listed = async (formId: string) =>
  ok(await api.call('GET', '/rbac/current/forms', { as: api.owner, query: { formId } }))[0]

it('tells of each form what it is for, its version, its roles and its times', async () => {
  const { formId, versionId } = await api.addForm({ settings: { description: 'For everybody' } })
  expect(await listed(formId)).toMatchObject({
    formId,
    formName: 'Survey',
    description: 'For everybody',
    formVersionId: versionId,
    version: 1,
    published: true,
    submissionCount: 0,
    scheduleState: 'open',
    roles: expect.arrayContaining(['owner']),
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  })
})

it('tells of a form that has no version yet', async () => {
  const { id } = ok(await api.call('POST', '/forms', { as: api.owner, body: { name: 'New', schema: plainForm } }))
  expect(await listed(id)).toMatchObject({ version: null, published: null, submissionCount: 0, description: null })
})

it('counts what was submitted, without drafts, what was deleted and other forms', async () => {
  const form = await api.addForm()
  await api.submit(await api.addForm())
  const [deleted] = [await api.submit(form), await api.submit(form), await api.submit(form)]
  await api.submit(form, {}, { draft: true })
  ok(await api.call('DELETE', `/submissions/${deleted}`, { as: form.key }))
  expect((await listed(form.formId)).submissionCount).toBe(2)
})

it.each([
  ['notYet', { openSubmissionDateTime: '2999-01-01T00:00:00Z' }],
  ['closed', { closeSubmissionDateTime: '2020-01-01T00:00:00Z' }],
  ['open', { closeSubmissionDateTime: '2999-01-01T00:00:00Z' }],
])('says that the schedule is %s', async (state, times) => {
  const schedule = { enabled: true, scheduleType: 'period', openSubmissionDateTime: '2000-01-01T00:00:00Z', ...times }
  const { formId } = await api.addForm({ settings: { schedule } })
  expect((await listed(formId)).scheduleState).toBe(state)
})
