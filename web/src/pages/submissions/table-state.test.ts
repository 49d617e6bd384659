import { describe, expect, it } from 'vitest'
import { addressOf, changed, createdBetween, sortedBy, tableStateIn } from './table-state.ts'

const plain = tableStateIn({})

describe('the state of the table in its address', () => {
  it('leaves the address plain while nothing is chosen', () => {
    expect(addressOf(plain)).toEqual({})
  })

  it('comes back as it went in', () => {
    const state = {
      page: 3,
      size: 50,
      sort: 'age',
      descending: true,
      search: 'Ada',
      version: 2,
      from: '2026-01-02',
      to: '2026-02-03',
      deleted: true,
      drafts: true,
      mine: true,
      test: true,
    } as const
    expect(tableStateIn(addressOf(state))).toEqual(state)
  })

  it.each([
    ['a page before the first', { page: 0 }],
    ['a page that is no number', { page: 'x' }],
    ['a broken page', { page: 1.5 }],
    ['a size that is not offered', { size: 7 }],
    ['an object to search for', { q: {} }],
    ['a day that is none', { from: '2026-02-31T', to: 'soon' }],
    ['a switch that is a text', { deleted: 'yes' }],
    ['the order of no column', { desc: true, sort: '' }],
  ])('takes %s as absent', (_, search) => {
    expect(addressOf(tableStateIn(search))).toEqual({})
  })

  it('takes a number to search for as a text', () => {
    expect(tableStateIn({ q: 42 }).search).toBe('42')
  })
})

describe('changing the table', () => {
  it('sorts upwards, downwards, and then not at all', () => {
    const up = sortedBy(plain, 'age')
    const down = sortedBy(up, 'age')
    expect([up, down, sortedBy(down, 'age')].map(({ sort, descending }) => [sort, descending])).toEqual([
      ['age', false],
      ['age', true],
      [undefined, false],
    ])
  })

  it('goes back to the first page when something else is asked for', () => {
    expect(changed({ ...plain, page: 4 }, { search: 'x' }).page).toBe(1)
    expect(changed(plain, { page: 4 }).page).toBe(4)
  })
})

describe('createdBetween', () => {
  it('spans whole days of the reader’s time zone', () => {
    expect(createdBetween({ from: '2026-01-02', to: '2026-01-02' })).toEqual([
      new Date(2026, 0, 2).toISOString(),
      new Date(2026, 0, 2, 23, 59, 59, 999).toISOString(),
    ])
  })

  it('is open where a day is missing', () => {
    expect(createdBetween({})).toBeUndefined()
    expect(createdBetween({ from: '2026-01-02' })?.[1]).toBe('9999-12-31T00:00:00.000Z')
    expect(createdBetween({ to: '2026-01-02' })?.[0]).toBe('1970-01-01T00:00:00.000Z')
  })
})
