import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Exports, openExports, type Query, textField } from './exports-app.ts'
import { type Api, ok, type TestForm } from './harness.ts'

let exports: Exports
let api: Api
beforeAll(async () => {
  exports = await openExports()
  api = exports.api
})
afterAll(() => api.close())

const gridOf = (key: string, ...components: object[]) => ({ type: 'datagrid', key, input: true, components })
const backFilled = { template: 'multiRowBackFilledCSVExport' }
const singleRow = { template: 'singleRowCSVExport' }
const unformatted = { template: 'unFormattedCSVExport' }

/** The answers' columns alone, the header first. */
async function answers(form: TestForm, query: Query): Promise<string[][]> {
  return (await exports.csv(form, query)).map((row) => row.slice(12))
}

async function farms(): Promise<TestForm> {
  const form = await exports.addForm(
    textField('owner'),
    gridOf('farm', textField('name'), gridOf('animals', textField('kind'))),
    textField('note'),
  )
  await api.submit(form, {
    owner: 'Ada',
    farm: [
      { name: 'North', animals: [{ kind: 'cow' }, { kind: 'pig' }] },
      { name: 'South', animals: [] },
    ],
    note: 'n',
  })
  await api.submit(form, { owner: 'Bo', farm: [{ name: 'East', animals: [{ kind: 'hen' }] }] })
  return form
}

describe('back-filled lines', () => {
  it('repeat what does not repeat, of the submission and of each row', async () => {
    expect(await answers(await farms(), backFilled)).toEqual([
      ['owner', 'farm.name', 'farm.animals.kind', 'note'],
      ['Bo', 'East', 'hen', ''],
      ['Ada', 'North', 'cow', 'n'],
      ['Ada', 'North', 'pig', 'n'],
      ['Ada', 'South', '', 'n'],
    ])
  })

  it('bring the metadata on each line', async () => {
    const records = await exports.records(await farms(), backFilled)
    expect(new Set(records.map((row) => row['form.confirmationId'])).size).toBe(2)
  })

  it('leave a shorter grid blank where it has ended, so that no row of it comes twice', async () => {
    const form = await exports.addForm(textField('a'), gridOf('left', textField('l')), gridOf('right', textField('r')))
    await api.submit(form, { a: '1', left: [{ l: '1' }, { l: '2' }], right: [{ r: 'x' }] })
    expect((await answers(form, backFilled)).slice(1)).toEqual([
      ['1', '1', 'x'],
      ['1', '2', ''],
    ])
  })
})

describe('single rows', () => {
  it('have a column for each row that a grid has anywhere, in the order of the rows', async () => {
    expect(await answers(await farms(), singleRow)).toEqual([
      [
        'owner',
        ...['farm.0.name', 'farm.0.animals.0.kind', 'farm.0.animals.1.kind'],
        ...['farm.1.name', 'farm.1.animals.0.kind', 'farm.1.animals.1.kind'],
        'note',
      ],
      ['Bo', 'East', 'hen', '', '', '', '', ''],
      ['Ada', 'North', 'cow', 'pig', 'South', '', '', 'n'],
    ])
  })

  it('have the columns of a first row where nobody filled in a grid', async () => {
    const form = await exports.addForm(gridOf('list', textField('x')))
    await api.submit(form, {})
    expect(await answers(form, singleRow)).toEqual([['list.0.x'], ['']])
  })

  it('take what was a container in an older version for one row', async () => {
    const first = await exports.addForm({ type: 'container', key: 'pet', input: true, components: [textField('name')] })
    await api.submit(first, { pet: { name: 'Rex' } })
    const second = await exports.addVersion(first, gridOf('pet', textField('name')))
    await api.submit(second, { pet: [{ name: 'Ada' }, { name: 'Bo' }] })
    expect(await answers(second, singleRow)).toEqual([
      ['pet.0.name', 'pet.1.name'],
      ['Ada', 'Bo'],
      ['Rex', ''],
    ])
  })

  it('count the rows of the submissions that are exported alone', async () => {
    const first = await exports.addForm(gridOf('list', textField('x')))
    await api.submit(first, { list: [{ x: '1' }, { x: '2' }, { x: '3' }] })
    const second = await exports.addVersion(first, gridOf('list', textField('x')), textField('b'))
    await api.submit(second, { list: [{ x: '1' }] })
    expect((await answers(second, { ...singleRow, version: '2' }))[0]).toEqual(['list.0.x', 'b'])
    expect((await answers(second, singleRow))[0]).toEqual(['list.0.x', 'list.1.x', 'list.2.x', 'b'])
  })

  it('can be chosen by their names', async () => {
    const rows = await exports.csv(await farms(), { ...singleRow, fields: 'farm.1.name,owner' })
    expect(rows).toEqual([
      ['owner', 'farm.1.name'],
      ['Bo', ''],
      ['Ada', 'South'],
    ])
  })

  it('are refused where rows would make too many columns', async () => {
    const form = await exports.addForm(gridOf('a', gridOf('b', textField('x'))))
    const many = Array.from({ length: 300 }, () => ({ b: Array.from({ length: 300 }, () => ({})) }))
    await api.submit(form, { a: many })
    expectProblem(await exports.exported(form, singleRow), 400, 'too_many_columns')
    expect((await exports.exported(form)).statusCode).toBe(200)
  })
})

