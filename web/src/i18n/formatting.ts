const minute = 60
const hour = 60 * minute
const day = 24 * hour
const units = [
  ['year', 365 * day],
  ['month', 30 * day],
  ['day', day],
  ['hour', hour],
  ['minute', minute],
] as const

/** Below this, seconds are counted one by one. */
const countedSeconds = 90

/** Dates, times and numbers as the reader's locale writes them; times always with their zone. */
export function formatting(locale: string) {
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' })
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const number = new Intl.NumberFormat(locale)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const list = new Intl.ListFormat(locale)
  const ahead = new Intl.RelativeTimeFormat(locale)
  return {
    date: (iso: string) => date.format(new Date(iso)),
    dateTime: (iso: string) => dateTime.format(new Date(iso)),
    /** A day without a time, such as `2026-11-26`; the same wherever the reader is. */
    day: (isoDay: string) => day.format(new Date(isoDay)),
    fullTime: (iso: string) => full.format(new Date(iso)),
    number: (value: number) => number.format(value),
    /** "A, B and C". */
    list: (parts: string[]) => list.format(parts),
    bytes: (value: number) => bytes(value, locale),
    /** "3 minutes ago", "yesterday", "just now". */
    ago(iso: string, now = Date.now()) {
      const seconds = Math.round((new Date(iso).getTime() - now) / 1000)
      const found = units.find(([, size]) => Math.abs(seconds) >= size)
      return found ? relative.format(Math.trunc(seconds / found[1]), found[0]) : relative.format(0, 'second')
    },
    /** "in 40 seconds", "in 12 minutes": rounded up, for whoever waits that long. */
    ahead: (seconds: number) =>
      seconds < countedSeconds
        ? ahead.format(Math.max(1, Math.ceil(seconds)), 'second')
        : ahead.format(Math.ceil(seconds / minute), 'minute'),
  }
}

function bytes(value: number, locale: string): string {
  const [unit, size] =
    value >= 1e6 ? (['megabyte', 1e6] as const) : value >= 1e3 ? (['kilobyte', 1e3] as const) : (['byte', 1] as const)
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value / size)
}
