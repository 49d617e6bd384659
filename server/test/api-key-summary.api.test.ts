import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../src/access/permission.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let form: TestForm

beforeAll(async () => {
  api = await openApi({ rateLimit: { apiKey: 3, others: 100_000, windowMs: 60_000 } })
  form = await api.addForm({ access: 'public' })
})
afterAll(() => api.close())

const summary = (formId: string, as: As) => api.call('GET', `/forms/${formId}/apiKey/summary`, { as })
const holders = (formId: string, as: As) => api.call('GET', `/forms/${formId}/apiKey/holders`, { as })

async function member(role: string, formId: string) {
  const person = await api.addPerson(`${role}-${randomUUID()}@example.org`)
  await api.database.pool.query(
    `insert into form_role_user (form_id, user_id, role, created_by) values ($1, $2, $3, 'test')`,
    [formId, person.id, role],
  )
  return person
}

describe('GET apiKey/summary', () => {
  it('shows how the key begins and ends, who made it and when, and never the secret', async () => {
    const response = await summary(form.formId, api.owner)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({
      exists: true,
      keyId: expect.any(Number),
      prefix: 'fg_live_',
      hint: form.secret.slice(-4),
      filesApiAccess: false,
      createdBy: 'owner@example.org',
      createdByName: 'owner',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      updatedBy: null,
      updatedByName: null,
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      callsToday: 0,
      lastUsed: null,
      rateLimit: { limit: 3, remaining: 3, resetSeconds: 0, windowSeconds: 60 },
    })
    expect(response.body).not.toContain(form.secret.slice(8, -4))
  })

  it('names who changed the tick for files', async () => {
    const target = await api.addForm()
    ok(
      await api.call('PUT', `/forms/${target.formId}/apiKey/filesApiAccess`, {
        as: api.owner,
        body: { filesApiAccess: true },
      }),
    )
    expect(ok(await summary(target.formId, api.owner))).toMatchObject({
      filesApiAccess: true,
      updatedBy: 'owner@example.org',
      updatedByName: 'owner',
    })
  })

  it('answers 200 for a form without a key, with the limit that a key would have', async () => {
    const { id } = ok(await api.call('POST', '/forms', { as: api.owner, body: { name: 'No key' } }))
    expect(ok(await summary(id, api.owner))).toEqual({
      exists: false,
      keyId: null,
      prefix: null,
      hint: null,
      filesApiAccess: null,
      createdBy: null,
      createdByName: null,
      createdAt: null,
      updatedBy: null,
      updatedByName: null,
      updatedAt: null,
      callsToday: null,
      lastUsed: null,
      rateLimit: { limit: 3, remaining: 3, resetSeconds: 0, windowSeconds: 60 },
    })
  })

  it('shows where the key stands with its limit, and takes nothing of it', async () => {
    const target = await api.addForm()
    const use = () => api.call('GET', `/forms/${target.formId}`, { as: target.key })
    const standing = async () => ok(await summary(target.formId.toUpperCase(), api.owner)).rateLimit
    ok(await use())
    api.advance(15_000)
    expect(await standing()).toMatchObject({ remaining: 2, resetSeconds: 45 })
    expect(await standing()).toMatchObject({ remaining: 2, resetSeconds: 45 })
    ok(await use())
    ok(await use())
    expect((await use()).statusCode).toBe(429)
    expect(await standing()).toMatchObject({ remaining: 0, resetSeconds: 45 })
    api.advance(45_000)
    expect(await standing()).toMatchObject({ remaining: 3, resetSeconds: 0 })
  })

  it('records no look', async () => {
    const target = await api.addForm()
    ok(await summary(target.formId, api.owner))
    const { rows } = await api.database.pool.query(
      `select 1 from audit_event where form_id = $1 and action = 'apiKey.shown'`,
      [target.formId],
    )
    expect(rows).toEqual([])
  })

  it('shows an author without an account as the address alone', async () => {
    const target = await api.addForm()
    await api.database.pool.query(`update api_key set created_by = 'gone@example.org' where form_id = $1`, [
      target.formId,
    ])
    expect(ok(await summary(target.formId, api.owner))).toMatchObject({
      createdBy: 'gone@example.org',
      createdByName: null,
    })
  })

  it('is for those alone who may see the key', async () => {
    expectProblem(await summary(form.formId, undefined), 401, 'unauthorized')
    expectProblem(await summary(form.formId, form.key), 401, 'unauthorized')
    expectProblem(await summary(form.formId, await api.addPerson('nobody@example.org')), 403, 'forbidden')
    expectProblem(await summary(randomUUID(), api.owner), 403, 'forbidden')
    expectProblem(await summary('17', api.owner), 400, 'invalid_id')
  })

  it.each(roles.filter((role) => role !== 'owner'))('is not for a %s', async (role) => {
    expectProblem(await summary(form.formId, await member(role, form.formId)), 403, 'forbidden')
  })
})

describe('GET apiKey/holders', () => {
  it.each(roles)('names those who may to a %s, by their names alone', async (role) => {
    const target = await api.addForm({ access: 'team' })
    const person = await member(role, target.formId)
    const names = ok(await holders(target.formId, person))
    expect(names).toContainEqual({ name: 'owner' })
    expect(names).toHaveLength(role === 'owner' ? 2 : 1)
  })

  it('is not for respondents, whom a public form lets in without a role', async () => {
    expectProblem(await holders(form.formId, await api.addPerson('respondent@example.org')), 403, 'forbidden')
    expectProblem(await holders(form.formId, undefined), 401, 'unauthorized')
  })

  it('is for no key', async () => {
    expectProblem(await holders(form.formId, form.key), 401, 'unauthorized')
  })

  it('is not for the team of another form', async () => {
    const other = await api.addForm()
    expectProblem(await holders(form.formId, await member('team_manager', other.formId)), 403, 'forbidden')
  })
})
