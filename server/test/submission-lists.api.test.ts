import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers } from './definitions.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'
import { type Item, type Query, readersOf } from './submission-lists.ts'

let api: Api
let form: TestForm
let person: { cookie: string; id: string }
/** Ada was submitted with the key, Bo is a draft, Cy was deleted, Di was submitted by a person. */
let ids: Record<'ada' | 'bo' | 'cy' | 'di', string>

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm()
  person = await api.addPerson('reviewer@example.org')
  const submit = (name: string, options = {}) => api.submit(form, { ...plainAnswers, name }, options)
  ids = { ada: await submit('Ada'), bo: await submit('Bo', { draft: true }), cy: await submit('Cy'), di: '' }
  ok(await api.call('DELETE', `/submissions/${ids.cy}`, { as: form.key }))
  const path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
  const body = { submission: { data: { ...plainAnswers, name: 'Di' } } }
  ids.di = ok(await api.call('POST', path, { as: person, body })).id
})
afterAll(() => api.close())

const { list, page, call } = readersOf(() => ({ api, form }))
const names = async (query: Query) => (await list({ ...query, fields: 'name' })).map((each) => each.name).sort()

describe('GET submissions', () => {
  it('gives a bare array, newest first, drafts and deleted ones too', async () => {
    const rows = await list()
    expect(rows.map((each) => each.submissionId)).toEqual([ids.di, ids.cy, ids.bo, ids.ada])
  })

  it('gives each row the members that CHEFS’s has', async () => {
    const [row] = await list({ submissionId: ids.ada })
    expect(row).toEqual({
      confirmationId: ids.ada.slice(0, 8).toUpperCase(),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      formId: form.formId,
      formSubmissionStatusCode: 'SUBMITTED',
      submissionId: ids.ada,
      deleted: false,
      createdBy: 'api-key:Default',
      formVersionId: form.versionId,
      lateEntry: false,
    })
  })

  it.each<[string, Query, string[]]>([
    ['deleted=false', { deleted: 'false' }, ['Ada', 'Bo', 'Di']],
    ['deleted=true', { deleted: 'true' }, ['Cy']],
    ['draft=true', { draft: 'true' }, ['Bo']],
    ['draft=false', { draft: 'false' }, ['Ada', 'Cy', 'Di']],
    ['two filters together', { draft: 'false', deleted: 'false' }, ['Ada', 'Di']],
    ['createdBy, whatever its case', { createdBy: 'REVIEWER@' }, ['Di']],
    ['createdBy with a wildcard, which is none', { createdBy: '%@example%' }, []],
    ['createdBy with an underscore, which is no wildcard', { createdBy: 'api_key' }, []],
    ['version', { version: '1' }, ['Ada', 'Bo', 'Cy', 'Di']],
    ['a version that there is not', { version: '7' }, []],
    ['filterformSubmissionStatusCode', { filterformSubmissionStatusCode: 'true' }, ['Ada', 'Cy', 'Di']],
    ['filterformSubmissionStatusCode=false', { filterformSubmissionStatusCode: 'false' }, ['Ada', 'Bo', 'Cy', 'Di']],
    ['a status', { status: 'SUBMITTED' }, ['Ada', 'Cy', 'Di']],
    ['a status that none has', { status: 'COMPLETED' }, []],
    ['an unknown submissionId', { submissionId: randomUUID() }, []],
    ['an unknown confirmationId', { confirmationId: 'FFFFFFFF' }, []],
    ['an unknown formVersionId', { formVersionId: randomUUID() }, []],
    ['a parameter that it does not know', { nonsense: 'x' }, ['Ada', 'Bo', 'Cy', 'Di']],
  ])('narrows by %s', async (_, query, expected) => {
    expect(await names(query)).toEqual(expected)
    expect((await page({ ...query, itemsPerPage: '-1' })).total).toBe(expected.length)
  })

  it('narrows by the ids of a row', async () => {
    expect(await names({ submissionId: ids.bo })).toEqual(['Bo'])
    expect(await names({ submissionId: ids.bo.toUpperCase() })).toEqual(['Bo'])
    expect(await names({ confirmationId: ids.bo.slice(0, 8).toUpperCase() })).toEqual(['Bo'])
    expect(await names({ formVersionId: form.versionId })).toHaveLength(4)
  })

  it.each([
    ['createdAt', 'createdAt', ['Ada', 'Bo', 'Cy', 'Di']],
    ['updatedAt', 'updatedAt', ['Ada', 'Bo', 'Cy', 'Di']],
    // What was never a draft was submitted when it was made.
    ['submittedAt', 'createdAt', ['Ada', 'Cy', 'Di']],
  ])('narrows by the time in %s, both ends included, in either spelling', async (name, column, all) => {
    const at = async (id: string) => String((await list({ submissionId: id, fields: column }))[0]?.[column])
    const range = [await at(ids.ada), await at(ids.cy)]
    const found = await names({ [name]: range })
    expect(found).toEqual(expect.arrayContaining(['Ada', 'Cy']))
    expect(await names({ [`${name}[]`]: range })).toEqual(found)
    expect(await names({ [name]: ['2001-01-01', '2001-12-31'] })).toEqual([])
    expect(await names({ [name]: ['2001-01-01', '2999-12-31'] })).toEqual(all)
  })

  it('narrows to what is assigned to the person who asks', async () => {
    const target = await api.addForm()
    const [mine] = [await api.submit(target), await api.submit(target)]
    const status = { code: 'ASSIGNED', assignedToUserId: api.owner.id }
    ok(await api.call('POST', `/submissions/${mine}/status`, { as: api.owner, body: status }))
    const read = async (as: As) =>
      ok(await call('', { filterAssignedToCurrentUser: 'true' }, { as, target })).map((each: Item) => each.submissionId)
    expect(await read(api.owner)).toEqual([mine])
  })

  it.each<[string, Query]>([
    ['deleted', { deleted: 'maybe' }],
    ['draft', { draft: '' }],
    ['page', { page: '-1' }],
    ['page', { page: '1.5' }],
    ['page', { page: 'first' }],
    ['itemsPerPage', { itemsPerPage: '-2' }],
    ['itemsPerPage', { itemsPerPage: '10001' }],
    ['version', { version: '0' }],
    ['version', { version: '99999999999' }],
    ['submissionId', { submissionId: '17' }],
    ['formVersionId', { formVersionId: 'x' }],
    ['sortBy[order]', { 'sortBy[order]': 'sideways' }],
    ['createdAt', { createdAt: '2026-01-01' }],
    ['createdAt', { createdAt: ['2026-01-01', 'later'] }],
    ['createdAt', { createdAt: ['2026-01-01', '2026-02-01', '2026-03-01'] }],
    ['createdAt', { createdAt: ['-200000-01-01T00:00:00Z', '2026-01-01'] }],
    ['updatedAt', { updatedAt: ['soon', '2026-01-01'] }],
    ['submittedAt', { 'submittedAt[]': ['2026-01-01', 'later'] }],
    ['status', { status: 'submitted' }],
  ])('answers 400 to a wrong %s: %j', async (_, query) => {
    const response = await call('', query)
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_query'])
  })
})

