import { describe, expect, it } from 'vitest'
import { answerColumns, answerIn, fieldsFor } from './answer-columns.ts'

const field = (key: string, more: object = {}) => ({
  type: 'textfield',
  key,
  label: `The ${key}`,
  input: true,
  ...more,
})
const definition = (...components: object[]) => ({ display: 'form', components })

describe('answerColumns', () => {
  it('finds answers in layout and containers, with a grid as one', () => {
    const columns = answerColumns(
      definition(
        { type: 'panel', key: 'panel', input: false, components: [field('name')] },
        { type: 'container', key: 'home', input: true, components: [field('town')] },
        { type: 'datagrid', key: 'pets', label: 'Pets', input: true, components: [field('kind')] },
        { type: 'simpletextfield', key: 'old', label: '', input: true },
        { type: 'button', key: 'submit', label: 'Send', input: true },
        { type: 'content', key: 'text', html: '<p>Hello</p>', input: false },
      ),
    )
    expect(columns.map(({ key, label, type }) => [key, label, type])).toEqual([
      ['name', 'The name', 'textfield'],
      ['home.town', 'The town', 'textfield'],
      ['pets', 'Pets', 'rows'],
      ['old', 'old', 'textfield'],
    ])
  })

  it('knows the labels of options, wherever the definition keeps them', () => {
    const values = [{ value: 1, label: 'One' }]
    const columns = answerColumns(
      definition(
        { type: 'radio', key: 'a', input: true, values },
        { type: 'select', key: 'b', input: true, data: { values } },
        { type: 'survey', key: 'c', input: true, questions: values },
      ),
    )
    expect(columns.map(({ options }) => options.get('1'))).toEqual(['One', 'One', 'One'])
  })

  it('leaves out what the list cannot give: an answer named like one of its columns', () => {
    expect(answerColumns(definition(field('createdBy'), field('name'))).map(({ key }) => key)).toEqual(['name'])
  })

  it.each([undefined, null, 'x', {}, { components: 3 }])('has no columns for %s', (schema) => {
    expect(answerColumns(schema)).toEqual([])
  })
})

describe('answers of one name in two places', () => {
  const twins = answerColumns(
    definition(
      { type: 'container', key: 'home', input: true, components: [field('town')] },
      { type: 'container', key: 'work', input: true, components: [field('town')] },
      field('name'),
    ),
  )

  it('are asked for with what they lie in, and told apart', () => {
    expect(fieldsFor(twins)).toEqual(['home', 'work', 'name'])
    const row = { home: { town: 'Hope' }, work: { town: 'Yale' }, name: 'Ada' }
    expect(twins.map((column) => answerIn(row, column))).toEqual(['Hope', 'Yale', 'Ada'])
  })

  it('never reach what objects have anyway', () => {
    const [home] = twins
    if (!home) throw new Error('There is no such column.')
    expect(answerIn({ home: {} }, { ...home, path: ['home', 'constructor'] })).toBeUndefined()
  })
})
