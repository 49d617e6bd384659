import { describe, expect, it } from 'vitest'
import { parseInstant } from './instant.ts'

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
