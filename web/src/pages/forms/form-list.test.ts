import { describe, expect, it } from 'vitest'
import { addressOf, type ListedForm, listStateIn, mainPage, preset, shownForms } from './form-list.ts'

const form = (formName: string, more: Partial<ListedForm> = {}): ListedForm => ({
  formId: `id-of-${formName.toLowerCase().replaceAll(/\W/g, '-')}`,
  formName,
  description: null,
  labels: [],
  active: true,
  identityProviders: [],
  idps: [],
  formVersionId: null,
  version: null,
  published: null,
  versionUpdatedAt: null,
  roles: [],
  permissions: [],
  submissionCount: 0,
  scheduleState: 'open',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  ...more,
})

const forms = [
  form('Zebra', { submissionCount: 7, createdAt: '2026-03-01T00:00:00.000Z' }),
  form('Élan', { updatedAt: '2026-05-01T00:00:00.000Z', description: 'Sightings in the north' }),
  form('Form 10', { versionUpdatedAt: '2026-06-01T00:00:00.000Z' }),
  form('Form 9', { labels: ['wildlife'], submissionCount: 7 }),
]
const names = (state: Partial<typeof preset>) =>
  shownForms(forms, { ...preset, ...state }, 'en').map(({ formName }) => formName)

it.each([
  ['changed', ['Form 10', 'Élan', 'Form 9', 'Zebra']],
  ['name', ['Élan', 'Form 9', 'Form 10', 'Zebra']],
  ['created', ['Zebra', 'Élan', 'Form 9', 'Form 10']],
  ['submissions', ['Form 9', 'Zebra', 'Élan', 'Form 10']],
] as const)('sorts by %s', (order, expected) => {
  expect(names({ order })).toEqual(expected)
})

it.each([
  ['a part of the name', 'elan', ['Élan']],
  ['the description', 'NORTH', ['Élan']],
  ['a label', 'wild', ['Form 9']],
  ['the ID', 'id-of-form-9', ['Form 9']],
  ['nothing that is there', 'zz', []],
])('finds by %s', (_, search, expected) => {
  expect(names({ search })).toEqual(expected)
})

it.each<[Record<string, unknown>, typeof preset]>([
  [{}, preset],
  [
    { q: 'tax', order: 'name', deleted: true },
    { search: 'tax', order: 'name', deleted: true },
  ],
  [
    { q: 2026, order: 'size', deleted: 'x' },
    { ...preset, search: '2026' },
  ],
])('reads the address %j', (address, state) => {
  expect(listStateIn(address)).toEqual(state)
})

it('leaves what is preset out of the address', () => {
  expect(addressOf(preset)).toEqual({})
  const state = { search: 'tax', order: 'name', deleted: true } as const
  expect(listStateIn(addressOf(state))).toEqual(state)
})

describe('a form’s name leads', () => {
  it.each<[string, Partial<ListedForm>, string | undefined]>([
    ['designers of a new form to the designer', { permissions: ['design_create', 'submission_read'] }, 'design'],
    ['the team to the submissions', { version: 1, permissions: ['design_create', 'submission_read'] }, 'submissions'],
    ['who may only look at the design to the preview', { version: 1, permissions: ['design_read'] }, 'preview'],
    ['who may only submit to no page of the team', { version: 1, permissions: ['form_read'] }, undefined],
  ])('%s', (_, more, page) => {
    expect(mainPage(form('A', more))).toBe(page && `/app/form/${page}`)
  })
})
