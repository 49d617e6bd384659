import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Scope, scopes } from '../src/access/scope.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, ok, type TestForm } from './harness.ts'
import { type KeysApi, openKeysApi } from './keys-app.ts'
import { rowsOfForm } from './operations.ts'

let keys: KeysApi
let api: Api
let form: TestForm

beforeAll(async () => {
  keys = await openKeysApi()
  api = keys.api
})
beforeEach(async () => {
  form = await api.addForm()
})
afterAll(() => api.close())

const update = (body: object, as = form.key) => api.call('PUT', `/forms/${form.formId}`, { as, body })
const scopesOfDefault = async (): Promise<Scope[]> => (await keys.viewOf(form, await keys.defaultOf(form))).scopes
const tickFiles = (filesApiAccess: boolean) =>
  api.call('PUT', `/forms/${form.formId}/apiKey/filesApiAccess`, { as: api.owner, body: { filesApiAccess } })
const tick = async (...more: Scope[]) =>
  keys.change(form, await keys.defaultOf(form), { scopes: [...(await scopesOfDefault()), ...more] })

describe('the key Default', () => {
  it('may do what CHEFS’s key may, but for what takes a tick', async () => {
    const ticked = ['form:access', 'form:delete', 'status:write', 'files:read', 'files:delete']
    expect(await scopesOfDefault()).toEqual(scopes.filter((each) => !ticked.includes(each)))
  })

  it('cannot delete the form, which stays as it is', async () => {
    const before = await rowsOfForm(api.database.pool, form.formId)
    const response = await api.call('DELETE', `/forms/${form.formId}`, { as: form.key })
    expectProblem(response, 403, 'insufficient_scope')
    expect(await rowsOfForm(api.database.pool, form.formId)).toEqual(before)
  })

  it('deletes the form once that is ticked, and every key with it', async () => {
    const named = await keys.addKey(form)
    await tick('form:delete')
    expect((await api.call('DELETE', `/forms/${form.formId}`, { as: form.key })).statusCode).toBe(204)
    for (const key of [form.key, named.as]) expect((await keys.use(form, key)).statusCode).toBe(401)
  })

  it.each([
    ['lets everybody signed in fill in the form', { identityProviders: [{ code: 'login' }] }],
    ['shuts out all but the team', { identityProviders: [] }],
    ['opens submissions to who knows their address', { enableSubmissionUrlSharing: true }],
    ['does so beside a harmless change', { name: 'Renamed', identityProviders: [{ code: 'login' }] }],
  ])('may make no change that %s', async (_what, body) => {
    const before = await rowsOfForm(api.database.pool, form.formId)
    const response = await update(body)
    expectProblem(response, 403, 'insufficient_scope')
    expect(response.json().detail).toContain('form:access')
    expect(await rowsOfForm(api.database.pool, form.formId)).toEqual(before)
  })

  it.each([
    { identityProviders: [{ code: 'login' }] },
    { identityProviders: [] },
    { enableSubmissionUrlSharing: true },
  ])('may change %j once that is ticked', async (body) => {
    await tick('form:access')
    expect(ok(await update(body))).toMatchObject(body)
  })

  it('may send back all that it has read', async () => {
    const read = ok(await api.call('GET', `/forms/${form.formId}`, { as: form.key }))
    expect(ok(await update({ ...read, name: 'Renamed' }))).toMatchObject({
      name: 'Renamed',
      identityProviders: [{ code: 'public' }],
      enableSubmissionUrlSharing: false,
    })
  })

  it('may name the same access in other words', async () => {
    ok(await update({ identityProviders: [{ code: 'public' }, { code: 'public' }], enableSubmissionUrlSharing: false }))
  })

  it('does not undo with old words a change of access that is made at the same moment', async () => {
    const { pool } = api.database
    const shutting = await pool.connect()
    try {
      await shutting.query('begin')
      await shutting.query(
        `update form set identity_providers = '{}', settings = settings || '{"enableSubmissionUrlSharing": true}'
         where id = $1`,
        [form.formId],
      )
      const same = { name: 'Renamed', identityProviders: [{ code: 'public' }], enableSubmissionUrlSharing: false }
      const sending = update(same)
      await vi.waitFor(async () => expect(await waitingForLocks()).toBe(1), { timeout: 10_000 })
      await shutting.query('commit')
      await sending
    } finally {
      shutting.release()
    }
    expect(ok(await api.call('GET', `/forms/${form.formId}`, { as: api.owner }))).toMatchObject({
      identityProviders: [],
      enableSubmissionUrlSharing: true,
    })
  })
})

async function waitingForLocks(): Promise<number> {
  const { rows } = await api.database.pool.query(
    `select count(*) as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows[0].count
}

describe('the tick filesApiAccess', () => {
  const ofFiles = async () => (await scopesOfDefault()).filter((each) => each.startsWith('files:'))

  it('gives the key both scopes of files, and takes both', async () => {
    const before = await scopesOfDefault()
    expect(ok(await tickFiles(true)).filesApiAccess).toBe(true)
    expect(await ofFiles()).toEqual(['files:read', 'files:delete'])
    expect(ok(await tickFiles(false)).filesApiAccess).toBe(false)
    expect(await scopesOfDefault()).toEqual(before)
  })

  it('gives them once, however often it is set', async () => {
    for (const _ of [1, 2]) ok(await tickFiles(true))
    expect(await ofFiles()).toEqual(['files:read', 'files:delete'])
  })

  it('is shown as set when the scopes were given one by one, and as not set when they were taken', async () => {
    await tick('files:read', 'files:delete')
    const shown = async () => ok(await api.call('GET', `/forms/${form.formId}/apiKey/summary`, { as: api.owner }))
    expect((await shown()).filesApiAccess).toBe(true)
    await keys.change(form, await keys.defaultOf(form), { scopes: ['form:read'] })
    expect((await shown()).filesApiAccess).toBe(false)
  })

  it('leaves other keys alone', async () => {
    const named = await keys.addKey(form, { scopes: ['form:read'] })
    ok(await tickFiles(true))
    expect((await keys.viewOf(form, named)).scopes).toEqual(['form:read'])
  })
})

describe('regenerating Default', () => {
  const regenerate = async () => ok(await api.call('PUT', `/forms/${form.formId}/apiKey`, { as: api.owner }))

  it('leaves its scopes, its addresses and its limit as they were', async () => {
    const set = { scopes: ['form:read'], allowedAddresses: ['192.0.2.0/24'], ownLimit: 7 }
    await keys.change(form, await keys.defaultOf(form), set)
    await regenerate()
    expect(await keys.viewOf(form, await keys.defaultOf(form))).toMatchObject(set)
  })

  it('makes it work again when it was switched off or had expired', async () => {
    const key = await keys.defaultOf(form)
    await keys.change(form, key, { enabled: false })
    await keys.setInTable(key, 'expires_at', "now() - interval '1 hour'")
    const { secret } = await regenerate()
    expect((await keys.use(form, { formId: form.formId, secret })).statusCode).toBe(200)
  })

  it('after a revocation gives a new key with the scopes of a first one', async () => {
    const old = await keys.defaultOf(form)
    await tick('form:delete')
    ok(await keys.revoke(form, old))
    await regenerate()
    expect((await keys.defaultOf(form)).id).not.toBe(old.id)
    expect(await scopesOfDefault()).not.toContain('form:delete')
  })

  it('leaves the form’s other keys working', async () => {
    const named = await keys.addKey(form)
    await regenerate()
    expect((await keys.use(form, named.as)).statusCode).toBe(200)
  })
})
