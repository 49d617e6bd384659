import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../src/access/permission.ts'
import { isWellFormedKey } from '../src/api-keys/api-key.ts'
import { type Api, type As, basic, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let form: TestForm

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm({ access: 'team' })
})
afterAll(() => api.close())

const generate = (formId: string, as: As = api.owner) => api.call('PUT', `/forms/${formId}/apiKey`, { as })
const show = (formId: string, as: As = api.owner) => api.call('GET', `/forms/${formId}/apiKey`, { as })
const remove = (formId: string, as: As = api.owner) => api.call('DELETE', `/forms/${formId}/apiKey`, { as })
const allowFiles = (formId: string, body: unknown, as: As = api.owner) =>
  api.call('PUT', `/forms/${formId}/apiKey/filesApiAccess`, { as, body })
/** The status of a call with this Authorization. */
const statusWith = async (formId: string, authorization: string) =>
  (await api.call('GET', `/forms/${formId}`, { as: { authorization } })).statusCode
const statusOf = (formId: string, secret: string) => statusWith(formId, basic(formId, secret))

async function formWithoutKey(): Promise<string> {
  return ok(await api.call('POST', '/forms', { as: api.owner, body: { name: 'No key' } })).id
}

async function auditOf(formId: string) {
  const { rows } = await api.database.pool.query<{ action: string; actor: string; actor_user_id: string; at: Date }>(
    `select action, actor, actor_user_id, at from audit_event where form_id = $1 and action like 'apiKey.%' order by id`,
    [formId],
  )
  return rows
}

describe('PUT apiKey', () => {
  it('generates a key with the members that CHEFS’s has', async () => {
    const formId = await formWithoutKey()
    const response = await generate(formId)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({
      id: expect.any(Number),
      formId,
      secret: expect.stringMatching(/^fg_live_[0-9A-Za-z]{49}$/),
      filesApiAccess: false,
      createdBy: 'owner@example.org',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      updatedBy: null,
      updatedAt: expect.any(String),
    })
    expect(isWellFormedKey(response.json().secret)).toBe(true)
  })

  it('gives a secret that works on the very next request', async () => {
    const formId = await formWithoutKey()
    expect(await statusOf(formId, ok(await generate(formId)).secret)).toBe(200)
  })

  it('makes the old secret fail on the very next request, and the new one work', async () => {
    const target = await api.addForm()
    expect(await statusOf(target.formId, target.secret)).toBe(200)
    const { secret } = ok(await generate(target.formId))
    expect(secret).not.toBe(target.secret)
    expect(await statusOf(target.formId, target.secret)).toBe(401)
    expect(await statusOf(target.formId, secret)).toBe(200)
  })

  it('keeps the tick of filesApiAccess', async () => {
    const target = await api.addForm()
    ok(await allowFiles(target.formId, { filesApiAccess: true }))
    expect(ok(await generate(target.formId)).filesApiAccess).toBe(true)
  })

  it('leaves one working key when two come at once', async () => {
    const target = await api.addForm()
    const answers = await Promise.all(Array.from({ length: 8 }, () => generate(target.formId)))
    expect(answers.map((each) => each.statusCode)).toEqual(answers.map(() => 200))
    const working: string[] = []
    for (const { secret } of answers.map((each) => each.json())) {
      if ((await statusOf(target.formId, secret)) === 200) working.push(secret)
    }
    expect(working).toEqual([ok(await show(target.formId)).secret])
  })

  it('takes a form id in capitals', async () => {
    const target = await api.addForm()
    const { secret, formId } = ok(await generate(target.formId.toUpperCase()))
    expect(formId).toBe(target.formId)
    expect(ok(await show(target.formId)).secret).toBe(secret)
    expect(ok(await show(target.formId.toUpperCase())).secret).toBe(secret)
  })

  it('writes one audit record, with who and when', async () => {
    const formId = await formWithoutKey()
    const before = Date.now()
    ok(await generate(formId))
    ok(await generate(formId))
    const records = await auditOf(formId)
    expect(records.map((each) => each.action)).toEqual(['apiKey.created', 'apiKey.regenerated'])
    for (const each of records) {
      expect(each).toMatchObject({ actor: 'owner@example.org', actor_user_id: api.owner.id })
      expect(Math.abs(each.at.getTime() - before)).toBeLessThan(60_000)
    }
  })
})

describe('GET apiKey', () => {
  it('shows the secret again, any day', async () => {
    const target = await api.addForm()
    expect(ok(await show(target.formId))).toMatchObject({ formId: target.formId, secret: target.secret })
    expect(ok(await show(target.formId)).secret).toBe(target.secret)
  })

  it('answers 204 without a body when the form has no key', async () => {
    const response = await show(await formWithoutKey())
    expect([response.statusCode, response.body]).toEqual([204, ''])
  })

  it('records each look, and none where there was nothing to see', async () => {
    const formId = await formWithoutKey()
    await show(formId)
    ok(await generate(formId))
    ok(await show(formId))
    ok(await show(formId))
    const records = await auditOf(formId)
    expect(records.map((each) => each.action)).toEqual(['apiKey.created', 'apiKey.shown', 'apiKey.shown'])
    expect(records.every((each) => each.actor_user_id === api.owner.id)).toBe(true)
  })
})

