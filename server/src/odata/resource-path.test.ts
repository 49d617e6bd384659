import { expect, it } from 'vitest'
import { designOf } from '../exports/columns.ts'
import { modelOf } from './model.ts'
import { resourceAt } from './resource-path.ts'

const grid = (key: string, ...components: object[]) => ({ type: 'datagrid', key, input: true, components })
const model = modelOf([designOf({ components: [grid('fields', grid('harvests')), grid('animals')] })])
const id = '83dd71f3-26d9-4f13-bf48-c14a860c033c'
const other = '00000000-0000-4000-8000-000000000000'

it.each([
  ['Submissions', 'Submissions', 'entities', undefined],
  ['Submissions/$count', 'Submissions', 'count', undefined],
  [`Submissions(${id})`, 'Submissions', 'entity', id],
  [`Submissions(submissionId=${id.toUpperCase()})`, 'Submissions', 'entity', id],
  [`Submissions(${id})/fields`, 'Submissions_fields', 'entities', id],
  [`Submissions(${id})/fields/$count`, 'Submissions_fields', 'count', id],
  [`Submissions(${id})/fields('${id}.2')/harvests`, 'Submissions_fields_harvests', 'entities', `${id}.2`],
  [`Submissions_fields('${id}.2')`, 'Submissions_fields', 'entity', `${id}.2`],
  [`Submissions_fields_harvests(rowId='${id}.2.3')/parent`, 'Submissions_fields', 'entity', `${id}.2`],
  [`Submissions_fields_harvests('${id}.2.3')/submission`, 'Submissions', 'entity', id],
])('%s leads to %s', (path, set, kind, within) => {
  const found = resourceAt(path, model)
  const place = found?.within && [found.within.submissionId, ...found.within.rows].join('.')
  expect([found?.type.set, found?.kind, place]).toEqual([set, kind, within])
})

it.each([
  '',
  'submissions',
  'Submissions/',
  'Submissions()',
  'Submissions(1)',
  `Submissions('${id}')`,
  `Submissions(${id})/$count`,
  `Submissions(${id})/crops`,
  `Submissions(${id})/animals/fields`,
  `Submissions(${id})/fields('${other}.1')`,
  `Submissions_fields('${id}.1')/harvests('${id}.2.1')`,
  `Submissions_fields(${id}.1)`,
  `Submissions_fields('${id}')`,
  `Submissions_fields('${id}.0')`,
  `Submissions_fields('${id}.1.1')`,
  'Submissions/$count/$count',
  '__proto__',
])('%j leads nowhere', (path) => {
  expect(resourceAt(path, model)).toBeUndefined()
})
