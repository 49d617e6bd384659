import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Api, ok, type TestForm } from './harness.ts'
import { type KeysApi, type NamedKey, openKeysApi } from './keys-app.ts'

let keys: KeysApi
let api: Api
let form: TestForm
let old: NamedKey

beforeAll(async () => {
  keys = await openKeysApi()
  api = keys.api
})
beforeEach(async () => {
  form = await api.addForm()
  old = await keys.addKey(form)
})
afterAll(() => api.close())

const statusesOf = async (...each: NamedKey[]) => {
  const responses = await Promise.all(each.map(({ as }) => keys.use(form, as)))
  return responses.map(({ statusCode }) => statusCode)
}
const tryToRotate = (body: unknown) =>
  api.call('POST', `/forms/${form.formId}/apiKeys/${old.id}/rotate`, { as: api.owner, body })
const callAs = (key: NamedKey, client: string) =>
  api.call('GET', `/forms/${form.formId}`, { as: key.as, headers: { 'user-agent': client } })
const lastUses = async () => {
  await api.flushUsage()
  const { lastUsed, previousSecret } = await keys.viewOf(form, old)
  return { now: lastUsed?.client ?? null, before: previousSecret?.lastUsed?.client ?? null }
}

describe('a rotation', () => {
  it('gives a new secret, of the same kind, and leaves the key what it was', async () => {
    const before = await keys.viewOf(form, old)
    const { secret, ...shown } = ok(await tryToRotate({ overlapHours: 24 }))
    expect(secret).toMatch(/^fg_live_/)
    expect(secret).not.toBe(old.secret)
    expect(shown).toEqual({
      ...before,
      hint: secret.slice(-4),
      previousSecret: {
        hint: old.secret.slice(-4),
        rotatedAt: expect.any(String),
        validUntil: expect.any(String),
        lastUsed: null,
      },
      updatedBy: 'owner@example.org',
      updatedByName: 'owner',
      updatedAt: expect.any(String),
    })
    const hours = (Date.parse(shown.previousSecret.validUntil) - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(23.9)
    expect(hours).toBeLessThan(24.1)
  })

  it('of a test key gives a test secret', async () => {
    old = await keys.addKey(form, { test: true })
    expect((await keys.rotate(form, old)).secret).toMatch(/^fg_test_/)
  })

  it('lets both secrets work in the overlap', async () => {
    expect(await statusesOf(old, await keys.rotate(form, old))).toEqual([200, 200])
  })

  it('leaves the new secret alone after the overlap', async () => {
    const rotated = await keys.rotate(form, old)
    await keys.setInTable(old, 'previous_valid_until', "now() - interval '1 millisecond'")
    expect(await statusesOf(old, rotated)).toEqual([401, 200])
    expect((await keys.viewOf(form, old)).previousSecret).toBeNull()
    expectProblem(await keys.endOverlap(form, old), 409, 'conflict')
  })

  it('without an overlap ends the old secret at once', async () => {
    const rotated = await keys.rotate(form, old, 0)
    expect(await statusesOf(old, rotated)).toEqual([401, 200])
    expect((await keys.viewOf(form, old)).previousSecret).toBeNull()
  })

  it('ends at once the secret before the one that it replaces', async () => {
    const second = await keys.rotate(form, old)
    const third = await keys.rotate(form, old)
    expect(await statusesOf(old, second, third)).toEqual([401, 200, 200])
  })

  it('has an overlap that can be ended now, once', async () => {
    const rotated = await keys.rotate(form, old)
    expect((await keys.endOverlap(form, old)).statusCode).toBe(204)
    expect(await statusesOf(old, rotated)).toEqual([401, 200])
    expectProblem(await keys.endOverlap(form, old), 409, 'conflict')
  })

  it('does not make an expired or disabled key work again', async () => {
    await keys.change(form, old, { enabled: false })
    const rotated = await keys.rotate(form, old)
    expect(await statusesOf(old, rotated)).toEqual([401, 401])
  })

  it('is ended by a revocation, with both secrets', async () => {
    const rotated = await keys.rotate(form, old)
    ok(await keys.revoke(form, old))
    expect(await statusesOf(old, rotated)).toEqual([401, 401])
  })

  it.each([
    [{}, 'overlapHours'],
    [{ overlapHours: null }, 'overlapHours'],
    [{ overlapHours: -1 }, 'overlapHours'],
    [{ overlapHours: 721 }, 'overlapHours'],
    [{ overlapHours: 0.5 }, 'overlapHours'],
    [{ overlapHours: '1' }, 'overlapHours'],
    [{ overlapHours: 1, secret: 'x' }, 'secret'],
  ])('is refused for %j, and nothing changes', async (body, path) => {
    const response = await tryToRotate(body)
    expectProblem(response, 422, 'invalid_body')
    expect(response.json().errors[0].path).toBe(path)
    expect(await statusesOf(old)).toEqual([200])
  })

  it('made eight times at once leaves two secrets that work: the last, and the one before it', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => tryToRotate({ overlapHours: 1 })))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(200))
    const rotated = answers.map((each) => ({ ...old, as: { formId: form.formId, secret: each.json().secret } }))
    const statuses = await statusesOf(old, ...rotated)
    expect(statuses.filter((each) => each === 200)).toHaveLength(2)
    expect(statuses[0]).toBe(401)
    const path = `/forms/${form.formId}/apiKeys/${old.id}/secret`
    const { secret } = ok(await api.call('GET', path, { as: api.owner }))
    expect(await statusesOf({ ...old, as: { formId: form.formId, secret } })).toEqual([200])
  })

  it('racing with a revocation leaves no secret that works', async () => {
    const [rotation] = await Promise.all([tryToRotate({ overlapHours: 1 }), keys.revoke(form, old)])
    expect([200, 409]).toContain(rotation.statusCode)
    const secrets = [old.secret, ...(rotation.statusCode === 200 ? [rotation.json().secret] : [])]
    for (const secret of secrets) {
      expect((await keys.use(form, { formId: form.formId, secret })).statusCode).toBe(401)
    }
  })
})

