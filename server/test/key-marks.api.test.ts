import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Api, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let form: TestForm
beforeAll(async () => {
  api = await openApi()
  form = await api.addForm()
})
afterAll(() => api.close())

const path = (more = '') => `/forms/${form.formId}/apiKeys${more}`
const addKey = async (name: string = randomUUID()) =>
  ok(await api.call('POST', path(), { as: api.owner, body: { name, scopes: ['submissions:read'] } }))

describe('the secret before a rotation', () => {
  it('says since when it is only the former one, whatever is changed of the key later', async () => {
    const { id } = await addKey()
    const rotated = ok(await api.call('POST', path(`/${id}/rotate`), { as: api.owner, body: { overlapHours: 24 } }))
    ok(await api.call('PATCH', path(`/${id}`), { as: api.owner, body: { ownLimit: 7 } }))
    const { previousSecret, updatedAt } = ok(await api.call('GET', path(`/${id}`), { as: api.owner }))
    expect(previousSecret.rotatedAt).toBe(rotated.previousSecret.rotatedAt)
    expect(Date.parse(previousSecret.validUntil) - Date.parse(previousSecret.rotatedAt)).toBe(24 * 3_600_000)
    expect(Date.parse(updatedAt)).toBeGreaterThan(Date.parse(previousSecret.rotatedAt))
  })
})

describe('a revoked key', () => {
  it('names who revoked it, and why', async () => {
    const { id } = await addKey()
    const revoked = ok(await api.call('POST', path(`/${id}/revoke`), { as: api.owner, body: { reason: 'Leaked' } }))
    expect(revoked).toMatchObject({
      state: 'revoked',
      revokedBy: 'owner@example.org',
      revokedByName: 'owner',
      revokedReason: 'Leaked',
    })
  })
})

describe('a name that is taken', () => {
  it.each(['Taken', 'taken ', 'Default'])('is refused as the member that is wrong: %s', async (name) => {
    await api.call('POST', path(), { as: api.owner, body: { name: 'Taken', scopes: ['form:read'] } })
    const response = await api.call('POST', path(), { as: api.owner, body: { name, scopes: ['form:read'] } })
    expectProblem(response, 409, 'conflict')
    expect(response.json().errors).toEqual([{ path: 'name', message: 'is taken' }])
  })
})

describe('a test submission', () => {
  it('says that it is one, and can be sent back as it was read', async () => {
    const body = { name: randomUUID(), test: true, scopes: ['submissions:write'] }
    const { secret } = ok(await api.call('POST', path(), { as: api.owner, body }))
    const as = { formId: form.formId, secret }
    const id = await api.submit({ ...form, secret, key: as })
    const { submission } = ok(await api.call('GET', `/submissions/${id}`, { as: api.owner }))
    expect(submission.test).toBe(true)
    const { submission: changed } = ok(await api.call('PUT', `/submissions/${id}`, { as: api.owner, body: submission }))
    expect(changed.test).toBe(true)
  })
})
