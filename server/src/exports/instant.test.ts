import { describe, expect, it } from 'vitest'
import { parseInstant } from './instant.ts'
import { timeZoneNamed } from './time-zone.ts'

describe('parseInstant', () => {
  it.each([
    ['2024-02-29', '2024-02-29T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
    ['2024-02-29T12:30:00Z', '2024-02-29T12:30:00.000Z'],
    ['2024-02-29T12:30:00.123456+02:30', '2024-02-29T10:00:00.123Z'],
    ['2024-02-29 12:30-0800', '2024-02-29T20:30:00.000Z'],
    ['2024-02-29T12:30:15', '2024-02-29T12:30:15.000Z'],
    ['2024-02-29T12:30:15,5z', '2024-02-29T12:30:15.500Z'],
  ])('reads %j', (text, first, last = first) => {
    expect(parseInstant(text, 'first')?.toISOString()).toBe(first)
    expect(parseInstant(text, 'last')?.toISOString()).toBe(last)
  })

  it.each([
    '',
    'today',
    '1',
    '2024',
    '2024-02',
    '2023-02-29',
    '2024-02-30',
    '2024-13-01',
    '0050-01-01',
    '2024-01-01T24:00',
    '2024-01-01T12:60',
    '2024-01-01T12:00:61Z',
    '2024-01-01T12:00+15:00',
    '2024-01-01T12',
    '2024-01-01Z',
    '01/02/2024',
    "2024-01-01'; drop table form",
  ])('refuses %j', (text) => {
    expect(parseInstant(text, 'first')).toBeUndefined()
  })
})

describe('parseInstant in a zone', () => {
  it.each([
    ['America/Vancouver', '2026-01-15', '2026-01-15T08:00:00.000Z', '2026-01-16T07:59:59.999Z'],
    // Days on which clocks are changed have 23 and 25 hours.
    ['Europe/Paris', '2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z'],
    ['Europe/Paris', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z'],
    ['Asia/Kathmandu', '2026-01-15T01:45', '2026-01-14T20:00:00.000Z', '2026-01-14T20:00:00.000Z'],
    ['Asia/Kathmandu', '2026-01-15T01:45Z', '2026-01-15T01:45:00.000Z', '2026-01-15T01:45:00.000Z'],
  ])('reads in %s %j', (name, text, first, last) => {
    const zone = timeZoneNamed(name)
    expect(parseInstant(text, 'first', zone)?.toISOString()).toBe(first)
    expect(parseInstant(text, 'last', zone)?.toISOString()).toBe(last)
  })
})
