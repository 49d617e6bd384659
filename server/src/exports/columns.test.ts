import { describe, expect, it } from 'vitest'
import { designOf, mergeDesigns } from './columns.ts'

const text = (key: string) => ({ type: 'textfield', key, input: true })
const namesOf = (...components: object[]) => designOf({ components }).columns.map(({ path }) => path.join('.'))
const version = (...keys: string[]) => designOf({ components: keys.map(text) })
const merged = (...newestFirst: string[][]) =>
  mergeDesigns(newestFirst.map((keys) => version(...keys))).columns.map(({ path }) => path.join('.'))

describe('designOf', () => {
  it('follows layout, containers, grids and nested forms in design order', () => {
    const names = namesOf(
      { type: 'panel', key: 'page', components: [text('a')] },
      { type: 'columns', key: 'side', columns: [{ components: [text('b')] }, { components: [text('c')] }] },
      { type: 'container', key: 'box', input: true, components: [text('d')] },
      { type: 'editgrid', key: 'grid', input: true, components: [text('e'), { ...text('f'), hidden: true }] },
      { type: 'form', key: 'sub', input: true, components: [text('g')] },
      { type: 'htmlelement', key: 'html' },
    )
    expect(names).toEqual(['a', 'b', 'c', 'box.d', 'grid.e', 'grid.f', 'sub.data.g'])
  })

  it('knows grids, and the keys that need no column', () => {
    const design = designOf({
      components: [
        {
          type: 'datagrid',
          key: 'a',
          label: 'A',
          input: true,
          components: [{ type: 'datagrid', key: 'b', components: [text('c')] }],
        },
        { type: 'button', key: 'submit' },
      ],
    })
    expect([...design.gridLabels]).toEqual([
      ['a', 'A'],
      ['a.b', 'b'],
    ])
    expect([...design.keys]).toEqual(['submit', 'a'])
  })

  it('leaves select boxes whose options come from elsewhere in one column', () => {
    const boxes = { type: 'selectboxes', key: 'b', input: true, values: [{ value: 'x' }, { value: '' }, null] }
    expect(namesOf(boxes)).toEqual(['b.x'])
    expect(namesOf({ ...boxes, dataSrc: 'url' })).toEqual(['b'])
  })

  it('has each option once, where it comes first', () => {
    const values = ['a', 'b', 'a'].map((value, place) => ({ value, label: `${value}${place}` }))
    const { columns } = designOf({ components: [{ type: 'selectboxes', key: 'k', label: 'K', input: true, values }] })
    expect(columns.map(({ path, label }) => [path.at(-1), label])).toEqual([
      ['a', 'K: a0'],
      ['b', 'K: b1'],
    ])
  })

  it.each([
    ['number', { type: 'number' }],
    ['number', { type: 'currency' }],
    ['boolean', { type: 'checkbox' }],
    ['text', { type: 'checkbox', inputType: 'radio' }],
    ['dateTime', { type: 'datetime' }],
    ['text', { type: 'day' }],
    ['text', { type: 'select' }],
    ['json', { type: 'select', multiple: true }],
    ['json', { type: 'selectboxes', dataSrc: 'url' }],
    ['boolean', { type: 'selectboxes', values: [{ value: 'x' }] }],
    ['text', { type: 'survey', questions: [{ value: 'x' }] }],
    ['json', { type: 'file' }],
    ['json', { type: 'somethingelse' }],
  ])('tells the type %s of %j', (valueType, component) => {
    const { columns } = designOf({ components: [{ key: 'k', input: true, ...component }] })
    expect(columns.map((column) => column.valueType)).toEqual([valueType])
  })

  it.each([undefined, null, 1, [], {}, { components: 'x' }, { components: [null, 1, {}, { type: 5 }] }])(
    'gives no columns for %j',
    (schema) => {
      expect(designOf(schema).columns).toEqual([])
    },
  )
})

describe('mergeDesigns', () => {
  it.each([
    [
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
      ['a', 'b'],
    ],
    [
      [
        ['a', 'b'],
        ['a', 'x', 'y', 'b'],
      ],
      ['a', 'x', 'y', 'b'],
    ],
    [
      [
        ['a', 'b'],
        ['x', 'a', 'b', 'z'],
      ],
      ['x', 'a', 'b', 'z'],
    ],
    [
      [
        ['b', 'a'],
        ['a', 'x', 'b'],
      ],
      ['b', 'a', 'x'],
    ],
    [
      [['a'], ['a', 'x'], ['a', 'y'], ['a', 'x', 'z']],
      ['a', 'y', 'x', 'z'],
    ],
    [[[], ['a']], ['a']],
    [
      [['a'], ['x', 'y']],
      ['x', 'y', 'a'],
    ],
  ])('merges %j to %j', (newestFirst, expected) => {
    expect(merged(...newestFirst)).toEqual(expected)
  })

  it.each([
    ['number', 'number', 'number'],
    ['number', 'checkbox', 'text'],
    ['number', 'file', 'json'],
  ])('widens the type of what was a %s and a %s', (one, other, valueType) => {
    const designs = [one, other].map((type) => designOf({ components: [{ type, key: 'k', input: true }] }))
    expect(mergeDesigns(designs).columns.map((column) => column.valueType)).toEqual([valueType])
  })

  it('takes long forms', () => {
    const keys = Array.from({ length: 20_000 }, (_, place) => `k${place}`)
    expect(merged(keys, keys.toReversed())).toEqual(keys)
  })
})
