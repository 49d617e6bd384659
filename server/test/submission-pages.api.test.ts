import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Api, ok, openApi, type TestForm } from './harness.ts'
import { type Item, type Query, readersOf } from './submission-lists.ts'

const schema = {
  components: ['word', 'amount', 'note'].map((key) => ({ type: 'textfield', key, input: true })),
}
/** In the order in which they are submitted. */
const rows = [
  { word: 'Zebra', amount: 10, note: '100 %' },
  { word: 'École', amount: 9, note: 'a_b' },
  { word: 'eclair', amount: 100, note: 'C:\\temp' },
  { word: 'apple', amount: -1.5, note: 'Nothing' },
  { word: 'Äpfel', note: 'axb', home: { city: 'Iqaluit' } },
]

let api: Api
let form: TestForm
let ids: string[]

beforeAll(async () => {
  api = await openApi()
  form = await addRows()
  ids = (await list()).map((each) => each.submissionId).reverse()
})
afterAll(() => api.close())

const { call, list, page } = readersOf(() => ({ api, form }))

/** A form with one submission of each row, whatever its types: drafts are not checked for them. */
async function addRows(): Promise<TestForm> {
  const target = await api.addForm({ schema })
  for (const row of rows) await api.submit(target, row, { draft: true })
  return target
}

const words = (items: Item[]) => items.map((each) => each.word)
const sorted = async (column: string, order?: 'asc' | 'desc', more: Query = {}) =>
  words(
    (
      await page({
        fields: 'word,amount',
        'sortBy[column]': column,
        ...(order ? { 'sortBy[order]': order } : {}),
        ...more,
      })
    ).results,
  )

describe('the paged list', () => {
  it('gives the first ten, newest first, and how many there are', async () => {
    const { results, total } = await page({ fields: 'word' })
    expect(total).toBe(5)
    expect(words(results)).toEqual(rows.map((each) => each.word).reverse())
  })

  it.each([
    ['0', ['Äpfel', 'apple']],
    ['1', ['eclair', 'École']],
    ['2', ['Zebra']],
    ['3', []],
  ])('gives page %s', async (number, expected) => {
    const { results, total } = await page({ fields: 'word', page: number, itemsPerPage: '2' })
    expect([words(results), total]).toEqual([expected, 5])
  })

  it('gives none of them for itemsPerPage=0, and still their number', async () => {
    expect(await page({ itemsPerPage: '0' })).toEqual({ results: [], total: 5 })
  })

  it('gives all of them for itemsPerPage=-1, in the order asked for', async () => {
    expect(await sorted('word', 'asc', { itemsPerPage: '-1' })).toEqual(
      ['Äpfel', 'apple', 'eclair', 'École', 'Zebra'].sort(new Intl.Collator('und').compare),
    )
    expect(words((await page({ fields: 'word', itemsPerPage: '-1' })).results)).toEqual(
      rows.map((each) => each.word).reverse(),
    )
  })

  it('is JSON also where there is nothing', async () => {
    const empty = await api.addForm()
    for (const itemsPerPage of ['10', '-1']) {
      const query = { paginationEnabled: 'true', itemsPerPage, 'sortBy[column]': 'createdBy' }
      expect(ok(await call('', query, { target: empty }))).toEqual({ results: [], total: 0 })
    }
  })

  it.each(['false', '0', ''])('is a bare array with paginationEnabled=%s', async (paginationEnabled) => {
    expect(await list({ paginationEnabled })).toHaveLength(5)
  })
})

