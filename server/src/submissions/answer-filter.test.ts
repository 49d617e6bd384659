import { describe, expect, it } from 'vitest'
import { askedFilters } from './answer-filter.ts'

describe('askedFilters', () => {
  it.each<[string, Record<string, unknown>, object[]]>([
    ['nothing', { fields: 'a', filterformSubmissionStatusCode: true, filterAssignedToCurrentUser: true }, []],
    ['a text', { 'filter[a.b]': 'x,y' }, [{ field: 'a.b', values: '["x,y"]' }]],
    ['what reads like a number', { 'filter[a]': '-1.50e2' }, [{ field: 'a', values: '["-1.50e2",-1.50e2]' }]],
    ['what reads like a boolean', { 'filter[a]': 'true' }, [{ field: 'a', values: '["true",true]' }]],
    ['what JSON would not take for a number', { 'filter[a]': '012' }, [{ field: 'a', values: '["012"]' }]],
    ['a number that no database holds', { 'filter[a]': '1e999' }, [{ field: 'a', values: '["1e999"]' }]],
    ['any of several', { 'filter[a]': ['x', '"'] }, [{ field: 'a', values: '["x","\\""]' }]],
    ['a list in brackets', { 'filter[a][]': ['x', 'y'], 'filter[a]': 'z' }, [{ field: 'a', values: '["x","y","z"]' }]],
    ['the empty text', { 'filter[a]': '' }, [{ field: 'a', values: '[""]' }]],
  ])('reads %s', (_, query, filters) => {
    expect(askedFilters(query)).toEqual(filters)
  })

  it.each<[string, Record<string, unknown>]>([
    ['a comparison that there is not', { 'filter[a][gte]': '1' }],
    ['no field', { 'filter[]': '1' }],
    ['a bracket that is not closed', { 'filter[a': '1' }],
    ['another case', { 'Filter[a]': '1' }],
    ['no brackets', { 'filter.a': '1' }],
    ['more than 100 values', { 'filter[a]': Array.from({ length: 101 }, String) }],
    ['more than 10 fields', Object.fromEntries(Array.from({ length: 11 }, (__, n) => [`filter[f${n}]`, '1']))],
  ])('refuses %s', (_, query) => {
    expect(() => askedFilters(query)).toThrow(expect.objectContaining({ code: 'invalid_query' }))
  })
})
