import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers } from './definitions.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'
import { expectSoundDatabase } from './sound-database.ts'

let api: Api
let form: TestForm
let person: { cookie: string; id: string }
let neighbour: { cookie: string; id: string }

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm({ access: 'login', settings: { enableSubmitterDraft: true } })
  person = await api.addPerson('person@example.org')
  neighbour = await api.addPerson('neighbour@example.org')
})
afterAll(async () => {
  await expectSoundDatabase(api.database.pool)
  await api.close()
})

const post = (as: As, draft: boolean, data: object, { formId, versionId } = form) =>
  api.call('POST', `/forms/${formId}/versions/${versionId}/submissions`, {
    as,
    body: { draft, submission: { data } },
  })
const save = async (as: As, data: object = {}): Promise<string> => ok(await post(as, true, data)).id
const read = (id: string, as: As) => api.call('GET', `/submissions/${id}`, { as })
const put = (id: string, draft: boolean, data: object, as: As) =>
  api.call('PUT', `/submissions/${id}`, { as, body: { draft, submission: { data } } })
const remove = (id: string, as: As) => api.call('DELETE', `/submissions/${id}`, { as })
const own = (as: As, query: Record<string, string> = {}) => api.call('GET', '/rbac/current/submissions', { as, query })
const ownIds = async (as: As, query: Record<string, string> = {}) =>
  ok(await own(as, query)).map((each: { formSubmissionId: string }) => each.formSubmissionId)

describe('a respondent’s draft', () => {
  it('is saved half done, found again, continued and submitted', async () => {
    const id = await save(person, { age: 36 })
    expect(await ownIds(person, { formId: form.formId })).toContain(id)
    expect(ok(await read(id, person)).submission).toMatchObject({ draft: true, submission: { data: { age: 36 } } })
    ok(await put(id, true, { age: 36, name: 'Ada' }, person))
    const response = await put(id, false, plainAnswers, person)
    expect(response.statusCode).toBe(200)
    expect(response.json().submission).toMatchObject({
      draft: false,
      confirmationId: id.slice(0, 8).toUpperCase(),
      submission: { data: plainAnswers },
    })
    const statuses = ok(await api.call('GET', `/submissions/${id}/status`, { as: form.key }))
    expect(statuses).toMatchObject([{ code: 'SUBMITTED', createdBy: 'person@example.org' }])
  })

  it('stays a draft, with what was saved, when it is submitted incomplete', async () => {
    const id = await save(person, { age: 36 })
    const response = await put(id, false, { age: 200 }, person)
    expectProblem(response, 422, 'invalid_submission')
    expect(
      response
        .json()
        .errors.map(({ key }: { key: string }) => key)
        .sort(),
    ).toEqual(['age', 'name'])
    expect(ok(await read(id, person)).submission).toMatchObject({ draft: true, submission: { data: { age: 36 } } })
  })

  it('becomes one submission when it is submitted twice at once, and can be read then', async () => {
    const id = await save(person)
    const answers = await Promise.all([put(id, false, plainAnswers, person), put(id, false, plainAnswers, person)])
    expect(answers.map(({ statusCode }) => statusCode)).toContain(200)
    expect(ok(await read(id, person)).submission.draft).toBe(false)
    expect(ok(await api.call('GET', `/submissions/${id}/status`, { as: form.key }))).toHaveLength(1)
  })

  it('cannot be changed, saved or deleted any more once it is submitted', async () => {
    const id = await save(person)
    ok(await put(id, false, plainAnswers, person))
    expectProblem(await put(id, false, plainAnswers, person), 404, 'not_found')
    expectProblem(await put(id, true, {}, person), 404, 'not_found')
    expectProblem(await remove(id, person), 404, 'not_found')
    expect(ok(await read(id, person)).submission).toMatchObject({ draft: false, deleted: false })
  })

  it('can be deleted by its owner, and is gone for them then', async () => {
    const id = await save(person)
    expect((await remove(id, person)).statusCode).toBe(200)
    expectProblem(await read(id, person), 404, 'not_found')
    expectProblem(await put(id, true, {}, person), 404, 'not_found')
    expect(await ownIds(person)).not.toContain(id)
  })

  it('is not deleted by its owner while the team waits for its revision', async () => {
    const id = ok(await post(person, false, plainAnswers)).id
    ok(await api.call('POST', `/submissions/${id}/status`, { as: api.owner, body: { code: 'REVISING' } }))
    expectProblem(await remove(id, person), 404, 'not_found')
    const [shown] = ok(await own(person, { formSubmissionId: id }))
    expect(shown).toMatchObject({
      draft: true,
      submissionStatus: [{ code: 'REVISING' }],
      permissions: ['submission_read', 'submission_update'],
    })
    expect((await put(id, false, plainAnswers, person)).statusCode).toBe(200)
  })

  it('is 404 for another person, who changes nothing', async () => {
    const id = await save(person, { name: 'Ada' })
    expectProblem(await read(id, neighbour), 404, 'not_found')
    expectProblem(await put(id, true, {}, neighbour), 404, 'not_found')
    expectProblem(await put(id, false, plainAnswers, neighbour), 404, 'not_found')
    expectProblem(await remove(id, neighbour), 404, 'not_found')
    expect(await ownIds(neighbour)).toEqual([])
    expect(ok(await read(id, person)).submission).toMatchObject({ draft: true, submission: { data: { name: 'Ada' } } })
  })

  it('is 401 for nobody', async () => {
    const id = await save(person)
    expectProblem(await read(id, undefined), 401, 'unauthorized')
    expectProblem(await put(id, true, {}, undefined), 401, 'unauthorized')
    expectProblem(await remove(id, undefined), 401, 'unauthorized')
  })

  it('needs somebody to belong to and a form that keeps drafts', async () => {
    const open = await api.addForm({ access: 'public', settings: { enableSubmitterDraft: true } })
    expectProblem(await post(undefined, true, {}, open), 403, 'forbidden')
    const none = await api.addForm({ access: 'login' })
    expectProblem(await post(person, true, {}, none), 403, 'forbidden')
  })
})

