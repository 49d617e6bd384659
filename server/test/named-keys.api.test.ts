import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isWellFormedKey } from '../src/api-keys/api-key.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, day, ok, type TestForm } from './harness.ts'
import { type KeysApi, openKeysApi } from './keys-app.ts'

let keys: KeysApi
let api: Api
let form: TestForm

beforeAll(async () => {
  keys = await openKeysApi()
  api = keys.api
})
beforeEach(async () => {
  form = await api.addForm({ access: 'team' })
})
afterAll(() => api.close())

const list = async (revoked = false) =>
  ok(await api.call('GET', `/forms/${form.formId}/apiKeys`, { as: api.owner, query: { revoked: String(revoked) } }))
const namesOf = (rows: { name: string }[]) => rows.map(({ name }) => name)
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString()

describe('POST apiKeys', () => {
  it('makes a key that works, and shows its secret', async () => {
    const settings = {
      name: 'Power BI',
      scopes: ['form:read', 'submissions:read'],
      expiresAt: inDays(90),
      allowedAddresses: ['192.0.2.0/24', '2001:db8::/32'],
      ownLimit: 50,
    }
    const response = await keys.tryToAdd(form, settings)
    expect(response.statusCode).toBe(201)
    const { secret, ...shown } = response.json()
    expect(shown).toEqual({
      id: expect.any(Number),
      formId: form.formId,
      ...settings,
      isDefault: false,
      test: false,
      state: 'active',
      prefix: 'fg_live_',
      hint: secret.slice(-4),
      enabled: true,
      rateLimit: { limit: 50, remaining: 50, resetSeconds: 0, windowSeconds: 60 },
      callsToday: 0,
      lastUsed: null,
      previousSecret: null,
      createdBy: 'owner@example.org',
      createdByName: 'owner',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      updatedBy: null,
      updatedByName: null,
      updatedAt: expect.any(String),
      revokedAt: null,
      revokedBy: null,
      revokedByName: null,
      revokedReason: null,
    })
    expect(isWellFormedKey(secret)).toBe(true)
    expect(await keys.viewOf(form, shown)).toEqual(shown)
  })

  it('takes no more than a name and scopes', async () => {
    const key = await keys.addKey(form, { name: 'Reader', scopes: ['form:read'] })
    expect((await keys.use(form, key.as)).statusCode).toBe(200)
    expect(await keys.viewOf(form, key)).toMatchObject({ expiresAt: null, allowedAddresses: null, ownLimit: null })
  })

  it('makes a key with the prefix of test keys when it is one', async () => {
    const { secret, prefix, test } = ok(await keys.tryToAdd(form, { test: true }))
    expect([secret.slice(0, 8), prefix, test]).toEqual(['fg_test_', 'fg_test_', true])
  })

  it('takes null where it means nothing', async () => {
    const nothing = { expiresAt: null, allowedAddresses: null, ownLimit: null }
    expect(ok(await keys.tryToAdd(form, nothing))).toMatchObject(nothing)
  })

  it('trims a name', async () => {
    expect(ok(await keys.tryToAdd(form, { name: ' \t Power BI\u3000' })).name).toBe('Power BI')
  })

  it.each([
    ['100 emojis', '😀'.repeat(100)],
    ['families', '👨‍👩‍👧 Åse & Ωmega'],
    ['another script', 'پاور بی‌آی'],
    ['markup', '<b>"Power" & \'BI\'</b>'],
  ])('takes a name of %s, and gives it back', async (_what, name) => {
    const { id } = ok(await keys.tryToAdd(form, { name }))
    expect((await keys.viewOf(form, { id })).name).toBe(name)
  })

  const past = new Date(Date.now() - 1000).toISOString()
  it.each<[string, unknown, string]>([
    ['name', undefined, 'name'],
    ['name', null, 'name'],
    ['name', 7, 'name'],
    ['name', '', 'name'],
    ['name', ' \u00a0 ', 'name'],
    ['name', '\u200b\u2060', 'name'],
    ['name', 'x'.repeat(101), 'name'],
    ['name', '😀'.repeat(101), 'name'],
    ['name', 'two\nlines', 'name'],
    ['name', 'bell\u0007', 'name'],
    ['name', 'two\u2028lines', 'name'],
    ['name', 'txt\u202egpj', 'name'],
    ['scopes', undefined, 'scopes'],
    ['scopes', null, 'scopes'],
    ['scopes', [], 'scopes'],
    ['scopes', 'form:read', 'scopes'],
    ['scopes', ['form:read', 'form:read'], 'scopes'],
    ['scopes', ['form:read', 'everything'], 'scopes.1'],
    ['scopes', ['constructor'], 'scopes.0'],
    ['scopes', [null], 'scopes.0'],
    ['test', 'true', 'test'],
    ['test', null, 'test'],
    ['expiresAt', past, 'expiresAt'],
    ['expiresAt', '2999-01-01', 'expiresAt'],
    ['expiresAt', '2999-02-30T00:00:00Z', 'expiresAt'],
    ['expiresAt', '9999-12-31T23:59:59-23:59', 'expiresAt'],
    ['expiresAt', '2999-12-31T23:59:60Z', 'expiresAt'],
    ['expiresAt', 32503680000000, 'expiresAt'],
    ['allowedAddresses', [], 'allowedAddresses'],
    ['allowedAddresses', '192.0.2.1', 'allowedAddresses'],
    ['allowedAddresses', ['192.0.2.1', 'office'], 'allowedAddresses.1'],
    ['allowedAddresses', ['192.0.2.0/33'], 'allowedAddresses.0'],
    ['allowedAddresses', ['::1%eth0'], 'allowedAddresses.0'],
    ['allowedAddresses', [null], 'allowedAddresses.0'],
    ['allowedAddresses', Array.from({ length: 51 }, (_, index) => `192.0.2.${index}`), 'allowedAddresses'],
    ['ownLimit', 0, 'ownLimit'],
    ['ownLimit', -1, 'ownLimit'],
    ['ownLimit', 1.5, 'ownLimit'],
    ['ownLimit', '5', 'ownLimit'],
    ['ownLimit', 1_000_001, 'ownLimit'],
    ['id', 1, 'id'],
    ['enabled', true, 'enabled'],
    ['__proto__x', true, '__proto__x'],
  ])('refuses %s: %j, and says where', async (member, value, path) => {
    const response = await keys.tryToAdd(form, { [member]: value })
    expectProblem(response, 422, 'invalid_body')
    expect(response.json().errors[0].path).toBe(path)
    expect(namesOf(await list())).toEqual(['Default'])
  })

  it.each([
    ['a NUL', 'a\u0000b'],
    ['half an emoji', '\ud83d'],
  ])('refuses a name that holds %s', async (_what, name) => {
    expectProblem(await keys.tryToAdd(form, { name }), 422, 'unstorable_value')
  })

  it.each([['[]'], ['null'], ['"x"'], ['7']])('refuses the body %s', async (body) => {
    const headers = { 'content-type': 'application/json' }
    const response = await api.call('POST', `/forms/${form.formId}/apiKeys`, { as: api.owner, body, headers })
    expectProblem(response, 422, 'invalid_body')
  })

  it('tells all of several mistakes', async () => {
    const response = await keys.tryToAdd(form, { name: ' ', expiresAt: past, allowedAddresses: ['a', '::1', 'b'] })
    const paths = response.json().errors.map(({ path }: { path: string }) => path)
    expect(paths).toEqual(['name', 'expiresAt', 'allowedAddresses.0', 'allowedAddresses.2'])
  })
})

