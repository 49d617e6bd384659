import { describe, expect, it } from 'vitest'
import type { Caller } from '../access/caller.ts'
import { Problem } from '../problem.ts'
import { listFields, listFilter, listItemText, listSort, pageOf } from './submission-list.ts'
import type { ListRow } from './submission-lists.queries.ts'
import type { ListSubmissionsQuery } from './submission-lists.schemas.ts'

const nobody: Caller = { kind: 'anonymous' }
const person: Caller = { kind: 'user', id: 'p-1', email: 'ada@example.org', name: 'Ada', serverOwner: false }
const filterOf = (query: ListSubmissionsQuery, caller: Caller = nobody) => listFilter(query, listFields(query), caller)

const row: ListRow = {
  id: 's-1',
  confirmation_id: '8F6C0E9A',
  created_at: new Date('2026-01-02T03:04:05.678Z'),
  form_id: 'f-1',
  form_version_id: 'v-1',
  status: null,
  deleted: false,
  created_by: 'public',
  late_entry: false,
  updated_by: 'ada@example.org',
  updated_at: new Date('2026-01-03T03:04:05.678Z'),
  fields: '{"name": "Ada"}',
}

describe('listFields', () => {
  it('leaves out names of columns: they stay columns', () => {
    expect(listFields({ fields: 'name,createdAt,updatedBy,formId' }).map(({ name }) => name)).toEqual(['name'])
  })
})

describe('pageOf', () => {
  it.each<[string, ListSubmissionsQuery, unknown]>([
    ['no page without paginationEnabled', { page: 3, itemsPerPage: 5 }, undefined],
    ['no page for paginationEnabled=false', { paginationEnabled: 'false' }, undefined],
    ['no page for paginationEnabled=0', { paginationEnabled: '0' }, undefined],
    ['no page for an empty paginationEnabled', { paginationEnabled: '' }, undefined],
    ['the first ten', { paginationEnabled: 'true' }, { kind: 'number', number: 0, limit: 10 }],
    ['pages from 0', { paginationEnabled: '1', page: 2, itemsPerPage: 5 }, { kind: 'number', number: 2, limit: 5 }],
    ['an empty page', { paginationEnabled: 'true', page: 1, itemsPerPage: 0 }, { kind: 'number', number: 1, limit: 0 }],
    ['all of them for -1, whatever the page', { paginationEnabled: 'true', page: 4, itemsPerPage: -1 }, 'all'],
  ])('gives %s', (_, query, page) => {
    expect(pageOf(query, undefined)).toEqual(page)
  })
})

describe('listSort', () => {
  it.each<[string, ListSubmissionsQuery, unknown]>([
    ['nothing asked', {}, undefined],
    ['a column', { 'sortBy[column]': 'createdBy' }, { column: 'createdBy', descending: false }],
    [
      'downwards',
      { 'sortBy[column]': 'createdBy', 'sortBy[order]': 'desc' },
      { column: 'createdBy', descending: true },
    ],
    ['the order that the list has anyway', { 'sortBy[column]': 'createdAt', 'sortBy[order]': 'desc' }, undefined],
    [
      'an answer that the list shows',
      { fields: 'a.age', 'sortBy[column]': 'age' },
      { field: { name: 'age', path: ['a', 'age'] }, descending: false },
    ],
    ['an answer that the list does not show', { 'sortBy[column]': 'age' }, undefined],
    ['a name that objects have anyway', { 'sortBy[column]': 'constructor' }, undefined],
  ])('reads %s', (_, query, sort) => {
    expect(listSort(query, listFields(query))).toEqual(sort)
  })
})

describe('listFilter', () => {
  it('leaves out test submissions when nothing is asked, and no others', () => {
    const { test, ...others } = filterOf({})
    expect(test).toBe(false)
    expect(Object.values(others).every((each) => each === undefined)).toBe(true)
  })

  it.each<[string, ListSubmissionsQuery]>([
    ['createdAt', { createdAt: ['2026-01-01', '2026-02-01'] }],
    ['createdAt[]', { 'createdAt[]': ['2026-01-01', '2026-02-01'] }],
  ])('reads the range of dates in %s', (_, query) => {
    expect(filterOf(query).createdAt).toEqual([new Date('2026-01-01'), new Date('2026-02-01')])
  })

  it.each([
    ['a first date that is none', ['soon', '2026-02-01']],
    ['a second date that is none', ['2026-01-01', 'later']],
  ])('refuses %s', (_, createdAt) => {
    expect(() => filterOf({ createdAt })).toThrow(Problem)
  })

  it('searches columns and shown answers, or only the answers that are named', () => {
    expect(filterOf({ fields: 'name', search: 'x' }).search).toMatchObject({
      columns: true,
      fields: [{ name: 'name' }],
    })
    expect(filterOf({ fields: 'name', 'search[value]': 'x', 'search[fields]': 'mail' }).search).toMatchObject({
      columns: false,
      fields: [{ name: 'mail' }],
    })
  })

  it.each<[string, ListSubmissionsQuery]>([
    ['for an empty text', { search: '' }],
    ['when it is switched off', { search: 'x', searchEnabled: false }],
  ])('does not search %s', (_, query) => {
    expect(filterOf(query).search).toBeUndefined()
  })

  it('knows who asks for what is assigned to them', () => {
    expect(filterOf({ filterAssignedToCurrentUser: true }, person).assignedToUserId).toBe('p-1')
    expect(filterOf({ filterAssignedToCurrentUser: false }, person).assignedToUserId).toBeUndefined()
  })
})

describe('listItemText', () => {
  it('shows who changed a row, and when, only to those who ask', () => {
    expect(JSON.parse(listItemText(row, new Set()))).toEqual({
      confirmationId: '8F6C0E9A',
      createdAt: '2026-01-02T03:04:05.678Z',
      formId: 'f-1',
      formSubmissionStatusCode: null,
      submissionId: 's-1',
      deleted: false,
      createdBy: 'public',
      formVersionId: 'v-1',
      lateEntry: false,
      name: 'Ada',
    })
    expect(JSON.parse(listItemText(row, new Set(['updatedAt', 'updatedBy'])))).toMatchObject({
      updatedAt: '2026-01-03T03:04:05.678Z',
      updatedBy: 'ada@example.org',
    })
  })
})
