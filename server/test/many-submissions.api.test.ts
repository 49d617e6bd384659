import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers, plainForm } from './definitions.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'
import { expectSoundDatabase } from './sound-database.ts'

let api: Api
let form: TestForm
let other: TestForm

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm({ access: 'login', settings: { enableSubmitterDraft: true } })
  other = await api.addForm({ access: 'team' })
})
afterAll(async () => {
  await expectSoundDatabase(api.database.pool)
  await api.close()
})

type Target = { path: string; formId: string }
const remove = ({ path, formId }: Target, submissionIds: unknown, as: As) =>
  api.call('DELETE', `/submissions/${path}/${formId}/submissions`, { as, body: { submissionIds } })
const restore = ({ path, formId }: Target, submissionIds: unknown, as: As) =>
  api.call('PUT', `/submissions/${path}/${formId}/submissions/restore`, { as, body: { submissionIds } })
const submitMany = (count: number, target = form) =>
  Promise.all(Array.from({ length: count }, () => api.submit(target)))

async function rowsOf(ids: string[]) {
  const { rows } = await api.database.pool.query(
    'select id, deleted, updated_by, updated_at from submission where id = any($1) order by id',
    [ids],
  )
  return rows
}

const deletedOf = async (ids: string[]) => (await rowsOf(ids)).map(({ deleted }) => deleted)

describe.each([
  ['DELETE', remove, true],
  ['PUT restore', restore, false],
] as const)('%s of many', (_, call, wanted) => {
  async function prepared(count: number): Promise<[string[], Target]> {
    const ids = await submitMany(count)
    const target = { path: ids[0] ?? '', formId: form.formId }
    if (!wanted) ok(await remove(target, ids, api.owner))
    return [ids, target]
  }

  it('does it for all that are named and for no other', async () => {
    const [ids, target] = await prepared(4)
    const [spared = '', ...named] = ids
    const response = await call(target, named, api.owner)
    expect(response.statusCode).toBe(200)
    expect(await deletedOf(named)).toEqual([wanted, wanted, wanted])
    expect(await deletedOf([spared])).toEqual([!wanted])
  })

  it('answers with the submissions as they are now, their versions and their form', async () => {
    const draft = ok(
      await api.call('POST', `/forms/${form.formId}/drafts`, { as: form.key, body: { schema: plainForm } }),
    )
    const newer = ok(await api.call('POST', `/forms/${form.formId}/drafts/${draft.id}/publish`, { as: form.key }))
    const [ids, target] = await prepared(2)
    const ofNewer = await api.submit({ ...form, versionId: newer.id })
    const reply = ok(await call(target, [ofNewer, ...ids], api.owner))
    expect(reply.submission.map(({ id, deleted }: { id: string; deleted: boolean }) => [id, deleted])).toEqual([
      [ofNewer, wanted],
      ...ids.map((id) => [id, wanted]),
    ])
    expect(reply.submission[0].submission.data).toEqual(plainAnswers)
    expect(reply.version.map(({ id }: { id: string }) => id)).toEqual([newer.id, form.versionId])
    expect(reply.version[0].schema).toEqual(plainForm)
    expect(reply.form.map(({ id }: { id: string }) => id)).toEqual([form.formId])
  })

  it('changes nothing when one id is of another form, or of none', async () => {
    const [ids, target] = await prepared(2)
    for (const stranger of [await api.submit(other), randomUUID()]) {
      const before = await rowsOf([...ids, stranger])
      const response = await call(target, [...ids, stranger], api.owner)
      expectProblem(response, 404, 'not_found')
      expect(await rowsOf([...ids, stranger])).toEqual(before)
    }
  })

  it('names who did it, and leaves those that were so already as they were', async () => {
    const [ids, target] = await prepared(2)
    const [first = '', second = ''] = ids
    ok(await call(target, [first], api.owner))
    const [before] = await rowsOf([first])
    const person = await addTo('submission_reviewer', form)
    ok(await call(target, [first, second], person))
    expect((await rowsOf([first]))[0]).toEqual(before)
    expect((await rowsOf([second]))[0]?.updated_by).toBe(person.email)
  })

  it('takes an id twice, and in capitals, for one', async () => {
    const [[id = ''], target] = await prepared(1)
    const reply = ok(await call(target, [id, id.toUpperCase()], api.owner))
    expect(reply.submission).toHaveLength(1)
    expect(await deletedOf([id])).toEqual([wanted])
  })

  it('finishes both of two calls that name the same in another order', async () => {
    const [ids, target] = await prepared(6)
    const answers = await Promise.all(
      [ids, ids.toReversed(), ids, ids.toReversed()].map((each) => call(target, each, api.owner)),
    )
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200])
    expect(new Set(await deletedOf(ids))).toEqual(new Set([wanted]))
  })

  it.each([[undefined], [[]], ['all'], [['17']], [[null]], [Array.from({ length: 1001 }, () => randomUUID())]])(
    'refuses bodies that name none, no ids or too many',
    async (submissionIds) => {
      const [ids, target] = await prepared(1)
      expectProblem(await call(target, submissionIds, api.owner), 422, 'invalid_body')
      expect(await deletedOf(ids)).toEqual([!wanted])
    },
  )

  it('is 404 when the path names a form that is not the submission’s', async () => {
    const [ids, target] = await prepared(1)
    const foreign = await api.submit(other)
    for (const wrong of [
      { ...target, formId: other.formId },
      { ...target, formId: randomUUID() },
      { ...target, path: foreign },
      { ...target, path: randomUUID() },
    ]) {
      expectProblem(await call(wrong, ids, api.owner), 404, 'not_found')
      expectProblem(await call(wrong, [foreign], api.owner), 404, 'not_found')
    }
    expect(await deletedOf([...ids])).toEqual([!wanted])
    expect(await deletedOf([foreign])).toEqual([false])
  })

  it('is for no key and for nobody', async () => {
    const [ids, target] = await prepared(1)
    expectProblem(await call(target, ids, form.key), 401, 'unauthorized')
    expectProblem(await call(target, ids, undefined), 401, 'unauthorized')
    expect(await deletedOf(ids)).toEqual([!wanted])
  })

  it.each(['team_manager', 'form_designer', 'submission_approver', 'form_submitter'])(
    'is not for a %s',
    async (role) => {
      const [ids, target] = await prepared(1)
      expectProblem(await call(target, ids, await addTo(role, form)), 404, 'not_found')
      expect(await deletedOf(ids)).toEqual([!wanted])
    },
  )
})

it('gives the submitter of a draft no hold of other people’s submissions', async () => {
  const person = await addTo('form_submitter', form)
  const path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
  const draft = ok(await api.call('POST', path, { as: person, body: { draft: true, submission: { data: {} } } }))
  const foreign = await api.submit(form)
  const target = { path: draft.id, formId: form.formId }
  expectProblem(await remove(target, [foreign], person), 404, 'not_found')
  expect(await deletedOf([foreign])).toEqual([false])
})

async function addTo(role: string, { formId }: TestForm) {
  const email = `${role}-${randomUUID()}@example.org`
  const person = await api.addPerson(email)
  await api.database.pool.query(
    `insert into form_role_user (form_id, user_id, role, created_by) values ($1, $2, $3, 'test')`,
    [formId, person.id, role],
  )
  return { ...person, email }
}
