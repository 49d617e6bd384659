import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keysMax } from '../src/api-keys/named-key.ts'
import { expectProblem } from './expect-problem.ts'
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

const liveKeys = async () => ok(await api.call('GET', `/forms/${form.formId}/apiKeys`, { as: api.owner }))
const regenerate = () => api.call('PUT', `/forms/${form.formId}/apiKey`, { as: api.owner })
const addMany = (count: number) => Promise.all(Array.from({ length: count }, () => keys.tryToAdd(form)))
const statusesOf = (responses: { statusCode: number }[]) => responses.map(({ statusCode }) => statusCode).sort()

describe('names', () => {
  it.each([
    ['Power BI', 'Power BI'],
    ['Power BI', 'power bi'],
    ['Power BI', '  POWER BI '],
    ['Évora', 'évora'],
    ['ΩMEGA', 'ωmega'],
    ['Caf\u00e9', 'Cafe\u0301'],
  ])('are taken once, in any case and spelling: %j, then %j', async (first, second) => {
    await keys.addKey(form, { name: first })
    const other = await keys.addKey(form)
    expectProblem(await keys.tryToAdd(form, { name: second }), 409, 'conflict')
    expectProblem(await keys.tryToChange(form, other, { name: second }), 409, 'conflict')
  })

  it.each(['İ', 'ẞ', 'ǅ', 'K'])('that PostgreSQL and ICU may fold differently make no 500: %s', async (name) => {
    await keys.addKey(form, { name })
    for (const other of [name.toLowerCase(), name.toUpperCase(), 'i', 'ß', 'ss', 'ǆ', 'k']) {
      expect([201, 409]).toContain((await keys.tryToAdd(form, { name: other })).statusCode)
    }
  })

  it('may be given again with other capitals to the same key', async () => {
    const key = await keys.addKey(form, { name: 'power bi' })
    expect((await keys.change(form, key, { name: 'Power BI' })).name).toBe('Power BI')
  })

  it('are each form’s own', async () => {
    await keys.addKey(form, { name: 'Power BI' })
    expect((await keys.tryToAdd(await api.addForm(), { name: 'Power BI' })).statusCode).toBe(201)
  })

  it('are given once when many ask at once', async () => {
    const asking = Array.from({ length: 8 }, () => keys.tryToAdd(form, { name: 'Power BI' }))
    expect(statusesOf(await Promise.all(asking))).toEqual([201, ...Array(7).fill(409)])
  })

  it.each(['Default', 'default', ' DEFAULT ', 'Ｄefault'])(
    'never are %j, also where the form has no key',
    async (name) => {
      ok(await keys.revoke(form, await keys.defaultOf(form)))
      expectProblem(await keys.tryToAdd(form, { name }), 409, 'conflict')
      expectProblem(await keys.tryToChange(form, await keys.addKey(form), { name }), 409, 'conflict')
    },
  )

  it('Default keeps, and its other settings change', async () => {
    const key = await keys.defaultOf(form)
    expectProblem(await keys.tryToChange(form, key, { name: 'Power BI' }), 409, 'conflict')
    expectProblem(await keys.tryToChange(form, key, { name: 'default' }), 409, 'conflict')
    expect(await keys.change(form, key, { name: 'Default', ownLimit: 5 })).toMatchObject({ ownLimit: 5 })
  })

  it('are what rows written with the key name as their author', async () => {
    const key = await keys.addKey(form, { name: 'Power BI', scopes: ['submissions:write'] })
    expect(ok(await keys.submitAs(form, key.as)).createdBy).toBe('api-key:Power BI')
  })
})

describe('a form', () => {
  it('has 20 keys at most, Default among them', async () => {
    for (const made of await addMany(keysMax - 1)) expect(made.statusCode).toBe(201)
    expectProblem(await keys.tryToAdd(form), 409, 'conflict')
    expect(await liveKeys()).toHaveLength(20)
  })

  it('has no more when 30 are made at once', async () => {
    const made = await addMany(30)
    expect(statusesOf(made)).toEqual([...Array(19).fill(201), ...Array(11).fill(409)])
    expect(await liveKeys()).toHaveLength(20)
  })

  it('keeps a place for Default while it has none', async () => {
    ok(await keys.revoke(form, await keys.defaultOf(form)))
    expect(statusesOf(await addMany(20))).toEqual([...Array(19).fill(201), 409])
    ok(await regenerate())
    expect(await liveKeys()).toHaveLength(20)
  })

  it('has room again once one is revoked', async () => {
    const last = await keys.addKey(form)
    await addMany(18)
    expect((await keys.tryToAdd(form)).statusCode).toBe(409)
    ok(await keys.revoke(form, last))
    expect((await keys.tryToAdd(form)).statusCode).toBe(201)
  })

  it('has one key Default, however many make it at once', async () => {
    ok(await keys.revoke(form, await keys.defaultOf(form)))
    for (const each of await Promise.all(Array.from({ length: 8 }, regenerate))) expect(each.statusCode).toBe(200)
    expect(await liveKeys()).toHaveLength(1)
  })
})
