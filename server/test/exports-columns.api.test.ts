import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answersOf, type Exports, openExports, textField } from './exports-app.ts'
import { type Api, ok } from './harness.ts'

let exports: Exports
let api: Api
beforeAll(async () => {
  exports = await openExports()
  api = exports.api
})
afterAll(() => api.close())

describe('columns over several versions', () => {
  it('come from every version that has rows, the newest first, lost ones after their old neighbour', async () => {
    const first = await exports.addForm(textField('intro'), textField('a'), textField('gone'), textField('b'))
    await api.submit(first, { intro: 'i', a: '1', gone: 'g', b: '2' })
    const second = await exports.addVersion(first, textField('b'), textField('a'), textField('new'))
    await api.submit(second, { a: '3', b: '4', new: 'n' })
    expect(answersOf((await exports.csv(second))[0])).toEqual(['intro', 'b', 'a', 'gone', 'new'])
    expect((await exports.records(second)).map((row) => [row['form.version'], row.a, row.gone, row.new])).toEqual([
      ['2', '3', '', 'n'],
      ['1', '1', 'g', ''],
    ])
  })

  it('leave out versions that none of the rows has', async () => {
    const first = await exports.addForm(textField('a'), textField('gone'))
    await api.submit(first, { a: '1' })
    const second = await exports.addVersion(first, textField('a'))
    await api.submit(second, { a: '2' })
    expect(answersOf((await exports.csv(second, { version: '2' }))[0] ?? [])).toEqual(['a'])
  })

  it('do not depend on which submission comes first', async () => {
    const own = await exports.addForm(textField('a'), textField('b'))
    await api.submit(own, { a: '1', b: '2' })
    const before = (await exports.csv(own))[0]
    await api.submit(own, {})
    expect((await exports.csv(own))[0]).toEqual(before)
  })

  it('read a grid that was a container once', async () => {
    const first = await exports.addForm({ type: 'container', key: 'pet', input: true, components: [textField('name')] })
    await api.submit(first, { pet: { name: 'Rex' } })
    const second = await exports.addVersion(first, {
      type: 'datagrid',
      key: 'pet',
      input: true,
      components: [textField('name')],
    })
    await api.submit(second, { pet: [{ name: 'Ada' }, { name: 'Bo' }] })
    expect((await exports.records(second)).map((row) => row['pet.name'])).toEqual(['Ada', 'Bo', 'Rex'])
  })
})

describe('grids', () => {
  const gridOf = (key: string, ...components: object[]) => ({ type: 'datagrid', key, input: true, components })

  it('take a line for each row, and leave the cells that do not repeat blank after the first', async () => {
    const own = await exports.addForm(textField('a'), gridOf('list', textField('x')), textField('z'))
    await api.submit(own, { a: 'one', list: [{ x: '1' }, { x: '2' }], z: 'end' })
    const rows = await exports.csv(own)
    expect(rows.slice(1).map((row) => row.slice(12))).toEqual([
      ['one', '1', 'end'],
      ['', '2', ''],
    ])
    expect(rows[2]?.slice(0, 12).every((cell) => cell === '')).toBe(true)
  })

  it('run side by side', async () => {
    const own = await exports.addForm(gridOf('left', textField('l')), gridOf('right', textField('r')))
    await api.submit(own, { left: [{ l: '1' }, { l: '2' }, { l: '3' }], right: [{ r: 'a' }] })
    expect((await exports.csv(own)).slice(1).map((row) => row.slice(12))).toEqual([
      ['1', 'a'],
      ['2', ''],
      ['3', ''],
    ])
  })

  it('nest: a row takes as many lines as the longest grid in it', async () => {
    const own = await exports.addForm(gridOf('farm', textField('name'), gridOf('animals', textField('kind'))))
    await api.submit(own, {
      farm: [
        { name: 'North', animals: [{ kind: 'cow' }, { kind: 'pig' }] },
        { name: 'Empty', animals: [] },
        { name: 'South', animals: [{ kind: 'hen' }] },
      ],
    })
    expect((await exports.csv(own)).slice(1).map((row) => row.slice(12))).toEqual([
      ['North', 'cow'],
      ['', 'pig'],
      ['Empty', ''],
      ['South', 'hen'],
    ])
  })

  it('that are empty leave one line', async () => {
    const own = await exports.addForm(textField('a'), gridOf('list', textField('x')))
    await api.submit(own, { a: 'one', list: [] })
    expect((await exports.csv(own)).slice(1).map((row) => row.slice(12))).toEqual([['one', '']])
  })

  it('of which no column is asked for make no lines', async () => {
    const own = await exports.addForm(textField('a'), gridOf('list', textField('x')))
    await api.submit(own, { a: 'one', list: [{ x: '1' }, { x: '2' }] })
    expect(await exports.csv(own, { fields: 'a' })).toEqual([['a'], ['one']])
  })
})

describe('chosen fields', () => {
  it('come in the order of the header, from a query as from a body', async () => {
    const own = await exports.addForm(textField('a'), textField('b'), textField('c'))
    await api.submit(own, { a: '1', b: '2', c: '3' })
    const expected = [
      ['form.version', 'a', 'c'],
      ['1', '1', '3'],
    ]
    expect(await exports.csv(own, { fields: 'c,a,form.version' })).toEqual(expected)
    const body = { fields: ['c', 'a', 'form.version'] }
    const response = await api.call('POST', `/forms/${own.formId}/export/fields`, { as: own.key, body })
    expect(parse(response.body)).toEqual(expected)
  })

  it('stay in the header whatever rows the filter leaves', async () => {
    const first = await exports.addForm(textField('gone'))
    await api.submit(first, { gone: 'g', undeclared: 'u' })
    const second = await exports.addVersion(first, textField('a'))
    const query = { fields: 'gone,a,undeclared', preference: '{"minDate":"2999-01-01"}' }
    expect(await exports.csv(second, query)).toEqual([['gone', 'a', 'undeclared']])
  })

  it('make no empty line of one empty cell', async () => {
    const own = await exports.addForm(textField('a'))
    await api.submit(own, {})
    expect((await exports.exported(own, { fields: 'a' })).body).toBe('a\r\n""\r\n')
  })
})

describe('the list of header names', () => {
  it('equals the header of the CSV', async () => {
    const first = await exports.addForm(textField('a'), textField('gone'))
    await api.submit(first, { a: '1', undeclared: 'x' })
    const second = await exports.addVersion(first, textField('a'), textField('b'))
    await api.submit(second, { a: '2' })
    for (const query of [{}, { version: '1' }, { version: '2', columns: 'draft' }, { deleted: 'true' }]) {
      const names = await api.call('GET', `/forms/${second.formId}/csvexport/fields`, { as: second.key, query })
      expect(ok(names)).toEqual((await exports.csv(second, query))[0])
    }
  })

  it('refuses a version that there is not', async () => {
    const own = await exports.addForm(textField('a'))
    const query = { version: '9' }
    const response = await api.call('GET', `/forms/${own.formId}/csvexport/fields`, { as: own.key, query })
    expect(response.statusCode).toBe(400)
  })
})
