import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers } from './definitions.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'
import { expectSoundDatabase } from './sound-database.ts'

type Person = { cookie: string; id: string; email: string }
type Entry = { kind: string; by: string; byName: string | null; code: string | null; assignedTo: object | null }

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
const edits = (id: string, as: As) => api.call('GET', `/submissions/${id}/edits`, { as })
const history = (id: string, as: As) => api.call('GET', `/submissions/${id}/history`, { as })
const put = (id: string, body: unknown, as: As) => api.call('PUT', `/submissions/${id}`, { as, body })

async function submitAs(person: As, more: object = {}): Promise<string> {
  const path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
  const body = { submission: { data: plainAnswers }, ...more }
  return ok(await api.call('POST', path, { as: person, body })).id
}

describe('GET edits', () => {
  it('tells who changed, deleted and restored it, newest first, and not of its making', async () => {
    const id = await api.submit(form)
    expect(ok(await edits(id, reviewer))).toEqual([])
    ok(await put(id, { submission: { data: plainAnswers } }, reviewer))
    ok(await api.call('DELETE', `/submissions/${id}`, { as: form.key }))
    ok(await api.call('PUT', `/submissions/${id}/restore`, { as: api.owner, body: {} }))
    const list = ok(await edits(id, reviewer))
    expect(list[0]).toEqual({
      id: expect.any(Number),
      updatedByUsername: 'owner@example.org',
      actionTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      action: 'U',
      kind: 'restored',
    })
    expect(
      list.map((each: { kind: string; updatedByUsername: string }) => [each.kind, each.updatedByUsername]),
    ).toEqual([
      ['restored', 'owner@example.org'],
      ['deleted', 'api-key:Default'],
      ['updated', reviewer.email],
    ])
  })

  it('tells of many deleted at once, each once', async () => {
    const ids = [await api.submit(form), await api.submit(form)]
    const path = `/submissions/${ids[0]}/${form.formId}/submissions`
    for (let time = 0; time < 2; time += 1)
      ok(await api.call('DELETE', path, { as: api.owner, body: { submissionIds: ids } }))
    for (const id of ids) expect(ok(await edits(id, reviewer))).toMatchObject([{ kind: 'deleted' }])
  })

  it('does not tell of saved drafts', async () => {
    const id = await api.submit(form, {}, { draft: true })
    ok(await put(id, { draft: true, submission: { data: { name: 'A' } } }, reviewer))
    ok(await put(id, { draft: false, submission: { data: plainAnswers } }, reviewer))
    expect(ok(await edits(id, reviewer))).toEqual([])
  })

  it('gives all of more than a batch', async () => {
    const id = await api.submit(form)
    await api.database.pool.query(
      `insert into submission_edit (submission_id, kind, draft, created_by)
       select $1, 'updated', false, n::text from generate_series(1, 1203) n`,
      [id],
    )
    const list = ok(await edits(id, reviewer))
    expect(list.map(({ updatedByUsername }: { updatedByUsername: string }) => updatedByUsername)).toEqual(
      Array.from({ length: 1203 }, (_, place) => String(1203 - place)),
    )
  })
})

describe('GET history', () => {
  it('tells the whole story, newest first, with names and statuses', async () => {
    const person = await api.addPerson(`ada-${randomUUID().slice(0, 8)}@example.org`)
    const id = await submitAs(person)
    ok(await setStatus(id, { code: 'ASSIGNED', assignedToUserId: reviewer.id }, api.owner))
    ok(await put(id, { submission: { data: plainAnswers } }, reviewer))
    ok(await setStatus(id, { code: 'COMPLETED' }, reviewer))
    ok(await api.call('DELETE', `/submissions/${id}`, { as: form.key }))
    const { complete, entries } = ok(await history(id, reviewer))
    expect(complete).toBe(true)
    expect(entries.map(({ kind, code, by }: Entry) => [kind, code, by.split('-')[0]])).toEqual([
      ['deleted', null, 'api'],
      ['status', 'COMPLETED', 'submission_reviewer'],
      ['updated', null, 'submission_reviewer'],
      ['status', 'ASSIGNED', 'owner@example.org'],
      ['status', 'SUBMITTED', 'ada'],
      ['created', null, 'ada'],
    ])
    expect(entries[0].byName).toBeNull()
    expect(entries[3]).toMatchObject({
      byName: 'owner',
      assignedTo: { id: reviewer.id, fullName: reviewer.email.split('@')[0] },
    })
  })

  it('says when it is not complete', async () => {
    const id = await api.submit(form)
    await api.database.pool.query(
      `insert into submission_edit (submission_id, kind, draft, created_by)
       select $1, 'updated', false, 'many' from generate_series(1, 1000)`,
      [id],
    )
    const { complete, entries } = ok(await history(id, reviewer))
    expect([complete, entries.length, entries[0].by]).toEqual([false, 1000, 'many'])
  })
})

describe.each([
  ['edits', edits],
  ['history', history],
] as const)('GET %s', (_, call) => {
  it('is for no key, for nobody, and not for the submitter or another form’s team', async () => {
    const person = await api.addPerson(`${randomUUID()}@example.org`)
    const id = await submitAs(person)
    expectProblem(await call(id, undefined), 401, 'unauthorized')
    expectProblem(await call(id, form.key), 401, 'unauthorized')
    expectProblem(await call(id, person), 404, 'not_found')
    expectProblem(await call(id, await addTo('submission_reviewer', await api.addForm())), 404, 'not_found')
    expectProblem(await call(randomUUID(), reviewer), 404, 'not_found')
    expectProblem(await call('17', reviewer), 400, 'invalid_id')
  })
})
