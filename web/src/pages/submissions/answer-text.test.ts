import { describe, expect, it } from 'vitest'
import { answerColumns } from './answer-columns.ts'
import { answerText, type Words } from './answer-text.ts'

const words: Words = {
  yes: 'Yes',
  no: 'No',
  signed: 'Signed',
  rows: (count) => `${count} rows`,
  date: (iso) => `day ${iso.slice(0, 10)}`,
  dateTime: (iso) => `time ${iso.slice(0, 16)}`,
  number: (value, grouped) => (grouped ? value.toLocaleString('en') : String(value)),
}
const values = [
  { value: 'a', label: 'Apples' },
  { value: 'b', label: 'Bread' },
]

function shown(type: string, value: unknown, more: object = {}): string {
  const [column] = answerColumns({ components: [{ type, key: 'key', input: true, ...more }] })
  if (!column) throw new Error('This is no column.')
  return answerText(value, column, words)
}

describe('answerText', () => {
  it.each<[string, unknown, object, string]>([
    ['textfield', undefined, {}, ''],
    ['textfield', null, {}, ''],
    ['textfield', '', {}, ''],
    ['textfield', 'a', {}, 'a'],
    ['checkbox', true, {}, 'Yes'],
    ['checkbox', false, {}, 'No'],
    ['number', 2024, {}, '2024'],
    ['number', 12_345, { delimiter: true }, '12,345'],
    ['radio', 'a', { values }, 'Apples'],
    ['select', 'b', { data: { values } }, 'Bread'],
    ['select', ['a', 'b', 'c'], { data: { values } }, 'Apples, Bread, c'],
    ['select', { value: 'x', label: 'Ex' }, {}, 'Ex'],
    ['selectboxes', { a: true, b: false, c: true }, { values }, 'Apples, c'],
    ['survey', { a: 'good', b: '' }, { questions: values }, 'Apples: good'],
    ['datagrid', [{ x: 1 }, { x: 2 }, {}], {}, '3 rows'],
    ['editgrid', [], {}, '0 rows'],
    ['file', [{ originalName: 'a.pdf', size: 3 }, { originalName: 'b.png' }], {}, 'a.pdf, b.png'],
    ['signature', 'data:image/png;base64,AAAA', {}, 'Signed'],
    ['day', '01/15/2027', {}, 'day 2027-01-15'],
    ['day', '15/01/2027', { dayFirst: true }, 'day 2027-01-15'],
    ['day', '00/00/2027', {}, '00/00/2027'],
    ['datetime', '2026-11-24T10:00:00Z', {}, 'time 2026-11-24T10:00'],
    ['datetime', '2026-11-24T10:00:00Z', { enableTime: false }, 'day 2026-11-24'],
    ['datetime', 'soon', {}, 'soon'],
    ['address', { display_name: '1 Main St', lat: 3 }, {}, '1 Main St'],
    ['hidden', { a: 1, b: { c: [true, null] }, d: null }, {}, 'a: 1; b: c: Yes'],
    ['textarea', '<p>Hello&nbsp;<b>you</b></p>', { editor: 'quill' }, 'Hello you'],
    ['textfield', '<b>not</b> an editor', {}, '<b>not</b> an editor'],
  ])('shows a %s holding %j (%j) as %j', (type, value, more, text) => {
    expect(shown(type, value, more)).toBe(text)
  })

  it('cuts what is longer than anybody reads in a table', () => {
    expect(shown('textarea', 'x'.repeat(10_000))).toHaveLength(401)
  })
})
