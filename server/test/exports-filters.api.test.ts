import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainForm } from './definitions.ts'
import { type Exported, type Exports, openExports, type Query, textField } from './exports-app.ts'
import { type Api, ok, type TestForm } from './harness.ts'

let form: TestForm
let exports: Exports
let api: Api
beforeAll(async () => {
  exports = await openExports()
  api = exports.api
  form = await api.addForm({ schema: plainForm })
})
afterAll(() => api.close())

describe('filters', () => {
  let own: TestForm
  const set = (id: string, change: object) =>
    api.database.db.updateTable('submission').set(change).where('id', '=', id).execute()
  const found = async (query: Query) => (await exports.json(own, query)).map((row) => row.a).sort()

  beforeAll(async () => {
    own = await exports.addForm(textField('a'))
    const ids: Record<string, string> = {}
    for (const a of ['early', 'late', 'deleted', 'test', 'assigned']) ids[a] = await api.submit(own, { a })
    await api.submit(own, { a: 'draft' }, { draft: true })
    await set(ids.early ?? '', {
      created_at: new Date('2024-01-31T12:00:00Z'),
      updated_at: new Date('2024-03-01T00:00:00Z'),
    })
    await set(ids.late ?? '', {
      created_at: new Date('2024-02-01T00:00:00Z'),
      updated_at: new Date('2024-03-02T00:00:00Z'),
      submitted_at: new Date('2024-02-03T00:00:00Z'),
    })
    await set(ids.deleted ?? '', { deleted: true })
    await set(ids.test ?? '', { test: true })
    await set(ids.assigned ?? '', { status: 'ASSIGNED' })
  })

  it('leave deleted submissions, drafts and test submissions out', async () => {
    expect(await found({})).toEqual(['assigned', 'early', 'late'])
  })

  it('take deleted=false and drafts=false for what they say', async () => {
    expect(await found({ deleted: 'false', drafts: 'false' })).toEqual(['assigned', 'early', 'late'])
  })

  it('add deleted submissions and drafts, never test submissions', async () => {
    expect(await found({ deleted: 'true', drafts: 'true' })).toEqual(['assigned', 'deleted', 'draft', 'early', 'late'])
  })

  it('keep a status', async () => {
    expect(await found({ status: 'ASSIGNED' })).toEqual(['assigned'])
  })

  it.each([
    [{ preference: '{"maxDate":"2024-01-31"}' }, ['early']],
    [{ preference: '{"maxDate":"2024-01-31T11:59:59.999Z"}' }, []],
    [{ preference: '{"maxDate":"2024-01-31T12:00:00Z"}' }, ['early']],
    [{ preference: '{"minDate":"2024-02-01","maxDate":"2024-12-31"}' }, ['late']],
    [{ 'preference[minDate]': '2024-01-31T16:00:00+02:00', 'preference[maxDate]': '2024-12-31' }, ['late']],
    [{ preference: '{"updatedMaxDate":"2024-03-01"}' }, ['early']],
    [{ 'preference[updatedMinDate]': '2024-03-02', 'preference[updatedMaxDate]': '2024-03-02' }, ['late']],
    [{ timeZone: 'America/Vancouver', preference: '{"maxDate":"2024-01-31"}' }, ['early', 'late']],
    [{ timeZone: 'America/Vancouver', preference: '{"maxDate":"2024-01-31T12:00:00Z"}' }, ['early']],
    [{ preference: '{"submittedMaxDate":"2024-02-03"}' }, ['late']],
    [{ preference: '{"submittedMinDate":"2024-02-04"}' }, ['assigned', 'early']],
    [{ preference: '{"maxDate":null,"minDate":""}' }, ['assigned', 'early', 'late']],
  ] as [Query, string[]][])('narrow by time: %j', async (query, rows) => {
    expect(await found(query)).toEqual(rows)
  })

  it('show times as clocks in the zone do that was asked for', async () => {
    const rows = await exports.json(own, {
      timeZone: 'America/Vancouver',
      preference: '{"maxDate":"2024-01-31T12:00Z"}',
    })
    expect(rows.map(({ form }) => form.createdAt)).toEqual(['2024-01-31T04:00:00.000-08:00'])
  })

  it('work in a body as in a query', async () => {
    const body = { format: 'json', preference: { maxDate: '2024-01-31', minDate: null }, deleted: false, version: 0 }
    const response = await api.call('POST', `/forms/${own.formId}/export/fields`, { as: own.key, body })
    expect(ok(response).map((row: Exported) => row.a)).toEqual(['early'])
  })

  it.each(['9999-12-31', '9999-12-31T23:59:59-14:00'])('take %s for a day without end', async (maxDate) => {
    const query = { 'preference[maxDate]': maxDate, timeZone: 'America/Vancouver' }
    expect(await found(query)).toHaveLength(3)
  })

  it('keep a version, and all of them for 0', async () => {
    expect(await found({ version: '1' })).toHaveLength(3)
    expect(await found({ version: '0' })).toHaveLength(3)
  })

  it.each([
    { deleted: 'yes' },
    { drafts: '' },
    { version: '2' },
    { version: '-1' },
    { version: 'x' },
    { format: 'xml' },
    { type: 'forms' },
    { status: 'DONE' },
    { columns: 'secret' },
    { fields: '' },
    { fields: 'nothing' },
    { template: 'other' },
    { header: 'none' },
    { timeZone: 'Mars' },
    { emailExport: 'true' },
    { bom: 'x' },
    { formulaGuard: 'x' },
    { preference: '{' },
    { preference: '[]' },
    { preference: '{"mindate":"2024-01-01"}' },
    { preference: '{"minDate":"2024-02-30"}' },
    { preference: '{"minDate":1}' },
    { 'preference[minDate]': 'yesterday' },
    { 'preference[mindate]': '2024-01-01' },
    { minDate: '2024-01-01' },
    { versions: '1' },
    { 'filter[a]': 'x' },
  ] as Query[])('refuse %j', async (query) => {
    const response = await exports.exported(own, query)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({ code: 'invalid_query', status: 400 })
    expect(response.headers['content-disposition']).toBeUndefined()
  })

  it.each([
    { deleted: 'true' },
    { drafts: 1 },
    { version: '1' },
    { version: 7 },
    { fields: [] },
    { fields: ['nothing'] },
    { columns: ['secret'] },
    { emailExport: true },
    { template: 'other' },
    { preference: { minDate: 'x' } },
    { preference: { mindate: '2024-01-01' } },
    { preference: '{}' },
    { unknown: 1 },
  ])('refuse %j in a body', async (body) => {
    const response = await api.call('POST', `/forms/${own.formId}/export/fields`, { as: own.key, body })
    expect(response.statusCode).toBe(400)
    expect(response.json().code).toBe('invalid_body')
  })
})