describe('the total', () => {
  it('is right after deletes, restores and drafts that were finished', async () => {
    const target = await api.addForm()
    const total = async (query: Query = {}) =>
      ok(await call('', { paginationEnabled: 'true', itemsPerPage: '1', ...query }, { target })).total
    const totals = async () => [
      await total(),
      await total({ deleted: 'true' }),
      await total({ draft: 'true' }),
      await total({ deleted: 'false', draft: 'false' }),
      await total({ formVersionId: target.versionId, draft: 'true' }),
    ]
    const [one, draft] = [await api.submit(target), await api.submit(target, {}, { draft: true })]
    await api.submit(target)
    expect(await totals()).toEqual([3, 0, 1, 2, 1])
    ok(await api.call('DELETE', `/submissions/${one}`, { as: target.key }))
    expect(await totals()).toEqual([3, 1, 1, 1, 1])
    ok(await api.call('PUT', `/submissions/${one}/restore`, { as: api.owner, body: { deleted: false } }))
    expect(await totals()).toEqual([3, 0, 1, 2, 1])
    const body = { draft: false, submission: { data: { name: 'Ada' } } }
    ok(await api.call('PUT', `/submissions/${draft}`, { as: api.owner, body }))
    expect(await totals()).toEqual([3, 0, 0, 3, 0])
    ok(await api.call('DELETE', `/submissions/${one}`, { as: target.key }))
    ok(await api.call('DELETE', `/submissions/${one}`, { as: target.key }))
    expect(await totals()).toEqual([3, 1, 0, 2, 0])
  })

  it('is right after many changes at once', async () => {
    const target = await api.addForm()
    const made = await Promise.all(Array.from({ length: 20 }, () => api.submit(target)))
    const remove = (id: string) => api.call('DELETE', `/submissions/${id}`, { as: target.key })
    await Promise.all([...made.slice(0, 10), ...made.slice(0, 10)].map(remove))
    const total = async (deleted: string) =>
      ok(await call('', { paginationEnabled: 'true', deleted }, { target })).total
    expect([await total('true'), await total('false')]).toEqual([10, 10])
  })
})

describe('sorting', () => {
  it('by an answer puts É between eclair and Zebra', async () => {
    expect(await sorted('word', 'asc')).toEqual(['Äpfel', 'apple', 'eclair', 'École', 'Zebra'])
    expect(await sorted('word', 'desc')).toEqual(['Zebra', 'École', 'eclair', 'apple', 'Äpfel'])
  })

  it('by an answer goes by the value of numbers, and puts what is missing last either way', async () => {
    expect(await sorted('amount', 'asc')).toEqual(['apple', 'École', 'Zebra', 'eclair', 'Äpfel'])
    expect(await sorted('amount', 'desc')).toEqual(['eclair', 'Zebra', 'École', 'apple', 'Äpfel'])
  })

  it('goes upwards unless asked otherwise', async () => {
    expect(await sorted('createdAt')).toEqual(rows.map((each) => each.word))
    expect(await sorted('createdAt', 'desc')).toEqual(rows.map((each) => each.word).reverse())
  })

  it.each([
    'confirmationId',
    'createdAt',
    'formId',
    'formSubmissionStatusCode',
    'submissionId',
    'deleted',
    'createdBy',
    'formVersionId',
    'lateEntry',
    'updatedAt',
    'updatedBy',
  ])('by %s orders by it, either way, page by page as at once', async (column) => {
    for (const order of ['asc', 'desc']) {
      const query = { fields: 'updatedAt,updatedBy', 'sortBy[column]': column, 'sortBy[order]': order }
      const { results } = await page(query)
      const values = results.map((each) => String(each[column]))
      expect(values).toEqual(order === 'asc' ? values.toSorted() : values.toSorted().reverse())
      const paged = [0, 1, 2, 3, 4].map((number) => page({ ...query, page: String(number), itemsPerPage: '1' }))
      expect((await Promise.all(paged)).flatMap((each) => each.results)).toEqual(results)
    }
  })

  it('by a column that the list does not show changes nothing', async () => {
    for (const column of ['note', 'nonsense', 'constructor', 's.id; drop table submission']) {
      expect(await sorted(column)).toEqual(rows.map((each) => each.word).reverse())
    }
  })
})

