import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Api, ok, openApi, type TestForm } from './harness.ts'
import { index, store } from './indexed-fields.ts'
import { type Query, readersOf } from './submission-lists.ts'

const input = (type: string, key: string, more = {}) => ({ type, key, input: true, ...more })
const schema = {
  components: [
    input('textfield', 'word'),
    input('number', 'amount'),
    input('checkbox', 'agree'),
    input('textfield', 'form'),
    input('select', 'tags', { multiple: true }),
    input('selectboxes', 'sells', { values: ['eggs', 'milk'].map((value) => ({ value, label: value })) }),
    { ...input('container', 'address'), components: [input('textfield', 'city')] },
    {
      ...input('datagrid', 'fields'),
      components: [
        input('textfield', 'crop'),
        { ...input('datagrid', 'harvests'), components: [input('number', 'year')] },
      ],
    },
    input('textarea', 'long'),
  ],
}
const long = 'Wort für Wort '.repeat(3000)
/** In the order in which they are stored. */
const rows: Record<string, object> = {
  a: { word: 'north', amount: 12, agree: true, address: { city: 'Iqaluit' }, form: 'own' },
  b: { word: 'north,south', amount: '12', agree: 'true', tags: ['x', 'y'] },
  c: { word: '', amount: 12.5, agree: false, sells: { eggs: true, milk: false }, tags: 'x' },
  d: { word: 'No"rth\\', fields: [{ crop: 'hay', harvests: [{ year: 2024 }, { year: 2025 }] }, { crop: 'rye' }] },
  e: { word: null, fields: [{ crop: 'oats', harvests: [] }], address: [{ city: 'Nuuk' }] },
  f: { word: ['north'], amount: { value: 12 }, fields: { crop: 'hay' }, long },
}
const fields = ['word', 'amount', 'agree', 'data.form', 'tags', 'sells.eggs', 'address.city', 'fields.crop', 'long']
const deep = 'fields.harvests.year'

let api: Api
let form: TestForm
const names = new Map<string, string>()
const { call, list, page } = readersOf(() => ({ api, form }))

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm({ schema })
  for (const [name, answers] of Object.entries(rows)) names.set(await store(api, form, answers), name)
})
afterAll(() => api.close())

const shown = (items: { submissionId: string }[]) => items.map(({ submissionId }) => names.get(submissionId)).join('')
const found = async (query: Query) => shown((await list(query)).toReversed())

describe.each(['without an index', 'with indexes', 'with an index on another field of two'])('filters %s', (how) => {
  beforeAll(async () => {
    if (how === 'with indexes') await index(api, form, [...fields, deep])
    if (how === 'with an index on another field of two') await index(api, form, ['agree'])
  })

  it.each<[string, Query, string]>([
    ['a text', { 'filter[word]': 'north' }, 'af'],
    ['a text with a comma', { 'filter[word]': 'north,south' }, 'b'],
    ['a text with quotes', { 'filter[word]': 'No"rth\\' }, 'd'],
    ['another case, which is another text', { 'filter[word]': 'NORTH' }, ''],
    ['the empty text, which is not what is missing', { 'filter[word]': '' }, 'c'],
    ['any of several', { 'filter[word]': ['north', '', 'north,south'] }, 'abcf'],
    ['a number, and a text that reads the same', { 'filter[amount]': '12' }, 'ab'],
    ['a number that is written otherwise', { 'filter[amount]': '12.0' }, 'a'],
    ['a fraction', { 'filter[amount]': '1.25e1' }, 'c'],
    ['a boolean, and a text that reads the same', { 'filter[agree]': 'true' }, 'ab'],
    ['false, which is not what is missing', { 'filter[agree]': 'false' }, 'c'],
    ['a member of a list', { 'filter[tags]': 'x' }, 'bc'],
    ['an option of select boxes', { 'filter[sells.eggs]': 'true' }, 'c'],
    ['a field in a container, also where that was a grid', { 'filter[address.city]': ['Iqaluit', 'Nuuk'] }, 'ae'],
    ['any row of a grid', { 'filter[fields.crop]': 'rye' }, 'd'],
    ['what two rows of one grid have, once', { 'filter[fields.crop]': ['hay', 'rye'] }, 'df'],
    ['a grid in a grid', { 'filter[fields.harvests.year]': '2025' }, 'd'],
    ['an answer that is called form, by the name of its column', { 'filter[data.form]': 'own' }, 'a'],
    ['what is longer than an index takes', { 'filter[long]': long }, 'f'],
    ['two fields at once', { 'filter[amount]': '12', 'filter[agree]': 'true', 'filter[tags]': 'x' }, 'b'],
    ['nothing', { 'filter[word]': 'north', 'filter[amount]': '13' }, ''],
  ])('finds %s', async (_, query, expected) => {
    expect(await found(query)).toBe(expected)
    const { results, total } = await page({ ...query, itemsPerPage: '-1' })
    expect([shown(results.toReversed()), total]).toEqual([expected, expected.length])
    expect((await page({ ...query, itemsPerPage: '1' })).total).toBe(expected.length)
  })

  it('work with the other parameters of the list', async () => {
    const query = { 'filter[amount]': ['12', '12.5'], fields: 'word', paginationEnabled: 'true' }
    const sorted = { ...query, 'sortBy[column]': 'word', 'sortBy[order]': 'desc' }
    expect(shown((await page(sorted)).results)).toBe('bac')
    expect(shown((await page({ ...query, 'sortBy[column]': 'createdAt', 'sortBy[order]': 'asc' })).results)).toBe('abc')
    expect(shown((await page({ ...query, search: 'SOUTH', itemsPerPage: '1' })).results)).toBe('b')
    expect(shown((await page({ ...query, draft: 'true' })).results)).toBe('')
    expect(shown((await page({ ...query, deleted: 'false', version: '1' })).results)).toBe('cba')
    expect(shown((await page({ ...query, createdAt: ['2001-01-01', '2002-01-01'] })).results)).toBe('')
    expect(shown((await page({ ...query, createdAt: ['2001-01-01', '2999-01-01'] })).results)).toBe('cba')
  })

  it('go along with pages, by number and by links, forth and back', async () => {
    const query = { 'filter[fields.crop]': ['hay', 'oats', 'rye'], itemsPerPage: '1', paginationEnabled: 'true' }
    const numbered = await Promise.all(['0', '1', '2', '3'].map((number) => page({ ...query, page: number })))
    expect(numbered.map(({ results }) => shown(results))).toEqual(['f', 'e', 'd', ''])
    const seen: string[] = []
    let rel = 'next'
    let response = await call('', query)
    for (let step = 0; step < 5; step += 1) {
      seen.push(shown(ok(response).results))
      if (seen.length === 3) rel = 'prev'
      const [, address = ''] = new RegExp(`<([^>]+)>; rel="${rel}"`).exec(String(response.headers.link)) ?? []
      if (step < 4) response = await api.call('GET', address, { as: form.key })
    }
    expect(seen).toEqual(['f', 'e', 'd', 'e', 'f'])
  })
})

