import { describe, expect, it } from 'vitest'
import { explained, mayBeSlow } from './slow-lists.ts'

const live = { test: false }
const canceled = Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' })
const condition = { field: 'a', path: 'lax $."data"."a"[*]', values: '["x"]' }

describe('mayBeSlow', () => {
  it.each([
    ['the list’s own order', false, undefined],
    ['a page near the beginning', false, { kind: 'number', number: 100, limit: 100 } as const],
  ])('trusts %s', (_, sorted, page) => {
    expect(mayBeSlow({ ...live, deleted: false, draft: false, version: 1, hasStatus: true }, sorted, page)).toBe(false)
  })

  it.each([
    ['a search', { ...live, search: { text: 'x', fields: [], columns: true } }, false, undefined],
    ['another order', live, true, undefined],
    ['a page far behind', live, false, { kind: 'number', number: 101, limit: 100 } as const],
    ['a filter', { ...live, answers: [{ ...condition, indexId: 1 }] }, false, undefined],
  ])('doubts %s', (_, filter, sorted, page) => {
    expect(mayBeSlow(filter, sorted, page)).toBe(true)
  })
})

describe('explained', () => {
  it('names the fields that lack an index', () => {
    const answers = [
      { ...condition, indexId: undefined },
      { ...condition, field: 'b', indexId: 1 },
    ]
    expect(explained(canceled, { ...live, answers })).toMatchObject({
      code: 'filter_needs_index',
      errors: [{ path: 'filter[a]', message: 'is not indexed' }],
    })
  })

  it('tells that a list takes too long where no index would help', () => {
    expect(explained(canceled, live)).toMatchObject({ code: 'list_too_slow', status: 422 })
  })

  it('asks to come again where all places are taken', () => {
    const noPlace = new Error('timeout exceeded when trying to connect')
    expect(explained(noPlace, live)).toMatchObject({ code: 'unavailable', headers: { 'Retry-After': '5' } })
  })

  it('leaves everything else as it is', () => {
    const other = new Error('other')
    expect(explained(other, live)).toBe(other)
  })
})