describe('DELETE apiKey', () => {
  it('makes the key fail on the very next request', async () => {
    const target = await api.addForm()
    const response = await remove(target.formId)
    expect([response.statusCode, response.body]).toEqual([204, ''])
    expect(await statusOf(target.formId, target.secret)).toBe(401)
    expect((await show(target.formId)).statusCode).toBe(204)
  })

  it('answers 404 when the form has no key', async () => {
    const response = await remove(await formWithoutKey())
    expect([response.statusCode, response.json().code]).toEqual([404, 'not_found'])
  })

  it('writes one audit record', async () => {
    const target = await api.addForm()
    ok(await remove(target.formId))
    await remove(target.formId)
    expect((await auditOf(target.formId)).map((each) => each.action)).toEqual(['apiKey.created', 'apiKey.deleted'])
  })

  it('never says that there is no key while another one is being made', async () => {
    const target = await api.addForm()
    for (let time = 0; time < 10; time += 1) {
      const [removed] = await Promise.all([remove(target.formId), generate(target.formId)])
      expect(removed.statusCode).toBe(204)
      ok(await generate(target.formId))
    }
  })
})

describe('PUT filesApiAccess', () => {
  it.each([true, false])('sets it to %s and names who did', async (filesApiAccess) => {
    const target = await api.addForm()
    const key = ok(await allowFiles(target.formId, { filesApiAccess }))
    expect(key).toMatchObject({ filesApiAccess, secret: target.secret, updatedBy: 'owner@example.org' })
    expect(ok(await show(target.formId)).filesApiAccess).toBe(filesApiAccess)
  })

  it.each([['true'], [1], [null], [[true]]])('refuses %j with 400, as CHEFS does', async (filesApiAccess) => {
    const response = await allowFiles(form.formId, { filesApiAccess })
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_body'])
  })

  it.each([[{}], [[]], [undefined]])('refuses the body %j', async (body) => {
    expect((await allowFiles(form.formId, body)).statusCode).toBe(400)
  })

  it('answers 404 when the form has no key', async () => {
    expect((await allowFiles(await formWithoutKey(), { filesApiAccess: true })).statusCode).toBe(404)
  })
})

describe('who may handle a key', () => {
  const operations = [
    ['PUT', 'apiKey', undefined],
    ['GET', 'apiKey', undefined],
    ['DELETE', 'apiKey', undefined],
    ['PUT', 'apiKey/filesApiAccess', { filesApiAccess: true }],
  ] as const

  it.each(operations)('%s %s is not for the key itself', async (method, path, body) => {
    const response = await api.call(method, `/forms/${form.formId}/${path}`, { as: form.key, body })
    expect(response.statusCode).toBe(401)
    expect(await statusOf(form.formId, form.secret)).toBe(200)
  })

  it.each(operations)('%s %s is not for nobody', async (method, path, body) => {
    expect((await api.call(method, `/forms/${form.formId}/${path}`, { body })).statusCode).toBe(401)
  })

  it.each(operations)('%s %s is not for people without a role', async (method, path, body) => {
    const stranger = await api.addPerson(`${randomUUID()}@example.org`)
    const response = await api.call(method, `/forms/${form.formId}/${path}`, { as: stranger, body })
    expect([response.statusCode, response.json().code]).toEqual([403, 'forbidden'])
  })

  it.each(operations)('%s %s is the same 403 for a form that does not exist', async (method, path, body) => {
    const unknown = await api.call(method, `/forms/${randomUUID()}/${path}`, { as: api.owner, body })
    expect([unknown.statusCode, unknown.json().code]).toEqual([403, 'forbidden'])
  })

  it.each(operations)('%s %s wants a form id that is a UUID', async (method, path, body) => {
    const response = await api.call(method, `/forms/17/${path}`, { as: api.owner, body })
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_id'])
  })

  it.each(roles.filter((role) => role !== 'owner'))('a %s may do none of it', async (role) => {
    const person = await api.addPerson(`${role}@example.org`)
    await api.database.pool.query(
      `insert into form_role_user (form_id, user_id, role, created_by) values ($1, $2, $3, 'test')`,
      [form.formId, person.id, role],
    )
    for (const [method, path, body] of operations) {
      expect((await api.call(method, `/forms/${form.formId}/${path}`, { as: person, body })).statusCode).toBe(403)
    }
  })

  it('the owner of one form has nothing to say about another’s', async () => {
    const other = await api.addPerson('other-owner@example.org')
    const theirs = ok(await api.call('POST', '/forms', { as: other, body: { name: 'Theirs' } }))
    expect((await generate(theirs.id)).statusCode).toBe(403)
    expect((await generate(form.formId, other)).statusCode).toBe(403)
    expect(await statusOf(form.formId, form.secret)).toBe(200)
  })
})
