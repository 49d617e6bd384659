import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Api, basic, day, ok, type TestForm } from './harness.ts'
import { anotherApp, from, type KeysApi, type NamedKey, openKeysApi } from './keys-app.ts'

const rateLimit = { apiKey: 20, others: 1000, windowMs: 60_000 }

let keys: KeysApi
let api: Api
let form: TestForm
/** Behind a proxy at 10.0.0.1, the one whose word is taken. */
let proxied: Awaited<ReturnType<typeof anotherApp>>

beforeAll(async () => {
  keys = await openKeysApi({ rateLimit })
  api = keys.api
  proxied = await anotherApp(api, { rateLimit, trustProxy: '10.0.0.1' })
})
beforeEach(async () => {
  form = await api.addForm()
})
afterAll(async () => {
  await proxied.server.close()
  await api.close()
})

const statusOf = async (key: NamedKey) => (await keys.use(form, key.as)).statusCode
const credentialsOf = ({ as }: NamedKey) => basic(as.formId, as.secret)
const callFrom = (address: string, key: NamedKey, headers = {}) =>
  from(api.app, address, form, credentialsOf(key), headers)

describe('a key with an expiry', () => {
  it('works until then, and after it is as unknown as a wrong one', async () => {
    const key = await keys.addKey(form, { expiresAt: new Date(Date.now() + day).toISOString() })
    expect(await statusOf(key)).toBe(200)
    await keys.setInTable(key, 'expires_at', "now() - interval '1 millisecond'")
    const expired = await keys.use(form, key.as)
    const wrong = await keys.use(form, { formId: form.formId, secret: key.secret.replace(/.$/, '!') })
    expectProblem(expired, 401, 'unauthorized')
    expect(expired.body).toBe(wrong.body)
    expect((await keys.viewOf(form, key)).state).toBe('expired')
  })

  it('goes by the clock of the database, however wrong that of the server is', async () => {
    const key = await keys.addKey(form, { expiresAt: new Date(Date.now() + day).toISOString() })
    api.advance(2 * day)
    try {
      expect(await statusOf(key)).toBe(200)
      expect((await keys.viewOf(form, key)).state).toBe('active')
    } finally {
      api.advance(-2 * day)
    }
  })

  it('works again once it is extended', async () => {
    const key = await keys.addKey(form)
    await keys.setInTable(key, 'expires_at', "now() - interval '1 day'")
    expect(await statusOf(key)).toBe(401)
    await keys.change(form, key, { expiresAt: null })
    expect(await statusOf(key)).toBe(200)
  })
})

describe('a key that is switched off', () => {
  it('is refused with the next call, and works again once it is switched on', async () => {
    const key = await keys.addKey(form)
    expect((await keys.change(form, key, { enabled: false })).state).toBe('disabled')
    expectProblem(await keys.use(form, key.as), 401, 'unauthorized')
    expect((await keys.change(form, key, { enabled: true })).state).toBe('active')
    expect(await statusOf(key)).toBe(200)
  })

  it('is refused with both secrets while a rotation overlaps', async () => {
    const old = await keys.addKey(form)
    const rotated = await keys.rotate(form, old)
    await keys.change(form, old, { enabled: false })
    expect([await statusOf(old), await statusOf(rotated)]).toEqual([401, 401])
  })

  it('leaves the others working', async () => {
    const [off, on] = [await keys.addKey(form), await keys.addKey(form)]
    await keys.change(form, off, { enabled: false })
    expect(await statusOf(on)).toBe(200)
    expect((await keys.use(form, form.key)).statusCode).toBe(200)
  })
})

