import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers } from './definitions.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'
import { expectSoundDatabase } from './sound-database.ts'

type Person = { cookie: string; id: string; email: string }

let api: Api
let form: TestForm
let reviewer: Person

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm({ access: 'login' })
  reviewer = await addTo('submission_reviewer')
})
afterAll(async () => {
  await expectSoundDatabase(api.database.pool)
  await api.close()
})

async function addTo(role: string, { formId } = form): Promise<Person> {
  const email = `${role}-${randomUUID().slice(0, 8)}@example.org`
  const person = await api.addPerson(email)
  await api.database.pool.query(
    `insert into form_role_user (form_id, user_id, role, created_by) values ($1, $2, $3, 'test')`,
    [formId, person.id, role],
  )
  return { ...person, email }
}

const setStatus = (id: string, body: unknown, as: As) => api.call('POST', `/submissions/${id}/status`, { as, body })
const put = (id: string, body: unknown, as: As) => api.call('PUT', `/submissions/${id}`, { as, body })
const read = async (id: string) => ok(await api.call('GET', `/submissions/${id}`, { as: form.key })).submission
const statuses = async (id: string): Promise<string[]> =>
  ok(await api.call('GET', `/submissions/${id}/status`, { as: form.key })).map(({ code }: { code: string }) => code)

async function submitAs(person: As, more: object = {}): Promise<string> {
  const path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
  const body = { submission: { data: plainAnswers }, ...more }
  return ok(await api.call('POST', path, { as: person, body })).id
}

describe('POST status', () => {
  it('gives the next status, with who gave it', async () => {
    const id = await api.submit(form)
    const response = await setStatus(id, { code: 'COMPLETED', actionDate: '2026-05-01T10:00:00.000Z' }, reviewer)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({
      id: expect.any(String),
      submissionId: id,
      code: 'COMPLETED',
      assignedToUserId: null,
      actionDate: '2026-05-01T10:00:00.000Z',
      user: null,
      createdBy: reviewer.email,
    })
    expect(await statuses(id)).toEqual(['COMPLETED', 'SUBMITTED'])
  })

  it('leaves the submission itself as it was', async () => {
    const id = await api.submit(form)
    const before = await read(id)
    ok(await setStatus(id, { code: 'COMPLETED' }, reviewer))
    expect(await read(id)).toEqual(before)
  })

  it('shows in the list of submissions at once', async () => {
    const id = await api.submit(form)
    ok(await setStatus(id, { code: 'ASSIGNED', assignedToUserId: reviewer.id }, api.owner))
    const query = { submissionId: id, filterAssignedToCurrentUser: 'true' }
    const [item] = ok(await api.call('GET', `/forms/${form.formId}/submissions`, { as: reviewer, query }))
    expect(item).toMatchObject({ submissionId: id, formSubmissionStatusCode: 'ASSIGNED' })
  })

  it('assigns to a reviewer, to an approver, and from one to the other', async () => {
    const id = await api.submit(form)
    for (const person of [reviewer, await addTo('submission_approver'), reviewer]) {
      const status = ok(await setStatus(id, { code: 'ASSIGNED', assignedToUserId: person.id }, api.owner))
      expect(status).toMatchObject({ assignedToUserId: person.id, user: { id: person.id, email: person.email } })
    }
    expect(await statuses(id)).toEqual(['ASSIGNED', 'ASSIGNED', 'ASSIGNED', 'SUBMITTED'])
  })

  it('finds people to assign among the team, by their permission', async () => {
    const query = { formId: form.formId, permissions: 'submission_review' }
    const found = ok(await api.call('GET', '/rbac/forms', { as: reviewer, query }))
    expect(found.map(({ userId }: { userId: string }) => userId)).toEqual(
      expect.arrayContaining([api.owner.id, reviewer.id]),
    )
  })

  it.each<[string, () => Promise<object>]>([
    ['nobody', async () => ({})],
    ['a stranger', async () => ({ assignedToUserId: (await api.addPerson(`${randomUUID()}@example.org`)).id })],
    ['somebody without the right', async () => ({ assignedToUserId: (await addTo('form_submitter')).id })],
    ['a person who does not exist', async () => ({ assignedToUserId: randomUUID() })],
    [
      'a reviewer of another form',
      async () => ({ assignedToUserId: (await addTo('submission_reviewer', await api.addForm())).id }),
    ],
  ])('refuses to assign to %s', async (_, assignee) => {
    const id = await api.submit(form)
    const response = await setStatus(id, { code: 'ASSIGNED', ...(await assignee()) }, reviewer)
    expectProblem(response, 422, 'invalid_body')
    expect(response.json().errors[0].path).toBe('assignedToUserId')
    expect(await statuses(id)).toEqual(['SUBMITTED'])
  })

  it('refuses a status to which the present one does not lead, and says where it does', async () => {
    const id = await api.submit(form)
    ok(await setStatus(id, { code: 'COMPLETED' }, reviewer))
    const response = await setStatus(id, { code: 'COMPLETED' }, reviewer)
    expectProblem(response, 409, 'status_not_allowed')
    expect(response.json().detail).toContain('ASSIGNED or REVISING')
    expect(await statuses(id)).toEqual(['COMPLETED', 'SUBMITTED'])
  })

  it('refuses it to a draft and to what is deleted', async () => {
    const draft = await api.submit(form, {}, { draft: true })
    expectProblem(await setStatus(draft, { code: 'COMPLETED' }, reviewer), 409, 'status_not_allowed')
    const deleted = await api.submit(form)
    ok(await api.call('DELETE', `/submissions/${deleted}`, { as: form.key }))
    expectProblem(await setStatus(deleted, { code: 'COMPLETED' }, reviewer), 409, 'status_not_allowed')
    expect(await statuses(draft)).toEqual([])
  })

  it.each<[string, unknown]>([
    ['an unknown status', { code: 'LOST' }],
    ['no status', {}],
    ['a date that is none', { code: 'COMPLETED', actionDate: 'soon' }],
    ['an id that is none', { code: 'ASSIGNED', assignedToUserId: '17' }],
    ['a misspelt member', { code: 'COMPLETED', asignedTo: '17' }],
    ['an id of its own', { code: 'COMPLETED', id: randomUUID() }],
  ])('refuses %s', async (_, body) => {
    const id = await api.submit(form)
    expectProblem(await setStatus(id, body, reviewer), 422, 'invalid_body')
    expect(await statuses(id)).toEqual(['SUBMITTED'])
  })

  it('takes the members for e-mails', async () => {
    const body = {
      code: 'COMPLETED',
      assignedToUserId: null,
      assignmentNotificationEmail: 'a@example.org',
      submissionUserEmails: ['b@example.org'],
      revisionNotificationEmailContent: 'Well done',
    }
    expect((await setStatus(await api.submit(form), body, reviewer)).statusCode).toBe(200)
  })

  it('lets one of two win who give different statuses at once', async () => {
    const id = await api.submit(form)
    const answers = await Promise.all([
      setStatus(id, { code: 'COMPLETED' }, reviewer),
      setStatus(id, { code: 'REVISING' }, api.owner),
    ])
    const codes = answers.map(({ statusCode }) => statusCode).sort()
    expect([[200, 409].join(), [200, 200].join()]).toContain(codes.join())
    expect(await statuses(id)).toHaveLength(1 + codes.filter((code) => code === 200).length)
  })

  it('is for nobody, for no key without the scope and not for a submitter', async () => {
    const person = await api.addPerson(`${randomUUID()}@example.org`)
    const id = await submitAs(person)
    expectProblem(await setStatus(id, { code: 'COMPLETED' }, undefined), 401, 'unauthorized')
    expectProblem(await setStatus(id, { code: 'COMPLETED' }, form.key), 403, 'insufficient_scope')
    expectProblem(await setStatus(id, { code: 'COMPLETED' }, person), 404, 'not_found')
    const stranger = await addTo('submission_reviewer', await api.addForm())
    expectProblem(await setStatus(id, { code: 'COMPLETED' }, stranger), 404, 'not_found')
    expect(await statuses(id)).toEqual(['SUBMITTED'])
  })
})

