import { describe, expect, it } from 'vitest'
import { publicSchedule, type Schedule, scheduleMistake, scheduleState } from './schedule.ts'

const at = (text: string) => Date.parse(text)
const opening = '2026-03-01T00:00:00Z'
const closing = '2026-03-31T00:00:00Z'
const period: Schedule = {
  enabled: true,
  scheduleType: 'period',
  openSubmissionDateTime: opening,
  closeSubmissionDateTime: closing,
}
const late = (term: number, intervalType: string): Schedule => ({
  ...period,
  allowLateSubmissions: { enabled: true, forNext: { term, intervalType } },
})

describe('scheduleState', () => {
  it.each<[string, Schedule, string, string]>([
    ['is open without a schedule', {}, closing, 'open'],
    ['is open with a schedule that is switched off', { ...period, enabled: false }, '2030-01-01', 'open'],
    ['is open without dates', { enabled: true, scheduleType: 'manual' }, closing, 'open'],
    ['is not open a millisecond before it opens', period, '2026-02-28T23:59:59.999Z', 'notYet'],
    ['is open from the opening on', period, opening, 'open'],
    ['is open at the very end', period, closing, 'open'],
    ['is closed a millisecond after the end', period, '2026-03-31T00:00:00.001Z', 'closed'],
    ['ignores the end when a person closes it', { ...period, scheduleType: 'manual' }, '2030-01-01', 'open'],
    ['is late within the days of grace', late(2, 'days'), '2026-04-02T00:00:00Z', 'late'],
    ['is closed after the days of grace', late(2, 'days'), '2026-04-02T00:00:00.001Z', 'closed'],
    ['counts weeks of grace', late(1, 'weeks'), '2026-04-07T00:00:00Z', 'late'],
    ['has no grace in an unknown unit', late(2, 'moons'), '2026-03-31T00:00:01Z', 'closed'],
    [
      'has no grace when it is switched off',
      { ...period, allowLateSubmissions: { enabled: false, forNext: { term: 9, intervalType: 'years' } } },
      '2026-03-31T00:00:01Z',
      'closed',
    ],
  ])('%s', (_, schedule, now, kind) => {
    expect(scheduleState(schedule, at(now)).kind).toBe(kind)
  })

  it('says when it opens', () => {
    expect(scheduleState(period, 0)).toEqual({ kind: 'notYet', opensAt: new Date(opening) })
  })

  it.each<[string, Schedule, string]>([
    ['the owner’s words', { ...period, closingMessageEnabled: true, closingMessage: 'Too late.' }, 'Too late.'],
    [
      'ours when the owner’s are switched off',
      { ...period, closingMessage: 'Too late.' },
      'The time for submissions is over.',
    ],
    [
      'ours when the owner’s are empty',
      { ...period, closingMessageEnabled: true, closingMessage: '' },
      'The time for submissions is over.',
    ],
  ])('says that it is closed in %s', (_, schedule, message) => {
    expect(scheduleState(schedule, at('2030-01-01'))).toEqual({ kind: 'closed', message })
  })
})

describe('scheduleMistake', () => {
  it.each<[string, Schedule, RegExp | undefined]>([
    ['finds none in an empty schedule', {}, undefined],
    ['finds none in a period', period, undefined],
    ['finds an opening that is no date', { openSubmissionDateTime: 'soon' }, /openSubmissionDateTime/],
    ['finds an end that is no date', { closeSubmissionDateTime: '2026-02-31T99:00' }, /closeSubmissionDateTime/],
    ['finds a kind that there is not', { enabled: true, scheduleType: 'sometimes' }, /scheduleType/],
    ['takes no kind for none', { enabled: false, scheduleType: null }, undefined],
    [
      'wants an end where there is a closing date',
      { enabled: true, scheduleType: 'closingDate' },
      /closeSubmissionDateTime/,
    ],
    [
      'finds an end before the opening',
      { openSubmissionDateTime: closing, closeSubmissionDateTime: opening },
      /before it opens/,
    ],
  ])('%s', (_, schedule, mistake) => {
    const found = scheduleMistake(schedule)
    if (mistake) expect(found).toMatch(mistake)
    else expect(found).toBeUndefined()
  })
})

describe('publicSchedule', () => {
  it.each<[string, Schedule | null | undefined, string, object]>([
    [
      'nothing without a schedule',
      undefined,
      closing,
      { allowLateSubmissions: false, expire: false, state: 'open', message: '' },
    ],
    [
      'nothing for a schedule of null',
      null,
      closing,
      { allowLateSubmissions: false, expire: false, state: 'open', message: '' },
    ],
    [
      'that it is late',
      late(2, 'days'),
      '2026-04-01',
      { allowLateSubmissions: true, expire: true, state: 'late', message: '' },
    ],
    [
      'when it opens',
      period,
      '2026-01-01',
      {
        allowLateSubmissions: false,
        expire: true,
        state: 'notYet',
        message: 'The form opens at 2026-03-01T00:00:00.000Z.',
        opensAt: '2026-03-01T00:00:00.000Z',
      },
    ],
    [
      'that it is over',
      period,
      '2030-01-01',
      { allowLateSubmissions: false, expire: true, state: 'closed', message: 'The time for submissions is over.' },
    ],
    [
      'the owner’s own words when it is over',
      { ...period, closingMessageEnabled: true, closingMessage: 'Come back next year.' },
      '2030-01-01',
      {
        allowLateSubmissions: false,
        expire: true,
        state: 'closed',
        message: 'Come back next year.',
        closingMessage: 'Come back next year.',
      },
    ],
  ])('tells respondents %s', (_, schedule, now, told) => {
    expect(publicSchedule(schedule, at(now))).toEqual(told)
  })
})