describe('a filter', () => {
  it('keeps to its form', async () => {
    const other = await api.addForm({ schema })
    await index(api, other, ['word'])
    const mine = await api.submit(other, { word: 'north' })
    const query = { 'filter[word]': 'north' }
    const items: { submissionId: string }[] = ok(await call('', query, { target: other }))
    expect(items.map(({ submissionId }) => submissionId)).toEqual([mine])
    expect((await call('', query, { target: other, as: form.key })).statusCode).toBe(401)
  })

  it('names each field that no version of the form has', async () => {
    const response = await call('', { 'filter[word]': 'x', 'filter[colour]': 'x', 'filter[sells]': 'x' })
    expectProblem(response, 400, 'invalid_query')
    expect(response.json().errors.map(({ path }: { path: string }) => path)).toEqual([
      'filter[colour]',
      'filter[sells]',
    ])
  })

  it('finds fields that only an older version has', async () => {
    const draft = { schema: { components: [input('textfield', 'new')] } }
    const { id } = ok(await api.call('POST', `/forms/${form.formId}/drafts`, { as: form.key, body: draft }))
    ok(await api.call('POST', `/forms/${form.formId}/drafts/${id}/publish`, { as: form.key }))
    expect(await found({ 'filter[word]': 'north', version: '1' })).toBe('af')
    expect(await found({ 'filter[new]': 'north' })).toBe('')
  })

  it.each(['filter[word][gte]', 'filter[', 'filter', 'filter.word', 'filter[]', 'Filter[word]'])(
    'is refused as %s',
    async (name) => expectProblem(await call('', { [name]: 'x' }), 400, 'invalid_query'),
  )
})

describe('a list that takes too long', () => {
  it('is given up, and says what would help', async () => {
    await index(api, form, [])
    const client = await api.database.pool.connect()
    await client.query('begin; lock table submission in access exclusive mode')
    const ask = (query: Query) => call('', { paginationEnabled: 'true', ...query })
    const [filtered, searched, sorted] = await Promise.all([
      ask({ 'filter[word]': 'north' }),
      ask({ search: 'north' }),
      ask({ 'sortBy[column]': 'createdBy' }),
    ]).finally(() => client.query('rollback').then(() => client.release()))
    expectProblem(filtered, 422, 'filter_needs_index')
    expect(filtered.json().detail).toContain('an index on word')
    expectProblem(searched, 422, 'list_too_slow')
    expectProblem(sorted, 422, 'list_too_slow')
  }, 30_000)
})