describe('GET apiKeys', () => {
  it('lists Default first, then by name as people sort, revoked ones last and only when asked for', async () => {
    const gone = await keys.addKey(form, { name: 'Alpha' })
    for (const name of ['zulu', 'Évora', 'alpha 2']) await keys.addKey(form, { name })
    ok(await keys.revoke(form, gone))
    expect(namesOf(await list())).toEqual(['Default', 'alpha 2', 'Évora', 'zulu'])
    expect(namesOf(await list(true))).toEqual(['Default', 'alpha 2', 'Évora', 'zulu', 'Alpha'])
  })

  it('lists nothing of another form', async () => {
    const other = await api.addForm()
    await keys.addKey(other, { name: 'Theirs' })
    expect(namesOf(await list(true))).toEqual(['Default'])
  })

  it.each(['yes', '2', 'null'])('refuses revoked=%s', async (revoked) => {
    const path = `/forms/${form.formId}/apiKeys`
    expectProblem(await api.call('GET', path, { as: api.owner, query: { revoked } }), 400, 'invalid_query')
  })
})

describe('PATCH apiKeys/{keyId}', () => {
  it('changes what is named, leaves the rest, and says who did', async () => {
    const key = await keys.addKey(form, { name: 'Before', ownLimit: 9 })
    const before = await keys.viewOf(form, key)
    const changed = await keys.change(form, key, { name: 'After' })
    expect(changed).toEqual({
      ...before,
      name: 'After',
      updatedBy: 'owner@example.org',
      updatedByName: 'owner',
      updatedAt: expect.any(String),
    })
  })

  it('sets every member', async () => {
    const key = await keys.addKey(form)
    const settings = {
      name: 'All',
      scopes: ['status:read', 'form:read'],
      enabled: false,
      expiresAt: inDays(2),
      allowedAddresses: ['::1'],
      ownLimit: 3,
    }
    await keys.change(form, key, settings)
    expect(await keys.viewOf(form, key)).toMatchObject(settings)
  })

  it('takes back expiry, addresses and limit with null', async () => {
    const nothing = { expiresAt: null, allowedAddresses: null, ownLimit: null }
    const key = await keys.addKey(form, { expiresAt: inDays(1), allowedAddresses: ['::1'], ownLimit: 1 })
    expect(await keys.change(form, key, nothing)).toMatchObject(nothing)
  })

  it.each([
    [{}, ''],
    [{ name: null }, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: 'a\u202eb' }, 'name'],
    [{ scopes: null }, 'scopes'],
    [{ scopes: [] }, 'scopes'],
    [{ enabled: null }, 'enabled'],
    [{ enabled: 0 }, 'enabled'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ allowedAddresses: [] }, 'allowedAddresses'],
    [{ allowedAddresses: ['1.2.3'] }, 'allowedAddresses.0'],
    [{ ownLimit: 0 }, 'ownLimit'],
    [{ test: true }, 'test'],
    [{ secret: 'x' }, 'secret'],
    [{ formId: randomUUID() }, 'formId'],
  ])('refuses %j, and says where', async (body, path) => {
    const key = await keys.addKey(form)
    const before = await keys.viewOf(form, key)
    const response = await keys.tryToChange(form, key, body)
    expectProblem(response, 422, 'invalid_body')
    expect(response.json().errors[0].path).toBe(path)
    expect(await keys.viewOf(form, key)).toEqual(before)
  })

  it('lets an expired key be renamed with all its settings sent back', async () => {
    const key = await keys.addKey(form)
    await keys.setInTable(key, 'expires_at', "now() - interval '1 day'")
    const { name: _, scopes, enabled, expiresAt, allowedAddresses, ownLimit } = await keys.viewOf(form, key)
    const body = { name: 'Renamed', scopes, enabled, expiresAt, allowedAddresses, ownLimit }
    expect(await keys.change(form, key, body)).toMatchObject({ name: 'Renamed', state: 'expired' })
  })
})