describe('a revision', () => {
  async function sentBack() {
    const person = await api.addPerson(`${randomUUID()}@example.org`)
    const id = await submitAs(person)
    expectProblem(await put(id, { submission: { data: plainAnswers } }, person), 404, 'not_found')
    ok(await setStatus(id, { code: 'REVISING' }, reviewer))
    return { person, id }
  }

  it('lets the submitter change it, keep it half done, and submit it again', async () => {
    const { person, id } = await sentBack()
    expect((await read(id)).draft).toBe(true)
    ok(await put(id, { draft: true, submission: { data: {} } }, person))
    ok(await put(id, { draft: false, submission: { data: { ...plainAnswers, name: 'Grace' } } }, person))
    expect(await read(id)).toMatchObject({ draft: false, submission: { data: { name: 'Grace' } } })
    expect(await statuses(id)).toEqual(['SUBMITTED', 'REVISING', 'SUBMITTED'])
    expectProblem(await put(id, { submission: { data: plainAnswers } }, person), 404, 'not_found')
  })

  it('is possible when the form has closed since', async () => {
    const { person, id } = await sentBack()
    const schedule = { enabled: true, scheduleType: 'closingDate', closeSubmissionDateTime: '2020-01-01T00:00:00Z' }
    ok(await api.call('PUT', `/forms/${form.formId}`, { as: api.owner, body: { schedule } }))
    const response = await put(id, { draft: false, submission: { data: plainAnswers } }, person)
    ok(await api.call('PUT', `/forms/${form.formId}`, { as: api.owner, body: { schedule: { enabled: false } } }))
    expect(response.statusCode).toBe(200)
  })

  it('can be ended by the team, if it is complete', async () => {
    const { person, id } = await sentBack()
    ok(await put(id, { draft: true, submission: { data: {} } }, person))
    expectProblem(await setStatus(id, { code: 'COMPLETED' }, reviewer), 422, 'invalid_submission')
    expect((await read(id)).draft).toBe(true)
    ok(await put(id, { draft: true, submission: { data: plainAnswers } }, person))
    ok(await setStatus(id, { code: 'COMPLETED' }, reviewer))
    expect((await read(id)).draft).toBe(false)
    expect(await statuses(id)).toEqual(['COMPLETED', 'REVISING', 'SUBMITTED'])
  })
})
