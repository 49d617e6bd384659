import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Exported, type Exports, openExports, type Query, textField } from './exports-app.ts'
import { type Api, ok, type TestForm } from './harness.ts'
import { field, store } from './typed-exports.ts'

let exports: Exports
let api: Api
let form: TestForm
beforeAll(async () => {
  exports = await openExports()
  api = exports.api
  form = await exports.addForm(
    textField('name'),
    field('container', 'address', { components: [textField('street'), textField('city')] }),
    field('selectboxes', 'sells', { values: [{ value: 'eggs' }, { value: 'milk' }] }),
    field('datagrid', 'fields', {
      components: [textField('crop'), field('datagrid', 'harvests', { components: [field('number', 'year')] })],
    }),
    textField('form'),
  )
  await store(exports, form, {
    name: 'Ada',
    address: { street: '1 Main', city: 'Hope' },
    sells: { eggs: true, milk: false },
    fields: [{ crop: 'hay', harvests: [{ year: 2024, note: 'x' }] }, { harvests: [] }, null],
    form: 'mine',
    note: 'undeclared',
  })
})
afterAll(() => api.close())

const chosen = async (fields: string, query: Query = {}) => (await exports.json(form, { fields, ...query }))[0]

describe('chosen fields of the JSON export', () => {
  it.each<[string, string, object]>([
    ['answers', 'name,note', { name: 'Ada', note: 'undeclared' }],
    ['members of a container', 'address.city', { address: { city: 'Hope' } }],
    ['one of several boxes', 'sells.eggs', { sells: { eggs: true } }],
    ['a column of a grid, with all its rows', 'fields.crop', { fields: [{ crop: 'hay' }, {}, null] }],
    [
      'a column of a grid in a grid',
      'fields.harvests.year',
      { fields: [{ harvests: [{ year: 2024 }] }, { harvests: [] }, null] },
    ],
    [
      'a whole grid beside other answers',
      'name,fields',
      { name: 'Ada', fields: [{ crop: 'hay', harvests: [{ year: 2024, note: 'x' }] }, { harvests: [] }, null] },
    ],
    ['members of form', 'form.version,name', { form: { version: 1 }, name: 'Ada' }],
    ['an answer that is called form', 'data.form', { 'data.form': 'mine' }],
  ])('are %s', async (_, fields, expected) => {
    expect(await chosen(fields)).toEqual(expected)
  })

  it('need their extra metadata asked for, as in the CSV', async () => {
    expect(await chosen('form.draft', { columns: 'draft' })).toEqual({ form: { draft: false } })
    expectProblem(await exports.exported(form, { format: 'json', fields: 'form.draft' }), 400, 'invalid_query')
  })

  it('narrow the lines of NDJSON as well', async () => {
    const response = await exports.exported(form, { format: 'ndjson', fields: 'name' })
    expect(response.body).toBe('{"name":"Ada"}\n')
  })

  it('may come in a body', async () => {
    const body = { format: 'json', fields: ['address.city', 'form.status'] }
    const rows: Exported[] = ok(await api.call('POST', `/forms/${form.formId}/export/fields`, { as: form.key, body }))
    expect(rows).toEqual([{ form: { status: 'SUBMITTED' }, address: { city: 'Hope' } }])
  })

  it.each(['json', 'ndjson', 'xlsx', 'parquet'])('are refused when the form does not have them: %s', async (format) => {
    const response = await exports.exported(form, { format, fields: 'name,age' })
    expectProblem(response, 400, 'invalid_query')
    expect(response.json().errors).toEqual([{ path: 'fields', message: 'holds age, which is no column' }])
    expectProblem(await exports.exported(form, { format, fields: '' }), 400, 'invalid_query')
  })

  it('keep every digit of a number', async () => {
    const own = await exports.addForm(field('number', 'n'), textField('a'))
    await store(exports, own, '{"n": 12345678901234567890.5, "a": "x"}')
    const response = await exports.exported(own, { format: 'json', fields: 'n' })
    expect(response.body).toBe('[{"n":12345678901234567890.5}]')
  })
})
