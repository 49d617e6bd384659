import { expect, it } from 'vitest'
import { isDateTime } from './date-time.ts'

it.each([
  ['2026-11-26T12:00:00Z', true],
  ['2026-11-26T12:00:00.123456+05:30', true],
  ['2026-11-26t12:00:00z', true],
  ['2024-02-29T00:00:00Z', true],
  ['9999-12-31T23:59:59Z', true],
  ['9999-12-31T23:59:59-01:00', false],
  ['0001-01-01T00:00:00+01:00', false],
  ['0000-01-01T00:00:00Z', false],
  ['2026-13-01T00:00:00Z', false],
  ['2026-02-30T00:00:00Z', false],
  ['2026-11-26T25:00:00Z', false],
  ['2026-11-26', false],
  ['2026-11-26T12:00:00', false],
  ['+010000-01-01T00:00:00Z', false],
  ['infinity', false],
  ['', false],
])('%s: %s', (text, expected) => {
  expect(isDateTime(text)).toBe(expected)
})
