import { describe, expect, it } from 'vitest'
import type { Definition } from '../../frame/protocol.ts'
import { definitionIn, fileName, nameIn, problemOf, withDisplay } from './definition.ts'

const text = (key: string, more: object = {}) => ({ type: 'textfield', key, input: true, ...more })
const panel = (key: string, ...components: object[]) => ({ type: 'panel', key, title: key, input: false, components })
const of = (...components: object[]): Definition => ({ display: 'form', components })
const submit = { type: 'button', key: 'submit', action: 'submit', input: true }
const page = (number: number) => `Page ${number}`
/** Keys of pages and of what is on them. */
const outline = ({ components }: Definition) =>
  (components as { key: string; components?: { key: string }[] }[]).map(({ key, components: inner }) =>
    [key, ...(inner ?? []).map((each) => each.key)].join(' '),
  )

describe('withDisplay', () => {
  it.each<[string, Definition, string[]]>([
    ['gives loose fields a page', of(text('a'), text('b')), ['page1 a b']],
    ['keeps panels as pages', of(panel('one', text('a')), panel('two')), ['one a', 'two']],
    [
      'gives what lies between panels a page there',
      of(text('a'), panel('p', text('b')), text('c')),
      ['page1 a', 'p b', 'page3 c'],
    ],
    ['leaves out the submit button, which a wizard brings', of(text('a'), submit), ['page1 a']],
    ['gives an empty form one empty page', of(), ['page1']],
    ['takes no key that is taken', of(panel('page2', text('a')), text('b')), ['page2 a', 'page3 b']],
  ])('%s', (_, definition, expected) => {
    const wizard = withDisplay(definition, 'wizard', page)
    expect([wizard.display, outline(wizard)]).toEqual(['wizard', expected])
  })

  it('keeps the pages as panels in a form, and everything else as it was', () => {
    const wizard = { ...of(panel('one', text('a'))), display: 'wizard', settings: { x: 1 } }
    expect(withDisplay(wizard, 'form', page)).toEqual({ ...wizard, display: 'form' })
  })
})

describe('problemOf', () => {
  const grid = (key: string, ...components: object[]) => ({ type: 'datagrid', key, input: true, components })
  it.each<[string, Definition, ReturnType<typeof problemOf>]>([
    ['takes a form with a field', of(text('a')), undefined],
    ['takes one key at different depths', of(text('a'), grid('g', text('a')), grid('h', text('a'))), undefined],
    [
      'takes radio buttons that share a key',
      of(text('b'), ...[1, 2].map(() => text('a', { type: 'checkbox', inputType: 'radio' }))),
      undefined,
    ],
    ['refuses a form of texts and buttons', of({ type: 'content', key: 'c', html: 'x' }, submit), { kind: 'empty' }],
    ['refuses an empty form', of(), { kind: 'empty' }],
    ['refuses two fields of one key', of(text('a'), panel('p', text('a'))), { kind: 'duplicates', keys: ['a'] }],
    ['refuses two of one key in a grid', of(grid('g', text('a'), text('a'))), { kind: 'duplicates', keys: ['g.a'] }],
    [
      'knows the simple types',
      of({ ...text('a'), type: 'simpletextfield' }, { ...text('a'), type: 'simpletextarea' }),
      { kind: 'duplicates', keys: ['a'] },
    ],
    [
      'looks into columns',
      of({ type: 'columns', key: 'c', columns: [{ components: [text('a')] }, { components: [text('a')] }] }),
      { kind: 'duplicates', keys: ['a'] },
    ],
  ])('%s', (_, definition, expected) => {
    expect(problemOf(definition)).toEqual(expected)
  })
})

describe('definitionIn', () => {
  const definition = of(text('a'))
  it.each<[string, unknown, unknown]>([
    ['a definition', definition, definition],
    ['a version or draft', { id: 'x', schema: definition }, definition],
    ['a form with versions', { name: 'x', versions: [{ id: 'x' }, { schema: definition }] }, definition],
    ['something else', { name: 'x' }, undefined],
    ['a list', [definition], undefined],
    ['nothing', null, undefined],
  ])('finds it in %s', (_, value, expected) => {
    expect(definitionIn(value)).toEqual(expected)
  })
})

it.each([
  ['Relevé d’été 2026/27', 'releve-d-ete-2026-27-v3.json'],
  ['../..', 'form-v3.json'],
  ['ᓄᓇᕗᑦ', 'ᓄᓇᕗᑦ-v3.json'],
])('names the file of “%s” %s', (name, expected) => {
  expect(fileName(name, 'v3')).toBe(expected)
})

it.each<[string, unknown, string]>([
  ['what our API answered', { name: 'Grant', schema: { components: [] } }, 'Grant'],
  ['a bare definition with a title', { title: ' Grant ', components: [] }, 'Grant'],
  ['a definition in a wrapper', { schema: { title: 'Grant', components: [] } }, 'Grant'],
  ['a bare definition', { components: [] }, 'my-file'],
  ['a name that is none', { name: ' ', title: 7, components: [] }, 'my-file'],
])('calls the form of %s by its name, else like the file', (_, value, name) => {
  expect(nameIn(value, 'my-file.JSON')).toBe(name)
})
