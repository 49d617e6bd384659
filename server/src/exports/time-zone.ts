/** A time zone as people there read clocks. Times are of the Gregorian calendar, which Intl's zones follow. */
export type TimeZone = {
  /** How far its clocks are ahead of UTC at an instant, in minutes. */
  offsetMinutes(instant: Date): number
  /** ISO 8601 with the offset that holds then, and `Z` in UTC. */
  text(instant: Date): string
}

export const utc: TimeZone = { offsetMinutes: () => 0, text: (instant) => instant.toISOString() }

const quarterMs = 15 * 60_000

/** @param name of the IANA database, such as `America/Vancouver`; undefined for one that it does not have */
export function timeZoneNamed(name: string): TimeZone | undefined {
  const format = formatIn(name)
  if (!format) return undefined
  // Clocks are changed at a quarter of an hour, and rows of one quarter come together.
  const known = { quarter: Number.NaN, minutes: 0 }

  function offsetMinutes(instant: Date): number {
    const quarter = Math.floor(instant.getTime() / quarterMs)
    if (quarter !== known.quarter) Object.assign(known, { quarter, minutes: shownOffset(format, instant) })
    return known.minutes
  }

  return {
    offsetMinutes,
    text(instant) {
      const minutes = offsetMinutes(instant)
      const shown = new Date(instant.getTime() + minutes * 60_000).toISOString().slice(0, -1)
      return `${shown}${offsetText(minutes)}`
    },
  }
}

/** @param name of a zone that is known */
export function timeZoneOf(name: string): TimeZone {
  const zone = name === 'UTC' ? utc : timeZoneNamed(name)
  if (!zone) throw new Error(`There is no time zone ${name}.`)
  return zone
}

function formatIn(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  } catch {
    return undefined
  }
}

/** Intl shows `GMT-08:00`, and `GMT` alone for none. */
function shownOffset(format: Intl.DateTimeFormat | undefined, instant: Date): number {
  const shown = format?.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(shown) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0))
}

function offsetText(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}
