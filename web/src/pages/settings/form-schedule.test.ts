import { expect, it } from 'vitest'
import { scheduleState } from '../../../../server/src/forms/schedule.ts'
import { type ScheduleFields, scheduleFields, scheduleMistakeIn, toSchedule } from './form-schedule.ts'

const fields: ScheduleFields = {
  enabled: true,
  opensAt: '2026-03-01T09:00',
  closesAt: '2026-03-31T17:00',
  late: true,
  lateTerm: '2',
  lateUnit: 'weeks',
  closingMessage: 'Come back next year.',
}

it('gives back the fields that were stored', () => {
  expect(scheduleFields(toSchedule(fields, {}))).toEqual(fields)
})

it('keeps the members that the page does not show', () => {
  expect(toSchedule(fields, { repeatSubmission: { enabled: true } })).toMatchObject({
    repeatSubmission: { enabled: true },
  })
})

it('keeps the dates of a schedule that is switched off', () => {
  const stored = toSchedule(fields, {})
  expect(toSchedule({ ...fields, enabled: false }, stored)).toEqual({ ...stored, enabled: false })
})

it.each([
  ['2026-02-28T12:00', 'notYet'],
  ['2026-03-15T12:00', 'open'],
  ['2026-04-02T12:00', 'late'],
  ['2026-05-01T12:00', 'closed'],
])('means to the server what it says: at %s the form is %s', (at, kind) => {
  expect(scheduleState(toSchedule(fields, {}), new Date(at).getTime()).kind).toBe(kind)
})

it('stays open without a closing time', () => {
  const stored = toSchedule({ ...fields, closesAt: '' }, toSchedule(fields, {}))
  expect(scheduleState(stored, new Date('2030-01-01').getTime())).toEqual({ kind: 'open' })
  expect(stored).not.toHaveProperty('closeSubmissionDateTime')
})

it.each([
  [{}, undefined],
  [{ opensAt: '', closesAt: '' }, 'noDates'],
  [{ closesAt: '2026-02-01T09:00' }, 'closesFirst'],
  [{ lateTerm: '' }, 'lateTerm'],
  [{ lateTerm: '1.5' }, 'lateTerm'],
  [{ late: false, lateTerm: '' }, undefined],
  [{ enabled: false, opensAt: '', closesAt: '' }, undefined],
])('finds the mistake in %j', (change, mistake) => {
  expect(scheduleMistakeIn({ ...fields, ...change })).toBe(mistake)
})
