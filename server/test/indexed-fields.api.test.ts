import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fillNext } from '../src/indexed-fields/indexed-fields.queries.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, type As, ok, type TestForm } from './harness.ts'
import { index, store, workOn } from './indexed-fields.ts'
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

const path = (of = form) => `/forms/${of.formId}/indexedFields`
const get = async (as: As = form.key) => ok(await api.call('GET', path(), { as }))
const put = (fields: unknown, as: As = api.owner) => api.call('PUT', path(), { as, body: { fields } })
const statesOf = ({ fields }: { fields: { field: string; state: string; percent: number }[] }) =>
  fields.map(({ field, state, percent }) => [field, state, percent])

/** The rows of the index of a form: what a filter by an index starts from. */
async function entries(of = form): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from submission_answer a
    join indexed_field f on f.id = a.indexed_field_id where f.form_id = ${of.formId}`.execute(api.database.db)
  return rows[0]?.count ?? 0
}

async function findBy(query: Record<string, string>, as: As = form.key): Promise<string[]> {
  const list = ok(await api.call('GET', `/forms/${form.formId}/submissions`, { as, query }))
  return list.map(({ submissionId }: { submissionId: string }) => submissionId)
}

describe('the indexed fields of a form', () => {
  it('are none at first, and then those that were asked for, being built until they are ready', async () => {
    for (let each = 0; each < 4; each += 1) await api.submit(form)
    expect(await get()).toEqual({ fields: [], max: 10 })
    expect(statesOf(ok(await put(['name', 'children.first'])))).toEqual([
      ['children.first', 'building', 0],
      ['name', 'building', 0],
    ])
    await fillNext(api.database.db, 3)
    expect(statesOf(await get())).toContainEqual(['name', 'building', 75])
    await workOn(api)
    expect(statesOf(await get())).toEqual([
      ['children.first', 'ready', 100],
      ['name', 'ready', 100],
    ])
  })

  it('stay as they are where the same is asked for again', async () => {
    await index(api, form, ['name'])
    const before = await get()
    expect(ok(await put(['name']))).toEqual(before)
  })

  it('take their answers with them when they are removed', async () => {
    await api.submit(form)
    await index(api, form, ['name', 'age'])
    expect(await entries()).toBe(2)
    ok(await put(['age']))
    await workOn(api)
    expect([statesOf(await get()), await entries()]).toEqual([[['age', 'ready', 100]], 1])
    expect(await findBy({ 'filter[name]': 'Ada' })).toHaveLength(1)
  })

  it('are recorded with who changed them', async () => {
    await index(api, form, ['name'])
    const { rows } = await api.database.pool.query(
      `select actor, details from audit_event where action = 'form.indexedFields' and form_id = $1`,
      [form.formId],
    )
    expect(rows).toEqual([{ actor: 'owner@example.org', details: { added: ['name'], removed: [] } }])
  })

  it.each<[string, unknown]>([
    ['a field that the form does not have', ['name', 'colour']],
    ['a grid', ['children']],
    ['more than ten', Array.from({ length: 11 }, (_, n) => `field${n}`)],
    ['one twice', ['name', 'name']],
    ['an empty name', ['']],
    ['no list', 'name'],
  ])('are not %s', async (_, fields) => {
    expectProblem(await put(fields), 422, 'invalid_body')
    expect((await get()).fields).toEqual([])
  })

  it('never become more than ten when two people ask at once', async () => {
    const components = Array.from({ length: 20 }, (_, n) => ({ type: 'textfield', key: `q${n}`, input: true }))
    form = await api.addForm({ schema: { components } })
    const names = components.map(({ key }) => key)
    await Promise.all([put(names.slice(0, 10)), put(names.slice(10))])
    expect((await get()).fields).toHaveLength(10)
  })

  it('are shown to keys that read submissions and set by people who may change the form', async () => {
    const other = await api.addForm()
    const reviewer = await api.addPerson(`reviewer-${form.formId}@example.org`)
    await sql`insert into form_role_user (form_id, user_id, role, created_by) values
      (${form.formId}, ${reviewer.id}, 'submission_reviewer', 'test')`.execute(api.database.db)
    const narrow = await keys.addKey(form, { scopes: ['form:read'] })
    const statuses = async (method: 'GET' | 'PUT', as: As) => {
      const body = method === 'PUT' ? { body: { fields: [] } } : {}
      return (await api.call(method, path(), { as, ...body })).statusCode
    }
    expect(await statuses('GET', form.key)).toBe(200)
    expect(await statuses('GET', reviewer)).toBe(200)
    expect(await statuses('GET', narrow.as)).toBe(403)
    expect(await statuses('GET', other.key)).toBe(401)
    expect(await statuses('GET', { ...other.key, formId: form.formId })).toBe(401)
    expect(await statuses('GET', undefined)).toBe(401)
    expect(await statuses('PUT', form.key)).toBe(401)
    expect(await statuses('PUT', reviewer)).toBe(403)
    expect(await statuses('PUT', undefined)).toBe(401)
    expect(await statuses('PUT', api.owner)).toBe(200)
  })
})

describe('an index', () => {
  it('follows every change of an answer', async () => {
    await index(api, form, ['name', 'children.first'])
    const id = await api.submit(form)
    expect(await findBy({ 'filter[name]': 'Ada', 'filter[children.first]': 'Bo' })).toEqual([id])
    const data = { name: 'Eve', children: [{ first: 'Bo' }, { first: 'Cy' }] }
    ok(await api.call('PUT', `/submissions/${id}`, { as: api.owner, body: { submission: { data } } }))
    expect(await findBy({ 'filter[name]': 'Ada' })).toEqual([])
    expect(await findBy({ 'filter[name]': 'Eve', 'filter[children.first]': 'Cy' })).toEqual([id])
    expect(await entries()).toBe(3)
  })

  it('keeps to test submissions for a test key', async () => {
    await index(api, form, ['name'])
    const { as } = await keys.addKey(form, { scopes: ['form:read', 'submissions:read'], test: true })
    const [live, test] = [await api.submit(form), await store(api, form, { name: 'Ada' }, true)]
    expect(await findBy({ 'filter[name]': 'Ada' }, as)).toEqual([test])
    expect(await findBy({ 'filter[name]': 'Ada' })).toEqual([live])
  })

  it('has one entry for a submission with more rows than can be told apart, which every filter looks into', async () => {
    const rows = (count: number) => Array.from({ length: count }, (_, n) => ({ first: `child ${n}` }))
    await index(api, form, ['children.first'])
    const many = await store(api, form, { name: 'Ada', children: rows(1001) })
    expect(await entries()).toBe(1)
    expect(await findBy({ 'filter[children.first]': 'child 1000' })).toEqual([many])
    expect(await findBy({ 'filter[children.first]': 'child 1001' })).toEqual([])
  })

  it('goes when its form or a submission goes for good', async () => {
    await index(api, form, ['name'])
    const id = await api.submit(form)
    await sql`delete from submission where id = ${id}`.execute(api.database.db)
    expect(await entries()).toBe(0)
  })

  it('finds all, whatever is written while it is built, by several builders at once', async () => {
    const names = ['a', 'b', 'c']
    const any = () => names[Math.floor(Math.random() * names.length)] ?? ''
    const ids: string[] = []
    const put = (id: string) =>
      api.call('PUT', `/submissions/${id}`, { as: api.owner, body: { submission: { data: { name: any() } } } })
    for (let each = 0; each < 40; each += 1) ids.push(await store(api, form, { name: any() }))
    const writing = Array.from({ length: 6 }, async () => {
      for (let each = 0; each < 15; each += 1) {
        if (Math.random() < 0.5) ids.push(await store(api, form, { name: any() }))
        else ok(await put(ids[Math.floor(Math.random() * ids.length)] ?? ''))
      }
    })
    const building = index(api, form, ['name', 'children.first', 'age']).then(() => workOn(api))
    await Promise.all([...writing, building, workOn(api), workOn(api)])
    await workOn(api)
    expect(statesOf(await get()).map(([, state]) => state)).toEqual(['ready', 'ready', 'ready'])
    const found = await Promise.all(names.map((name) => findBy({ 'filter[name]': name })))
    const stored = await sql<{ ids: string[] }>`select array_agg(id order by created_at desc, id desc) as ids
      from submission where form_id = ${form.formId} group by submission #>> '{data,name}' order by submission #>> '{data,name}'`.execute(
      api.database.db,
    )
    expect(found.flat()).toHaveLength(ids.length)
    expect(found).toEqual(stored.rows.map((row) => row.ids))
  })
})