describe('POST apiKeys/{keyId}/revoke', () => {
  it('ends the key for good, and keeps who, when and why', async () => {
    const key = await keys.addKey(form)
    const shown = ok(await keys.revoke(form, key, { reason: ' It leaked. ' }))
    expect(shown).toMatchObject({
      state: 'revoked',
      prefix: null,
      hint: null,
      revokedAt: expect.stringMatching(/^\d{4}-/),
      revokedBy: 'owner@example.org',
      revokedReason: 'It leaked.',
    })
    expect((await keys.use(form, key.as)).statusCode).toBe(401)
  })

  it.each([[{}], [{ reason: null }], [{ reason: '' }], [{ reason: '  ' }]])('takes %j for no reason', async (body) => {
    expect(ok(await keys.revoke(form, await keys.addKey(form), body)).revokedReason).toBeNull()
  })

  it.each([
    [{ reason: 7 }, 'reason'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
    [{ why: 'x' }, 'why'],
  ])('refuses %j, and the key works on', async (body, path) => {
    const key = await keys.addKey(form)
    const response = await keys.revoke(form, key, body)
    expectProblem(response, 422, 'invalid_body')
    expect(response.json().errors[0].path).toBe(path)
    expect((await keys.use(form, key.as)).statusCode).toBe(200)
  })

  it('frees the name', async () => {
    const key = await keys.addKey(form, { name: 'Power BI' })
    ok(await keys.revoke(form, key))
    expect((await keys.tryToAdd(form, { name: 'Power BI' })).statusCode).toBe(201)
  })
})
