import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Api, ok, type TestForm } from './harness.ts'
import { type KeysApi, openKeysApi } from './keys-app.ts'

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

/** What an act adds to the audit of the form. */
async function recordedBy(act: () => Promise<unknown>) {
  const before = await keys.auditOf(form)
  await act()
  return (await keys.auditOf(form)).slice(before.length)
}
const secretPath = (key: { id: number }) => `/forms/${form.formId}/apiKeys/${key.id}/secret`

describe('the audit', () => {
  it('tells who made a key, when, and what it may do', async () => {
    const started = Date.now()
    const settings = { name: ' Power BI ', scopes: ['form:read'], ownLimit: 5 }
    const [record, ...more] = await recordedBy(() => keys.addKey(form, settings))
    expect(more).toEqual([])
    expect(record).toMatchObject({
      action: 'apiKey.created',
      actor: 'owner@example.org',
      actor_user_id: api.owner.id,
      details: { keyId: expect.any(Number), name: 'Power BI', scopes: ['form:read'], ownLimit: 5, test: false },
    })
    expect(Math.abs((record?.at.getTime() ?? 0) - started)).toBeLessThan(60_000)
  })

  it.each([
    { name: 'Renamed' },
    { scopes: ['status:read'] },
    { enabled: false },
    { expiresAt: '2999-01-01T00:00:00.000Z' },
    { allowedAddresses: ['::1'] },
    { ownLimit: 3 },
  ])('tells of the change %j', async (change) => {
    const key = await keys.addKey(form)
    const records = await recordedBy(() => keys.change(form, key, change))
    expect(records).toMatchObject([{ action: 'apiKey.changed', actor_user_id: api.owner.id }])
    expect(records[0]?.details).toEqual({ keyId: key.id, ...change })
  })

  it('tells of a rotation, the end of its overlap and a revocation', async () => {
    const key = await keys.addKey(form)
    const records = await recordedBy(async () => {
      await keys.rotate(form, key, 24)
      ok(await keys.endOverlap(form, key))
      ok(await keys.revoke(form, key, { reason: ' It leaked. ' }))
    })
    expect(records.map(({ action, details }) => [action, details])).toEqual([
      ['apiKey.rotated', { keyId: key.id, overlapHours: 24 }],
      ['apiKey.overlapEnded', { keyId: key.id }],
      ['apiKey.revoked', { keyId: key.id, reason: 'It leaked.' }],
    ])
  })

  it('tells of each look at a secret, and of none at anything else', async () => {
    const key = await keys.addKey(form)
    const records = await recordedBy(async () => {
      ok(await api.call('GET', secretPath(key), { as: api.owner }))
      await keys.viewOf(form, key)
      await keys.usageOf(form, key)
      ok(await api.call('GET', secretPath(key), { as: api.owner }))
    })
    expect(records.map(({ action, details }) => [action, details])).toEqual([
      ['apiKey.shown', { keyId: key.id }],
      ['apiKey.shown', { keyId: key.id }],
    ])
  })

  it('tells of the tick of files, with the key', async () => {
    const { id } = await keys.defaultOf(form)
    const path = `/forms/${form.formId}/apiKey/filesApiAccess`
    const records = await recordedBy(() => api.call('PUT', path, { as: api.owner, body: { filesApiAccess: true } }))
    expect(records).toMatchObject([{ action: 'apiKey.filesApiAccess', details: { keyId: id, filesApiAccess: true } }])
  })

  it('tells of every key that is revoked with its form', async () => {
    const named = await keys.addKey(form)
    const { id } = await keys.defaultOf(form)
    const records = await recordedBy(() => api.call('DELETE', `/forms/${form.formId}`, { as: api.owner }))
    const reason = 'The form was deleted.'
    expect(records.map(({ action, details }) => [action, details])).toEqual([
      ['form.deleted', {}],
      ['apiKey.revoked', { keyId: id, reason }],
      ['apiKey.revoked', { keyId: named.id, reason }],
    ])
  })

  it('names the key that deleted the form', async () => {
    const key = await keys.addKey(form, { name: 'Tidier', scopes: ['form:delete'] })
    const records = await recordedBy(() => api.call('DELETE', `/forms/${form.formId}`, { as: key.as }))
    for (const each of records) expect(each).toMatchObject({ actor: 'api-key:Tidier', actor_user_id: null })
  })

  it('tells nothing of what was refused', async () => {
    const key = await keys.addKey(form, { name: 'One' })
    const records = await recordedBy(async () => {
      await keys.tryToAdd(form, { name: 'one' })
      await keys.tryToAdd(form, { scopes: [] })
      await keys.tryToChange(form, key, { name: 'Default' })
      await keys.endOverlap(form, key)
      await keys.revoke(form, { id: 999_999_999 })
    })
    expect(records).toEqual([])
  })
})