describe('who may export', () => {
  const operations = (formId: string): [string, string, object | undefined][] => [
    ['GET', `/forms/${formId}/export`, undefined],
    ['POST', `/forms/${formId}/export/fields`, {}],
    ['GET', `/forms/${formId}/csvexport/fields`, undefined],
  ]

  it('nobody without a credential, and no key of another form', async () => {
    const other = await exports.addForm(textField('a'))
    for (const [method, path, body] of operations(form.formId)) {
      expect((await api.call(method, path, { body })).statusCode).toBe(401)
      expect((await api.call(method, path, { body, as: other.key })).statusCode).toBe(401)
    }
  })

  it('no person without the right to see submissions', async () => {
    const stranger = await api.addPerson('stranger@example.org')
    for (const [method, path, body] of operations(form.formId)) {
      expect((await api.call(method, path, { body, as: stranger })).statusCode).toBe(403)
    }
  })

  it('a key sees its own form only', async () => {
    const other = await exports.addForm(textField('a'))
    await api.submit(other, { a: 'theirs' })
    const own = await exports.addForm(textField('a'))
    await api.submit(own, { a: 'mine' })
    expect((await exports.json(own)).map((row) => row.a)).toEqual(['mine'])
    expect((await exports.exported(own)).body).not.toContain('theirs')
  })
})