describe('a key with allowed addresses', () => {
  it.each([
    ['192.0.2.7', ['192.0.2.0/24'], 200],
    ['192.0.3.7', ['192.0.2.0/24'], 403],
    ['192.0.2.7', ['192.0.2.7'], 200],
    ['192.0.2.8', ['192.0.2.7', '198.51.100.0/25'], 403],
    ['198.51.100.127', ['192.0.2.7', '198.51.100.0/25'], 200],
    ['198.51.100.128', ['192.0.2.7', '198.51.100.0/25'], 403],
    ['2001:db8::9', ['2001:db8::/32'], 200],
    ['2001:DB8:0:0::9', ['2001:db8::/32'], 200],
    ['2001:db9::9', ['2001:db8::/32'], 403],
    ['::ffff:192.0.2.7', ['192.0.2.0/24'], 200],
    ['::ffff:192.0.3.7', ['192.0.2.0/24'], 403],
    ['192.0.2.7', ['::ffff:192.0.2.0/120'], 200],
    ['2001:db8::9', ['0.0.0.0/0'], 403],
    ['fe80::1%eth0', ['fe80::/10'], 200],
  ])('is used from %s, where %j is allowed: %i', async (address, allowedAddresses, status) => {
    const response = await callFrom(address, await keys.addKey(form, { allowedAddresses }))
    expect(response.statusCode).toBe(status)
    if (status === 403) expectProblem(response, 403, 'address_not_allowed')
  })

  it('tells the address that it was called from, and none that is allowed', async () => {
    const key = await keys.addKey(form, { allowedAddresses: ['192.0.2.0/24'] })
    const { detail } = (await callFrom('203.0.113.9', key)).json()
    expect(detail).toContain('203.0.113.9')
    expect(detail).not.toContain('192.0.2')
  })

  it.each(['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip'])(
    'is not opened by a forged %s where no proxy is trusted',
    async (name) => {
      const key = await keys.addKey(form, { allowedAddresses: ['192.0.2.7'] })
      const value = name === 'forwarded' ? 'for=192.0.2.7' : '192.0.2.7'
      expectProblem(await callFrom('203.0.113.9', key, { [name]: value }), 403, 'address_not_allowed')
    },
  )

  it.each([
    ['10.0.0.1', '192.0.2.7', 200],
    ['10.0.0.1', '192.0.2.7:50000', 200],
    ['10.0.0.1', '::ffff:192.0.2.7', 200],
    ['10.0.0.1', '192.0.2.7, 203.0.113.9', 403],
    ['10.0.0.1', '203.0.113.9, 192.0.2.7', 200],
    ['10.0.0.1', '192.0.2.7, rubbish', 403],
    ['10.0.0.1', '', 403],
    ['203.0.113.9', '192.0.2.7', 403],
    ['192.0.2.7', '203.0.113.9', 200],
  ])('behind a proxy: called by %s with X-Forwarded-For “%s”: %i', async (peer, forwarded, status) => {
    const key = await keys.addKey(form, { allowedAddresses: ['192.0.2.7'] })
    const headers = { 'x-forwarded-for': forwarded }
    const response = await from(proxied.server, peer, form, credentialsOf(key), headers)
    expect(response.statusCode).toBe(status)
  })

  it('follows a change with the next call', async () => {
    const key = await keys.addKey(form, { allowedAddresses: ['192.0.2.7'] })
    expect((await callFrom('203.0.113.9', key)).statusCode).toBe(403)
    await keys.change(form, key, { allowedAddresses: ['203.0.113.0/24'] })
    expect((await callFrom('203.0.113.9', key)).statusCode).toBe(200)
    expect((await callFrom('192.0.2.7', key)).statusCode).toBe(403)
    await keys.change(form, key, { allowedAddresses: null })
    expect((await callFrom('192.0.2.7', key)).statusCode).toBe(200)
  })

  it('restricts the secret before a rotation too', async () => {
    const old = await keys.addKey(form, { allowedAddresses: ['192.0.2.7'] })
    const rotated = await keys.rotate(form, old)
    for (const key of [old, rotated]) {
      expect((await callFrom('203.0.113.9', key)).statusCode).toBe(403)
      expect((await callFrom('192.0.2.7', key)).statusCode).toBe(200)
    }
  })

  it('refused, takes nothing of the key’s limit and is no use of it', async () => {
    const key = await keys.addKey(form, { allowedAddresses: ['192.0.2.7'], scopes: ['form:read'] })
    for (let count = 0; count < 5; count += 1) await callFrom('203.0.113.50', key)
    expect((await callFrom('192.0.2.7', key)).headers.ratelimit).toBe('limit=20, remaining=19, reset=60')
    await api.flushUsage()
    expect((await keys.viewOf(form, key)).lastUsed.address).toBe('192.0.2.7')
    expect((await keys.usageOf(form, key)).total.calls).toBe(1)
  })

  it('refused, counts as a failure of that address, up to 429', async () => {
    const key = await keys.addKey(form, { allowedAddresses: ['192.0.2.7'] })
    const refusals = []
    for (let count = 0; count <= rateLimit.apiKey; count += 1) refusals.push(await callFrom('203.0.113.51', key))
    expect(refusals.map(({ statusCode }) => statusCode)).toEqual([...Array(20).fill(403), 429])
    expect(refusals[0]?.headers.ratelimit).toBe('limit=20, remaining=19, reset=60')
    expect((await callFrom('192.0.2.7', key)).statusCode).toBe(200)
  })

  it('tells a wrong secret from that address nothing more', async () => {
    const key = await keys.addKey(form, { allowedAddresses: ['192.0.2.7'] })
    ok(await keys.revoke(form, key))
    expectProblem(await callFrom('203.0.113.9', key), 401, 'unauthorized')
  })
})
