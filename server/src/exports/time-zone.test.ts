import { expect, it } from 'vitest'
import { timeZoneNamed } from './time-zone.ts'

it.each([
  ['America/Vancouver', '2026-01-15T20:00:00.000Z', '2026-01-15T12:00:00.000-08:00'],
  ['America/St_Johns', '2026-01-15T20:00:00.000Z', '2026-01-15T16:30:00.000-03:30'],
  ['Asia/Kathmandu', '2026-01-15T20:00:00.123Z', '2026-01-16T01:45:00.123+05:45'],
  ['Europe/Paris', '2026-07-15T22:30:00.000Z', '2026-07-16T00:30:00.000+02:00'],
  ['Europe/London', '2026-01-15T20:00:00.000Z', '2026-01-15T20:00:00.000+00:00'],
])('shows times as clocks in %s do', (name, instant, shown) => {
  expect(timeZoneNamed(name)?.text(new Date(instant))).toBe(shown)
  expect(new Date(shown).toISOString()).toBe(instant)
})

it('knows before and after clocks are changed', () => {
  const zone = timeZoneNamed('Europe/Paris')
  expect(zone?.text(new Date('2026-03-29T00:59:59.000Z'))).toBe('2026-03-29T01:59:59.000+01:00')
  expect(zone?.text(new Date('2026-03-29T01:00:00.000Z'))).toBe('2026-03-29T03:00:00.000+02:00')
})

it.each(['', 'Vancouver', 'America/Nowhere', '../etc/passwd'])('does not know %j', (name) => {
  expect(timeZoneNamed(name)).toBeUndefined()
})