describe('searching', () => {
  const found = async (query: Query) => words((await page({ fields: 'word', ...query })).results).sort()

  it.each<[string, Query, string[]]>([
    ['answers that are shown', { search: 'ebr' }, ['Zebra']],
    ['whatever the case', { search: 'ÉCOLE' }, ['École']],
    ['not in answers that are not shown', { search: 'Nothing' }, []],
    ['in columns', { search: 'api-key' }, ['Zebra', 'École', 'eclair', 'apple', 'Äpfel'].sort()],
    ['in answers that are named', { 'search[value]': 'noth', 'search[fields]': 'note' }, ['apple']],
    ['in several answers that are named', { 'search[value]': 'hi', 'search[fields][]': ['note', 'word'] }, ['apple']],
    ['in named answers alone', { 'search[value]': 'api-key', 'search[fields]': 'note' }, []],
    ['deep in answers', { 'search[value]': 'iqal', 'search[fields]': 'home.city' }, ['Äpfel']],
    ['a percent sign as such', { 'search[value]': '0 %', 'search[fields]': 'note' }, ['Zebra']],
    ['a percent sign alone', { 'search[value]': '%', 'search[fields]': 'note' }, ['Zebra']],
    ['an underscore as such', { 'search[value]': 'a_b', 'search[fields]': 'note' }, ['École']],
    ['a backslash as such', { 'search[value]': ':\\t', 'search[fields]': 'note' }, ['eclair']],
    ['a quote as such', { search: `'` }, []],
    ['numbers by their digits', { 'search[value]': '-1.5', 'search[fields]': 'amount' }, ['apple']],
    [
      'nothing when it is switched off',
      { search: 'Zebra', searchEnabled: 'false' },
      rows.map((each) => each.word).sort(),
    ],
  ])('finds %s', async (_, query, expected) => {
    expect(await found(query)).toEqual(expected)
    expect((await page({ fields: 'word', ...query })).total).toBe(expected.length)
  })

  it('finds a confirmation ID', async () => {
    const [id = ''] = ids
    expect(await found({ search: id.slice(0, 8).toLowerCase() })).toEqual(['Zebra'])
  })
})

describe('more than one batch', () => {
  const many = 1200
  let large: TestForm

  beforeAll(async () => {
    large = await api.addForm({ schema })
    for (const start of [0, 400, 800]) {
      const data = Array.from({ length: 400 }, (_, index) => ({
        word: `No ${start + index}`,
        amount: (start + index) % 7,
      }))
      const path = `/forms/${large.formId}/versions/${large.versionId}/multiSubmission`
      ok(await api.call('POST', path, { as: large.key, body: { draft: true, submission: { data } } }))
    }
  })

  const numbers = (items: Record<string, unknown>[]) => items.map((each) => Number(String(each.word).slice(3)))
  const everyNumber = Array.from({ length: many }, (_, index) => index)
  const ascending = (values: number[]) => values.toSorted((a, b) => a - b)

  it('of the bare list loses no row and gives none twice, also where many have the same time', async () => {
    const items: Item[] = ok(await call('', { fields: 'word' }, { target: large }))
    expect(ascending(numbers(items))).toEqual(everyNumber)
    const keys = items.map((each) => `${each.createdAt} ${each.submissionId}`)
    expect(keys).toEqual(keys.toSorted().reverse())
  })

  it('of the sorted list loses no row, gives none twice and keeps the order', async () => {
    const query = {
      paginationEnabled: 'true',
      itemsPerPage: '-1',
      fields: 'word,amount',
      'sortBy[column]': 'amount',
      'sortBy[order]': 'desc',
    }
    const { results, total }: { results: Item[]; total: number } = ok(await call('', query, { target: large }))
    expect(total).toBe(many)
    expect(ascending(numbers(results))).toEqual(everyNumber)
    const amounts = results.map((each) => Number(each.amount))
    expect(amounts).toEqual(ascending(amounts).reverse())
  })

  it('of a version’s list and of discover loses no row and gives none twice', async () => {
    const whole: { submission: { data: { word: string } } }[] = ok(
      await call(`/versions/${large.versionId}`, {}, { target: large }),
    )
    expect(ascending(numbers(whole.map(({ submission }) => submission.data)))).toEqual(everyNumber)
    const query = { fields: 'word' }
    const chosen: Item[] = ok(await call(`/versions/${large.versionId}`, query, { target: large, below: '/discover' }))
    expect(ascending(numbers(chosen))).toEqual(everyNumber)
  })

  it('page by page gives every row once', async () => {
    const pages: Item[] = []
    for (let number = 0; number * 100 < many; number += 1) {
      const query = { paginationEnabled: 'true', fields: 'word', page: String(number), itemsPerPage: '100' }
      pages.push(...ok(await call('', query, { target: large })).results)
    }
    expect(ascending(numbers(pages))).toEqual(everyNumber)
  })
})
