import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Api, ok, type TestForm } from './harness.ts'
import { type KeysApi, type NamedKey, openKeysApi } from './keys-app.ts'

const limit = 20

let keys: KeysApi
let api: Api
let form: TestForm

beforeAll(async () => {
  keys = await openKeysApi({ rateLimit: { apiKey: limit, others: 10_000, windowMs: 60_000 } })
  api = keys.api
})
beforeEach(async () => {
  form = await api.addForm()
})
afterAll(() => api.close())

/** What so many calls, one after the other, say of the limit. */
async function standings(count: number, ...used: NamedKey[]) {
  const told: unknown[] = []
  for (let index = 0; index < count; index += 1) {
    const { headers } = await keys.use(form, used[index % used.length]?.as)
    told.push(headers.ratelimit)
  }
  return told
}
const policyOf = async (key: NamedKey) => (await keys.use(form, key.as)).headers['ratelimit-policy']

describe('a key’s own limit', () => {
  it('narrows the server’s, and every answer tells so', async () => {
    const key = await keys.addKey(form, { ownLimit: 3 })
    expect(await standings(3, key)).toEqual([
      'limit=3, remaining=2, reset=60',
      'limit=3, remaining=1, reset=60',
      'limit=3, remaining=0, reset=60',
    ])
    const refused = await keys.use(form, key.as)
    expectProblem(refused, 429, 'rate_limited')
    expect(refused.headers).toMatchObject({
      'ratelimit-policy': '3;w=60',
      ratelimit: 'limit=3, remaining=0, reset=60',
      'retry-after': '60',
    })
  })

  it.each([limit, limit + 1, 1_000_000])('of %i never widens it', async (ownLimit) => {
    const key = await keys.addKey(form, { ownLimit })
    expect(await policyOf(key)).toBe('20;w=60')
    expect((await keys.viewOf(form, key)).rateLimit.limit).toBe(limit)
  })

  it('holds for Default too', async () => {
    await keys.change(form, await keys.defaultOf(form), { ownLimit: 2 })
    expect((await keys.use(form, form.key)).headers['ratelimit-policy']).toBe('2;w=60')
  })

  it('follows a change within the window, without forgetting what was used', async () => {
    const key = await keys.addKey(form, { ownLimit: 5 })
    await standings(3, key)
    await keys.change(form, key, { ownLimit: 4 })
    expect(await standings(1, key)).toEqual(['limit=4, remaining=0, reset=60'])
    expect((await keys.use(form, key.as)).statusCode).toBe(429)
    await keys.change(form, key, { ownLimit: null })
    const widened = await keys.use(form, key.as)
    expect([widened.statusCode, widened.headers['ratelimit-policy']]).toEqual([200, '20;w=60'])
  })

  it.each([
    ['revoked', (key: NamedKey) => keys.revoke(form, key)],
    ['switched off', (key: NamedKey) => keys.change(form, key, { enabled: false })],
  ])('over which a key was says nothing of it once it is %s', async (_what, end) => {
    const key = await keys.addKey(form, { ownLimit: 1 })
    for (const _ of [1, 2, 3]) await keys.use(form, key.as)
    await end(key)
    expectProblem(await keys.use(form, key.as), 401, 'unauthorized')
  })

  it('lets the key in again once its window has passed', async () => {
    const key = await keys.addKey(form, { ownLimit: 1 })
    await standings(1, key)
    expect((await keys.use(form, key.as)).statusCode).toBe(429)
    api.advance(60_001)
    expect((await keys.use(form, key.as)).statusCode).toBe(200)
  })

  it('is shown as it stands, which costs nothing', async () => {
    const key = await keys.addKey(form, { ownLimit: 3 })
    await standings(1, key)
    for (const _ of [1, 2]) {
      const { rateLimit } = await keys.viewOf(form, key)
      expect(rateLimit).toEqual({ limit: 3, remaining: 2, resetSeconds: 60, windowSeconds: 60 })
    }
  })
})

describe('two keys of one form', () => {
  it('count apart', async () => {
    const [one, two] = [await keys.addKey(form, { ownLimit: 2 }), await keys.addKey(form, { ownLimit: 2 })]
    await standings(2, one)
    expect((await keys.use(form, one.as)).statusCode).toBe(429)
    expect(await standings(1, two)).toEqual(['limit=2, remaining=1, reset=60'])
    expect((await keys.use(form, form.key)).headers.ratelimit).toBe('limit=20, remaining=19, reset=60')
  })

  it('count together as the same key: its two secrets while a rotation overlaps', async () => {
    const old = await keys.addKey(form, { ownLimit: 4 })
    const rotated = await keys.rotate(form, old)
    expect(await standings(4, old, rotated)).toEqual([
      'limit=4, remaining=3, reset=60',
      'limit=4, remaining=2, reset=60',
      'limit=4, remaining=1, reset=60',
      'limit=4, remaining=0, reset=60',
    ])
    for (const { as } of [old, rotated]) expect((await keys.use(form, as)).statusCode).toBe(429)
  })

  it('do not count as one because a revoked one had the same name', async () => {
    const first = await keys.addKey(form, { name: 'Power BI', ownLimit: 1 })
    await standings(1, first)
    ok(await keys.revoke(form, first))
    const second = await keys.addKey(form, { name: 'Power BI', ownLimit: 1 })
    expect(await standings(1, second)).toEqual(['limit=1, remaining=0, reset=60'])
  })
})

it('a rotation does not give a key its limit anew', async () => {
  const old = await keys.addKey(form, { ownLimit: 2 })
  await standings(2, old)
  const rotated = await keys.rotate(form, old, 0)
  expect((await keys.use(form, rotated.as)).statusCode).toBe(429)
})
