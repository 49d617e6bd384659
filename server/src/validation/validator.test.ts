import { afterAll, describe, expect, it } from 'vitest'
import { required, startTrial, text } from './trial.ts'

const { validator, errorsOn, verdictOn } = startTrial(2_000)
afterAll(() => validator.close())

describe('nesting', () => {
  const leaf = text('leaf', required)
  it.each<[string, object, Record<string, unknown>, string]>([
    ['a panel', { type: 'panel', key: 'p', components: [leaf] }, {}, 'leaf'],
    ['a fieldset', { type: 'simplefieldset', key: 'p', input: false, components: [leaf] }, {}, 'leaf'],
    ['a well', { type: 'well', key: 'p', input: false, components: [leaf] }, {}, 'leaf'],
    [
      'columns',
      { type: 'simplecols3', key: 'p', input: false, columns: [{ components: [] }, { components: [leaf] }] },
      {},
      'leaf',
    ],
    ['a table', { type: 'table', key: 'p', input: false, rows: [[{ components: [leaf] }]] }, {}, 'leaf'],
    [
      'tabs',
      { type: 'simpletabs', key: 'p', input: false, components: [{ key: 't', components: [leaf] }] },
      {},
      'leaf',
    ],
    ['a container', { type: 'container', key: 'p', input: true, components: [leaf] }, { p: {} }, 'p.leaf'],
    [
      'a data grid',
      { type: 'datagrid', key: 'p', input: true, components: [leaf] },
      { p: [{ leaf: 'x' }, {}] },
      'p[1].leaf',
    ],
    ['an edit grid', { type: 'editgrid', key: 'p', input: true, components: [leaf] }, { p: [{}] }, 'p[0].leaf'],
    [
      'a grid in a grid',
      {
        type: 'datagrid',
        key: 'p',
        input: true,
        components: [{ type: 'datagrid', key: 'q', input: true, components: [leaf] }],
      },
      { p: [{ q: [{}] }] },
      'p[0].q[0].leaf',
    ],
    ['a nested form', { type: 'form', key: 'p', input: true, components: [leaf] }, { p: { data: {} } }, 'p.data.leaf'],
    ['a dotted key', { ...leaf, key: 'p.leaf' }, { p: { other: 1 } }, 'p.leaf'],
  ])('in %s', async (_, component, answers, path) => {
    expect(await errorsOn([component], answers)).toEqual([`${path}: LEAF is required`])
  })

  it('in the pages of a wizard, except a page that is not shown', async () => {
    const page = (key: string, more: object = {}) => ({
      type: 'panel',
      key,
      input: false,
      components: [text(`${key}Leaf`, required)],
      ...more,
    })
    const pages = [page('one'), page('two', { conditional: { show: true, when: 'oneLeaf', eq: 'more' } })]
    expect(await errorsOn(pages, { oneLeaf: 'x' }, { display: 'wizard' })).toEqual([])
    expect(await errorsOn(pages, { oneLeaf: 'more' }, { display: 'wizard' })).toEqual(['twoLeaf: TWOLEAF is required'])
  })

  it('keeps unknown answers without an error', async () => {
    expect(await verdictOn([text('a')], { a: 'x', unknown: { deep: [1] } })).toEqual({ kind: 'valid', skipped: [] })
  })
})

it('gives one verdict for each of a thousand answers, in order', async () => {
  const answers = Array.from({ length: 1_000 }, (_, index) => ({ a: index % 3 === 0 ? '' : 'x' }))
  const verdicts = await validator.validate(
    { id: 'many', schema: JSON.stringify({ components: [text('a', required)] }) },
    answers,
  )
  expect(verdicts.map(({ kind }) => kind)).toEqual(answers.map(({ a }) => (a === '' ? 'invalid' : 'valid')))
})
