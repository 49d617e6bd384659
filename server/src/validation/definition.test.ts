import { describe, expect, it } from 'vitest'
import { checkDefinition, columnsOf, fieldKeys, maxDepth } from './definition.ts'

const text = (key: string, more: object = {}) => ({
  type: 'textfield',
  key,
  label: key.toUpperCase(),
  input: true,
  ...more,
})

const nested = {
  display: 'form',
  components: [
    text('first'),
    { type: 'panel', key: 'page', input: false, components: [text('inPanel')] },
    {
      type: 'simplecols2',
      key: 'cols',
      input: false,
      columns: [{ components: [text('left')] }, { components: [text('right')] }],
    },
    { type: 'table', key: 'table', input: false, rows: [[{ components: [text('cell')] }]] },
    {
      type: 'tabs',
      key: 'tabs',
      input: false,
      components: [{ key: 'tab1', label: 'Tab', components: [text('inTab')] }],
    },
    {
      type: 'datagrid',
      key: 'grid',
      input: true,
      components: [text('child'), { type: 'datagrid', key: 'inner', components: [text('leaf')] }],
    },
    { type: 'container', key: 'box', input: true, components: [text('inBox')] },
    text('secret', { hidden: true }),
    { type: 'textarea', key: 'notes', input: true, rows: 3 },
    { type: 'htmlelement', key: 'html', input: false },
    { type: 'button', key: 'submit', input: true },
  ],
}

describe('fieldKeys', () => {
  it('lists input keys in design order, dotted below grids, without hidden ones, buttons and layout', () => {
    const keys = [
      'first',
      'inPanel',
      'left',
      'right',
      'cell',
      'inTab',
      'grid.child',
      'grid.inner.leaf',
      'box.inBox',
      'notes',
    ]
    expect(fieldKeys(nested)).toEqual(keys)
  })

  it('gives nothing for what is no definition', () => {
    for (const value of [null, 1, 'x', [], {}, { components: 'x' }]) expect(fieldKeys(value)).toEqual([])
  })
})

describe('columnsOf', () => {
  it('tells the path, the label and whether a column repeats', () => {
    const columns = columnsOf(nested)
    expect(columns.find(({ key }) => key === 'leaf')).toEqual({
      path: ['grid', 'inner', 'leaf'],
      key: 'leaf',
      label: 'LEAF',
      type: 'textfield',
      repeats: true,
    })
    expect(columns.find(({ key }) => key === 'inBox')?.repeats).toBe(false)
    expect(columns.map(({ key }) => key)).toContain('secret')
  })

  it('names simple types by their standard kin', () => {
    expect(columnsOf({ components: [{ type: 'simplecheckboxesadvanced', key: 'a', input: true }] })[0]?.type).toBe(
      'selectboxes',
    )
  })
})

function towerOf(levels: number): object {
  let component: object = text('deep')
  for (let level = 1; level < levels; level += 1)
    component = { type: 'panel', key: 'p', input: false, components: [component] }
  return { components: [component] }
}

describe('checkDefinition', () => {
  it('accepts nested definitions', () => {
    expect(checkDefinition(nested)).toEqual({ kind: 'ok' })
    expect(checkDefinition(towerOf(maxDepth))).toEqual({ kind: 'ok' })
  })

  it.each([
    ['no object', 'x', ''],
    ['a list', [], ''],
    ['no components', {}, 'components'],
    ['components that are no list', { components: {} }, 'components'],
    ['an unknown display', { display: 'pdf', components: [] }, 'display'],
    ['a component that is no object', { components: [1] }, 'components[0]'],
    ['a component without a type', { components: [{ key: 'a' }] }, 'components[0].type'],
    ['a key that is no text', { components: [{ type: 'textfield', key: 5 }] }, 'components[0].key'],
    [
      'a bad component in a column',
      { components: [{ type: 'columns', columns: [{ components: [0] }] }] },
      'components[0].columns[0].components[0]',
    ],
  ])('refuses %s and says where', (_, value, path) => {
    expect(checkDefinition(value)).toMatchObject({ kind: 'bad', path })
  })

  it('refuses what is nested too deep or too large', () => {
    expect(checkDefinition(towerOf(maxDepth + 1))).toMatchObject({ kind: 'bad' })
    expect(checkDefinition({ components: Array(20_001).fill(text('a')) })).toMatchObject({ kind: 'bad' })
    const circle = { type: 'panel', components: [] as object[] }
    circle.components.push(circle)
    expect(checkDefinition({ components: [circle] })).toMatchObject({ kind: 'bad' })
  })
})