describe('GET rbac/current/submissions', () => {
  it('shows each with its form, its state and what may be done with it', async () => {
    const id = await save(neighbour)
    const [shown] = ok(await own(neighbour))
    expect(shown).toEqual({
      formSubmissionId: id,
      formId: form.formId,
      formVersionId: form.versionId,
      version: 1,
      name: 'Survey',
      description: null,
      active: true,
      confirmationId: id.slice(0, 8).toUpperCase(),
      draft: true,
      lateEntry: false,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      userId: neighbour.id,
      enableStatusUpdates: false,
      enableSubmitterDraft: true,
      submissionStatus: [],
      permissions: ['submission_read', 'submission_update', 'submission_delete'],
    })
  })

  it('lists them newest first, those of one form or one alone where asked', async () => {
    const somebody = await api.addPerson(`${randomUUID()}@example.org`)
    const other = await api.addForm({ access: 'login' })
    const first = await save(somebody)
    const second = ok(await post(somebody, false, plainAnswers, other)).id
    const third = await save(somebody)
    expect(await ownIds(somebody)).toEqual([third, second, first])
    expect(await ownIds(somebody, { formId: form.formId })).toEqual([third, first])
    expect(await ownIds(somebody, { formId: other.formId })).toEqual([second])
    expect(await ownIds(somebody, { formSubmissionId: first })).toEqual([first])
  })

  it('gives all of more than a batch, each once', async () => {
    const somebody = await api.addPerson(`${randomUUID()}@example.org`)
    const target = await api.addForm({ access: 'login', settings: { allowSubmitterToUploadFile: true } })
    const path = `/forms/${target.formId}/versions/${target.versionId}/multiSubmission`
    const body = { submission: { data: Array.from({ length: 600 }, () => plainAnswers) } }
    ok(await api.call('POST', path, { as: somebody, body }))
    ok(await api.call('POST', path, { as: somebody, body }))
    expect(new Set(await ownIds(somebody)).size).toBe(1200)
    expect(await ownIds(somebody)).toHaveLength(1200)
  })

  it('leaves out those of deleted forms, unless they are asked for', async () => {
    const somebody = await api.addPerson(`${randomUUID()}@example.org`)
    const target = await api.addForm({ access: 'login' })
    const { id } = ok(await post(somebody, false, plainAnswers, target))
    ok(await api.call('DELETE', `/forms/${target.formId}`, { as: api.owner }))
    expect(await ownIds(somebody)).toEqual([])
    expect(await ownIds(somebody, { active: 'false' })).toEqual([id])
  })

  it('never lists what a key, a stranger or another person stored, not even for the form’s owner', async () => {
    await api.submit(form)
    expect(await ownIds(api.owner, { formId: form.formId })).toEqual([])
    expect(await ownIds(person, { userId: neighbour.id })).toEqual(await ownIds(person))
  })

  it('is for no key and for nobody, and wants ids that are UUIDs', async () => {
    expectProblem(await own(form.key), 401, 'unauthorized')
    expectProblem(await own(undefined), 401, 'unauthorized')
    expectProblem(await own(person, { formId: '17' }), 400, 'invalid_query')
  })
})