describe('unformatted lines', () => {
  it('hold a grid as the JSON text that was sent', async () => {
    const [header, , ada = []] = await answers(await farms(), unformatted)
    expect(header).toEqual(['owner', 'farm', 'note'])
    expect([ada[0], ada[2]]).toEqual(['Ada', 'n'])
    expect(JSON.parse(ada[1] ?? '')).toEqual([
      { name: 'North', animals: [{ kind: 'cow' }, { kind: 'pig' }] },
      { name: 'South', animals: [] },
    ])
  })
})

describe('the header', () => {
  it('shows labels when they are asked for, each once', async () => {
    const form = await exports.addForm(
      { type: 'textfield', key: 'a', label: 'Name', input: true },
      { type: 'textfield', key: 'b', label: 'Name', input: true },
      { type: 'textfield', key: 'c', input: true },
      { type: 'selectboxes', key: 'd', label: 'Sells', input: true, values: [{ value: 'e', label: 'Eggs' }] },
    )
    await api.submit(form, { a: '1', b: '2' })
    const [header = []] = await exports.csv(form, { header: 'label' })
    expect(header.slice(0, 2)).toEqual(['Submission ID', 'Confirmation ID'])
    expect(header.slice(12)).toEqual(['Name', 'Name (2)', 'c', 'Sells: Eggs'])
  })

  it('numbers the rows of labels in single rows', async () => {
    const label = (key: string) => ({ type: 'textfield', key, label: 'What', input: true })
    const form = await exports.addForm(gridOf('list', label('x')))
    await api.submit(form, { list: [{ x: '1' }, { x: '2' }] })
    expect((await answers(form, { ...singleRow, header: 'label' }))[0]).toEqual(['What (1)', 'What (2)'])
  })

  it('calls a whole grid as the form does', async () => {
    const form = await exports.addForm({ ...gridOf('list', textField('x')), label: 'What you need' })
    expect((await answers(form, { ...unformatted, header: 'label' }))[0]).toEqual(['What you need'])
  })

  it.each([
    { query: { singleRow: 'true' }, csv: singleRow },
    { query: singleRow, csv: singleRow },
    { query: unformatted, csv: unformatted },
    { query: { header: 'label' }, csv: { header: 'label' } },
  ])('is listed with $query as the CSV has it', async ({ query, csv }) => {
    const form = await farms()
    const names = await api.call('GET', `/forms/${form.formId}/csvexport/fields`, {
      as: form.key,
      query: Object(query),
    })
    expect(ok(names)).toEqual((await exports.csv(form, csv))[0])
  })
})

describe('newline-delimited JSON', () => {
  it('has an object of the JSON export in each line', async () => {
    const form = await farms()
    const response = await exports.exported(form, { format: 'ndjson' })
    expect(response.headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
    expect(response.headers['content-disposition']).toContain('_submissions.ndjson"')
    const lines = response.body.split('\n')
    expect(lines.pop()).toBe('')
    expect(lines.map((line) => JSON.parse(line))).toEqual(await exports.json(form))
  })

  it('is empty where there are no submissions', async () => {
    const form = await exports.addForm(textField('a'))
    expect((await exports.exported(form, { format: 'ndjson' })).body).toBe('')
  })
})
