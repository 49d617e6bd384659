import { expect, it } from 'vitest'
import { exampleAnswers } from './example-answers.ts'

const field = (type: string, key: string, more: object = {}) => ({ type, key, input: true, ...more })

it('answers all required fields and the first few others', () => {
  const others = ['a', 'b', 'c', 'd', 'e'].map((key) => field('textfield', key))
  const last = field('email', 'mail', { validate: { required: true } })
  expect(Object.keys(exampleAnswers({ components: [...others, last] }))).toEqual(['a', 'b', 'c', 'mail'])
})

it('looks through what only lays out', () => {
  const components = [
    { type: 'panel', key: 'panel', components: [field('number', 'age', { validate: { min: 18 } })] },
    { type: 'columns', key: 'columns', columns: [{ components: [field('checkbox', 'agree')] }] },
    { type: 'table', key: 'table', rows: [[{ components: [field('simpletextfield', 'name')] }]] },
  ]
  expect(exampleAnswers({ components })).toEqual({ age: 18, agree: true, name: 'Text' })
})

it('nests what the form nests', () => {
  const components = [
    { type: 'datagrid', key: 'children', input: true, components: [field('textfield', 'first')] },
    { type: 'container', key: 'address', input: true, components: [field('textfield', 'city')] },
    field('textfield', 'a.b'),
  ]
  expect(exampleAnswers({ components })).toEqual({
    children: [{ first: 'Text' }],
    address: { city: 'Text' },
    a: { b: 'Text' },
  })
})

it('chooses a value that is offered', () => {
  const values = [{ value: 'x' }, { value: 'y' }]
  const components = [
    field('radio', 'one', { values }),
    field('select', 'two', { data: { values } }),
    field('selectboxes', 'three', { values }),
    field('select', 'four', { data: { values }, multiple: true }),
  ]
  expect(exampleAnswers({ components })).toEqual({ one: 'x', two: 'x', three: { x: true, y: false }, four: ['x'] })
})

it.each([{}, { components: 'no list' }, { components: [null, 3, {}, { type: 'button', key: 'submit', input: true }] }])(
  'gives no answers to %j',
  (definition) => {
    expect(exampleAnswers(definition)).toEqual({})
  },
)

it.each(['__proto__.stolen', 'a.__proto__.stolen', 'constructor.prototype.stolen', 'toString.stolen'])(
  'keeps the key %s to the answers',
  (key) => {
    const field = { type: 'textfield', key, input: true, validate: { required: true } }
    const text = JSON.stringify(exampleAnswers({ components: [field] }))
    expect(text).toContain('"stolen":"Text"')
    expect(Reflect.get({}, 'stolen')).toBeUndefined()
    expect(Reflect.get(Object, 'stolen')).toBeUndefined()
  },
)
