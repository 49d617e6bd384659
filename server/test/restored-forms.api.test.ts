import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../src/access/permission.ts'
import { plainAnswers } from './definitions.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let serverOwner: { cookie: string; id: string }

beforeAll(async () => {
  api = await openApi()
  serverOwner = await api.addPerson('operator@example.org')
  await api.database.pool.query('update app_user set server_owner = true where id = $1', [serverOwner.id])
})
afterAll(() => api.close())

const restore = (formId: string, as: As) => api.call('PUT', `/forms/${formId}/restore`, { as })
const restoreAsAdmin = (formId: string, as: As) => api.call('PUT', `/admin/forms/${formId}/restore`, { as })
const remove = (formId: string) => api.call('DELETE', `/forms/${formId}`, { as: api.owner })
const get = (formId: string, as: As) => api.call('GET', `/forms/${formId}`, { as })
const listed = async (active: boolean): Promise<string[]> => {
  const query = { active: String(active) }
  const forms = ok(await api.call('GET', '/rbac/current/forms', { as: api.owner, query }))
  return forms.map(({ formId }: { formId: string }) => formId)
}

async function deletedForm(): Promise<TestForm> {
  const form = await api.addForm({ access: 'public' })
  ok(await remove(form.formId))
  return form
}

async function restoredRecords(formId: string) {
  const { rows } = await api.database.pool.query(
    `select actor from audit_event where form_id = $1 and action = 'form.restored'`,
    [formId],
  )
  return rows
}

describe('PUT restore', () => {
  it('brings the form back as it was, with its versions, submissions and team', async () => {
    const form = await api.addForm({ access: 'public' })
    const id = await api.submit(form)
    const before = ok(await get(form.formId, api.owner))
    ok(await remove(form.formId))
    const response = await restore(form.formId, api.owner)
    expect(response.statusCode).toBe(200)
    const after = { ...before, updatedBy: 'owner@example.org', updatedAt: expect.any(String) }
    expect(response.json()).toEqual(after)
    expect(ok(await get(form.formId, api.owner))).toEqual(after)
    expect(ok(await api.call('GET', `/submissions/${id}`, { as: api.owner })).submission.submission.data).toEqual(
      plainAnswers,
    )
  })

  it('takes the form from the list of the deleted back into that of the living', async () => {
    const { formId } = await deletedForm()
    expect([(await listed(true)).includes(formId), (await listed(false)).includes(formId)]).toEqual([false, true])
    ok(await restore(formId, api.owner))
    expect([(await listed(true)).includes(formId), (await listed(false)).includes(formId)]).toEqual([true, false])
  })

  it('lets respondents submit again', async () => {
    const { formId, versionId } = await deletedForm()
    const submit = () =>
      api.call('POST', `/forms/${formId}/versions/${versionId}/submissions`, {
        body: { submission: { data: plainAnswers } },
      })
    expect((await submit()).statusCode).toBe(404)
    ok(await restore(formId, api.owner))
    expect((await submit()).statusCode).toBe(201)
  })

  it('does not bring the old key back to life, and lets a new one be made', async () => {
    const form = await deletedForm()
    ok(await restore(form.formId, api.owner))
    expect((await get(form.formId, form.key)).statusCode).toBe(401)
    const { secret } = ok(await api.call('PUT', `/forms/${form.formId}/apiKey`, { as: api.owner }))
    expect((await get(form.formId, { formId: form.formId, secret })).statusCode).toBe(200)
  })

  it('leaves a living form as it is, and records one restoration only', async () => {
    const { formId } = await deletedForm()
    const first = ok(await restore(formId, api.owner))
    expect(ok(await restore(formId, api.owner))).toEqual(first)
    expect(await restoredRecords(formId)).toEqual([{ actor: 'owner@example.org' }])
  })

  it.each(roles.filter((role) => role !== 'owner'))('is not for a %s', async (role) => {
    const { formId } = await deletedForm()
    const person = await api.addPerson(`${role}@example.org`)
    await api.database.pool.query(
      `insert into form_role_user (form_id, user_id, role, created_by) values ($1, $2, $3, 'test')`,
      [formId, person.id, role],
    )
    expectProblem(await restore(formId, person), 403, 'forbidden')
    expect(await listed(false)).toContain(formId)
  })

  it('is for no key, for nobody and for no stranger', async () => {
    const form = await deletedForm()
    const other = await api.addForm()
    expectProblem(await restore(form.formId, form.key), 401, 'unauthorized')
    expectProblem(await restore(form.formId, other.key), 401, 'unauthorized')
    expectProblem(await restore(form.formId, undefined), 401, 'unauthorized')
    expectProblem(await restore(form.formId, serverOwner), 403, 'forbidden')
    expectProblem(await restore(randomUUID(), api.owner), 403, 'forbidden')
    expectProblem(await restore('17', api.owner), 400, 'invalid_id')
    expect(await listed(false)).toContain(form.formId)
  })
})

describe('PUT admin restore', () => {
  it('lets the owner of the server bring anybody’s form back', async () => {
    const form = await deletedForm()
    const response = await restoreAsAdmin(form.formId, serverOwner)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({
      formId: form.formId,
      formName: 'Survey',
      active: true,
      formVersionId: form.versionId,
      version: 1,
      roles: [],
      permissions: [],
    })
    expect((await get(form.formId, api.owner)).statusCode).toBe(200)
    expect(await restoredRecords(form.formId)).toEqual([{ actor: 'operator@example.org' }])
  })

  it('is for nobody else, not even the form’s owner', async () => {
    const form = await deletedForm()
    expectProblem(await restoreAsAdmin(form.formId, api.owner), 403, 'forbidden')
    expectProblem(await restoreAsAdmin(form.formId, form.key), 401, 'unauthorized')
    expectProblem(await restoreAsAdmin(form.formId, undefined), 401, 'unauthorized')
    expect(await listed(false)).toContain(form.formId)
  })

  it('is 404 for a form that does not exist, and 400 for an id that is none', async () => {
    expectProblem(await restoreAsAdmin(randomUUID(), serverOwner), 404, 'not_found')
    expectProblem(await restoreAsAdmin('17', serverOwner), 400, 'invalid_id')
  })
})