describe('regenerating Default', () => {
  it('ends both secrets of a rotation', async () => {
    const first = { ...(await keys.defaultOf(form)), secret: form.secret, as: form.key }
    const second = await keys.rotate(form, first)
    const { secret } = ok(await api.call('PUT', `/forms/${form.formId}/apiKey`, { as: api.owner }))
    const third = { ...first, as: { formId: form.formId, secret } }
    expect(await statusesOf(first, second, third)).toEqual([401, 401, 200])
    expect((await keys.viewOf(form, first)).previousSecret).toBeNull()
  })
})

describe('the last use', () => {
  it('tells each secret from the other', async () => {
    const rotated = await keys.rotate(form, old)
    await callAs(old, 'old program')
    await callAs(rotated, 'new program')
    expect(await lastUses()).toEqual({ now: 'new program', before: 'old program' })
  })

  it('stays with the old secret when it was called before the rotation, and written after', async () => {
    await callAs(old, 'old program')
    await keys.rotate(form, old)
    expect(await lastUses()).toEqual({ now: null, before: 'old program' })
  })

  it('stays with the old secret when it was written before the rotation', async () => {
    await callAs(old, 'old program')
    await api.flushUsage()
    await keys.rotate(form, old)
    expect(await lastUses()).toEqual({ now: null, before: 'old program' })
  })

  it('of a secret that is replaced for good is not shown as that of another', async () => {
    await callAs(old, 'first')
    const second = await keys.rotate(form, old)
    await callAs(second, 'second')
    await keys.rotate(form, old)
    expect(await lastUses()).toEqual({ now: null, before: 'second' })
  })

  it('is the latest, whatever is written first', async () => {
    await callAs(old, 'early')
    api.advance(1000)
    await callAs(old, 'late')
    await api.flushUsage()
    api.advance(-500)
    await callAs(old, 'between')
    expect(await lastUses()).toEqual({ now: 'late', before: null })
  })

  it('starts anew with a regenerated Default', async () => {
    await keys.use(form, form.key)
    ok(await api.call('PUT', `/forms/${form.formId}/apiKey`, { as: api.owner }))
    await api.flushUsage()
    expect((await keys.viewOf(form, await keys.defaultOf(form))).lastUsed).toBeNull()
  })

  it('tells when, from where and with what program, as far as that is said', async () => {
    await callAs(old, `curl/8.5.0 ${'x'.repeat(300)}`)
    await api.flushUsage()
    const { lastUsed } = await keys.viewOf(form, old)
    expect(lastUsed).toMatchObject({ at: expect.stringMatching(/^\d{4}-.*Z$/), address: '127.0.0.1' })
    expect(lastUsed.client).toBe(`curl/8.5.0 ${'x'.repeat(189)}`)
  })
})
