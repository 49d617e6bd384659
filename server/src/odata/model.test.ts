import { expect, it } from 'vitest'
import { designOf } from '../exports/columns.ts'
import { type EntityType, modelOf } from './model.ts'

type Component = { type: string; key: string; label: string; input: boolean; [more: string]: unknown }
const field = (type: string, key: string, more: object = {}): Component => ({
  type,
  key,
  label: key,
  input: true,
  ...more,
})
const text = (key: string) => field('textfield', key)
const grid = (key: string, ...components: object[]) => field('datagrid', key, { components })
const modelFor = (...versions: object[][]) => modelOf(versions.map((components) => designOf({ components })))
const typesOf = ({ properties }: EntityType) =>
  Object.fromEntries(properties.flatMap(({ kind, name, type }) => (kind === 'answer' ? [[name, type]] : [])))
const answersOf = (type: EntityType) => Object.keys(typesOf(type))

it('gives a property for each field, of the type that the definition promises', () => {
  const { submission } = modelFor([
    text('name'),
    field('number', 'acres'),
    field('checkbox', 'organic'),
    field('datetime', 'since'),
    field('select', 'colours', { multiple: true }),
    field('container', 'owner', { components: [text('name')] }),
  ])
  expect(typesOf(submission)).toEqual({
    name: 'Edm.String',
    acres: 'Edm.Double',
    organic: 'Edm.Boolean',
    since: 'Edm.DateTimeOffset',
    colours: 'Edm.String',
    owner_name: 'Edm.String',
  })
})

it('gives a set for each grid, and one for each grid in it', () => {
  const { types, submission } = modelFor([
    grid('fields', text('crop'), grid('harvests', text('year'))),
    grid('animals'),
  ])
  expect(types.map(({ set, name }) => [set, name])).toEqual([
    ['Submissions', 'Submission'],
    ['Submissions_fields', 'Submission_fields'],
    ['Submissions_fields_harvests', 'Submission_fields_harvests'],
    ['Submissions_animals', 'Submission_animals'],
  ])
  expect([...submission.grids.keys()]).toEqual(['fields', 'animals'])
  expect(types.map(answersOf)).toEqual([[], ['crop'], ['year'], []])
})

it('takes the fields of every version, the newest one’s order first', () => {
  const { submission } = modelFor([text('name'), text('fax'), text('note')], [text('note'), text('name')])
  expect(answersOf(submission)).toEqual(['note', 'name', 'fax'])
})

it('never gives a name twice, and never one of ours', () => {
  const { submission, types } = modelFor([
    ...['a-b', 'a_b', 'A_B', 'submissionId', 'misfits', 'undeclared', 'null', 'form', 'Submission'].map(text),
    grid('list', ...['rowId', 'row', 'submission', 'parent', 'parentRowId'].map(text), grid('row')),
  ])
  expect(answersOf(submission)).toEqual([
    ...['a_b', 'a_b_2', 'A_B_3', 'submissionId_2', 'misfits_2', 'undeclared_2', 'null_2', 'data_form', 'Submission_2'],
  ])
  expect([...(types[1]?.grids.keys() ?? [])]).toEqual(['row_3'])
  for (const { properties, grids } of types) {
    const names = [...properties.map(({ name }) => name), ...grids.keys()]
    expect(new Set(names).size).toBe(names.length)
  }
})

it('never changes a name when a version comes, wherever that puts a field of the same name', () => {
  const first = [text('a-b'), text('c')]
  const { submission } = modelFor(first, [text('a_b'), text('c'), text('a-b')])
  const paths = submission.properties.flatMap((property) =>
    property.kind === 'answer' ? [[property.name, property.path[0]]] : [],
  )
  expect(paths).toEqual([
    ['a_b_2', 'a_b'],
    ['c', 'c'],
    ['a_b', 'a-b'],
  ])
})

it('has a place for what was a field in one version and is a grid in another', () => {
  const { submission, types } = modelFor([text('fields')], [grid('fields', text('crop'))])
  expect(answersOf(submission)).toEqual(['fields'])
  expect([...submission.grids.keys()]).toEqual(['fields_2'])
  expect(types.map(({ set }) => set)).toEqual(['Submissions', 'Submissions_fields'])
})

it('finds a grid that is called `form` where exports rename it', () => {
  const { types, declared } = modelFor([grid('form', text('crop'))])
  expect(types[1]).toMatchObject({ set: 'Submissions_data_form', steps: [['data.form']] })
  expect(declared).toContain('form')
})

it('is there for a form without a version', () => {
  expect(modelFor().types.map(({ set }) => set)).toEqual(['Submissions'])
})