describe('fields', () => {
  const fieldsOf = async (fields: string | string[]) => (await list({ submissionId: ids.ada, fields }))[0]

  it.each<[string, string | string[], object]>([
    ['a comma-separated list', 'name, age', { name: 'Ada', age: 36 }],
    ['repeated parameters', ['name', 'age,agree'], { name: 'Ada', age: 36, agree: true }],
    ['an answer with others in it', 'children', { children: [{ first: 'Bo', years: 3 }] }],
    ['a path, named by its last part', 'children.0.first', { first: 'Bo' }],
    ['an answer that is not there', 'nothing,no.where', { nothing: null, where: null }],
    ['updatedAt and updatedBy', 'updatedAt,updatedBy', { updatedBy: null, updatedAt: expect.any(String) }],
    ['names that objects have anyway', 'constructor', { constructor: null }],
    ['names in quotes', `a'b"c`, { 'a\'b"c': null }],
    ['nothing', '', {}],
  ])('adds %s', async (_, fields, expected) => {
    const [plain] = await list({ submissionId: ids.ada })
    expect({ ...(await fieldsOf(fields)) }).toEqual({ ...plain, ...expected })
  })

  it('adds a hundred at once', async () => {
    const data = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`q${index}`, `answer ${index}`]))
    const id = await api.submit(form, { ...plainAnswers, ...data })
    expect((await list({ submissionId: id, fields: Object.keys(data).join(',') }))[0]).toMatchObject(data)
  })

  it('lets a column of the list win over an answer of the same name', async () => {
    const data = { ...plainAnswers, createdBy: 'mallory', deleted: true, submissionId: 'x', updatedBy: 'mallory' }
    const target = await api.addForm()
    const id = await api.submit(target, data)
    const response = await call('', { fields: 'createdBy,deleted,submissionId,updatedBy,name' }, { target })
    expect(ok(response)).toEqual([
      expect.objectContaining({
        submissionId: id,
        createdBy: 'api-key:Default',
        deleted: false,
        updatedBy: null,
        name: 'Ada',
      }),
    ])
    expect(response.body.match(/"createdBy"/g)).toHaveLength(1)
  })
})

