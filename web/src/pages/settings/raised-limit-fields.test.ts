import { describe, expect, it } from 'vitest'
import { presetFields, toRaisedLimit, wrongFields } from './raised-limit-fields.ts'

const now = new Date('2026-11-26T12:00').getTime()
const right = { ...presetFields(now), limit: '500', reason: 'A migration' }

describe('the fields of a raised limit', () => {
  it.each([
    ['a week, a number and a reason', {}, []],
    ['no number', { limit: '' }, ['limit']],
    ['no call', { limit: '0' }, ['limit']],
    ['half a call', { limit: '1.5' }, ['limit']],
    ['more than the API takes', { limit: '1000001' }, ['limit']],
    ['no time', { until: '' }, ['until']],
    ['a time that has passed', { until: '2026-11-26T12:00' }, ['until']],
    ['more than a year', { until: '2027-11-28T12:00' }, ['until']],
    ['a reason of spaces', { reason: ' ' }, ['reason']],
    ['nothing at all', { limit: '', until: '', reason: '' }, ['limit', 'until', 'reason']],
  ])('with %s', (_, change, wrong) => {
    expect(wrongFields({ ...right, ...change }, now)).toEqual(wrong)
  })

  it('are sent as a number, an instant and a text', () => {
    expect(toRaisedLimit({ limit: ' 500 ', until: '2026-12-03T12:00', reason: ' A migration ' })).toEqual({
      limit: 500,
      until: new Date('2026-12-03T12:00').toISOString(),
      reason: 'A migration',
    })
  })
})
