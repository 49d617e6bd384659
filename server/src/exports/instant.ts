import { type TimeZone, utc } from './time-zone.ts'

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i

const dayMs = 86_400_000
const minuteMs = 60_000

/**
 * Reads a date or a date-time of ISO 8601; without an offset it is meant in the zone given. JavaScript's own parser takes
 * `1`, reads a local time where the offset lacks and turns 30 February into 1 March, so it is not asked.
 * @param edge which instant of the day a date without a time means
 * @returns undefined for anything else
 */
export function parseInstant(text: string, edge: 'first' | 'last', zone: TimeZone = utc): Date | undefined {
  const match = pattern.exec(text.trim())
  if (!match) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const offset = match[8] === undefined ? 0 : offsetMinutes(match[8])
  const midnight = Date.UTC(year, month - 1, day)
  if (!isDay(midnight, year, month, day) || hour > 23 || minute > 59 || second > 59 || offset === undefined)
    return undefined
  if (match[4] === undefined) {
    return edge === 'first' ? inZone(midnight, zone) : new Date(inZone(midnight + dayMs, zone).getTime() - 1)
  }
  const milliseconds = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000)
  const time = midnight + (hour * 60 + minute - offset) * minuteMs + second * 1000 + milliseconds
  return match[8] === undefined ? inZone(time, zone) : new Date(time)
}

/** The instant at which clocks in the zone show what those of UTC show at another; after a leap over it, the moment of the leap. */
function inZone(shown: number, zone: TimeZone): Date {
  const guess = shown - zone.offsetMinutes(new Date(shown)) * minuteMs
  return new Date(shown - zone.offsetMinutes(new Date(guess)) * minuteMs)
}

/** Date.UTC carries what is too much over into the next month, and takes the years below 100 for 1900 and on. */
function isDay(midnight: number, year: number, month: number, day: number): boolean {
  const date = new Date(midnight)
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function offsetMinutes(text: string): number | undefined {
  if (text.toUpperCase() === 'Z') return 0
  const hours = Number(text.slice(1, 3))
  const minutes = Number(text.slice(3).replace(':', ''))
  if (hours > 14 || minutes > 59) return undefined
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