describe('GET submissions of a version', () => {
  const read = async (query: Query = {}): Promise<{ id: string }[]> =>
    ok(await call(`/versions/${form.versionId}`, query, { target: form }))

  it('gives whole rows, newest first, drafts and deleted ones too', async () => {
    const rows = await read()
    const own = rows.filter((each) => Object.values(ids).includes(each.id))
    expect(own.map((each) => each.id)).toEqual([ids.di, ids.cy, ids.bo, ids.ada])
    expect(own[3]).toEqual({
      id: ids.ada,
      formVersionId: form.versionId,
      confirmationId: ids.ada.slice(0, 8).toUpperCase(),
      draft: false,
      deleted: false,
      submission: { data: { ...plainAnswers, name: 'Ada' } },
      createdBy: 'api-key:Default',
      createdAt: expect.any(String),
      updatedBy: null,
      updatedAt: expect.any(String),
    })
  })

  it('narrows by createdBy', async () => {
    expect((await read({ createdBy: 'reviewer' })).map((each) => each.id)).toEqual([ids.di])
  })

  it('gives those of this version alone', async () => {
    const target = await api.addForm()
    await api.submit(target)
    const draft = ok(
      await api.call('POST', `/forms/${target.formId}/drafts`, {
        as: target.key,
        body: { schema: { components: [] } },
      }),
    )
    const version = ok(await api.call('POST', `/forms/${target.formId}/drafts/${draft.id}/publish`, { as: target.key }))
    expect(ok(await call(`/versions/${version.id}`, {}, { target }))).toEqual([])
    expect(ok(await call(`/versions/${target.versionId}`, {}, { target }))).toHaveLength(1)
  })
})

describe('discover', () => {
  const discover = async (query: Query, target = form): Promise<Item[]> =>
    ok(await call(`/versions/${target.versionId}`, query, { target, below: '/discover' }))

  it('gives the id and the chosen answers, newest first, and leaves out what the version lacks', async () => {
    const rows = (await discover({ fields: 'name,nonsense,children' })).filter((each) => each.name === 'Ada')
    expect(rows.at(-1)).toEqual({ id: ids.ada, name: 'Ada', children: plainAnswers.children })
  })

  it('gives ids alone when nothing is chosen', async () => {
    expect((await discover({})).at(-1)).toEqual({ id: ids.ada })
  })

  it('keeps the row’s id when an input is called id', async () => {
    const schema = {
      components: [
        { type: 'textfield', key: 'id', input: true },
        { type: 'textfield', key: 'name', input: true },
      ],
    }
    const target = await api.addForm({ schema })
    const id = await api.submit(target, { id: 'mine', name: 'Ada' })
    expect(await discover({ fields: 'id,name' }, target)).toEqual([{ id, name: 'Ada' }])
  })
})

describe('every list', () => {
  const lists: [string, string][] = [
    ['', ''],
    ['/versions/:id', ''],
    ['/versions/:id', '/discover'],
  ]
  const at = ([above, below]: [string, string], target: TestForm, versionId = target.versionId) =>
    `/forms/${target.formId}${above.replace(':id', versionId)}/submissions${below}`

  it.each(lists)('%s/submissions%s is for keys of its form and people with a role', async (...path) => {
    for (const as of [undefined, { formId: form.formId, secret: randomUUID() }]) {
      expect((await api.call('GET', at(path, form), { as })).statusCode).toBe(401)
    }
    const other = await api.addForm()
    for (const as of [other.key, { formId: form.formId, secret: other.secret }]) {
      expect((await api.call('GET', at(path, form), { as })).statusCode).toBe(401)
    }
    expect((await api.call('GET', at(path, form), { as: person })).statusCode).toBe(403)
    expect((await api.call('GET', at(path, form), { as: api.owner })).statusCode).toBe(200)
  })

  it.each(lists)('%s/submissions%s shows nothing of another form', async (...path) => {
    const other = await api.addForm()
    const query = { formVersionId: form.versionId, submissionId: ids.ada, formId: form.formId }
    expect(ok(await api.call('GET', at(path, other), { as: other.key, query }))).toEqual([])
  })

  it.each(lists.slice(1))('%s/submissions%s answers 404 to another form’s version', async (...path) => {
    const other = await api.addForm()
    for (const versionId of [form.versionId, randomUUID()]) {
      const response = await api.call('GET', at(path, other, versionId), { as: other.key })
      expect([response.statusCode, response.json().code]).toEqual([404, 'not_found'])
    }
  })

  it.each(lists)('%s/submissions%s of a form without any is an empty array', async (...path) => {
    const empty = await api.addForm()
    expect(ok(await api.call('GET', at(path, empty), { as: empty.key }))).toEqual([])
  })
})
