const rfc3339 = /^(\d{4}-\d\d-(\d\d))[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i
const earliest = Date.parse('0001-01-01T00:00:00Z')
const latest = Date.UTC(10_000, 0, 1)

/**
 * Whether a text is a date-time (RFC 3339 §5.6) that has four digits for its year in UTC too: `9999-12-31T23:59:59-01:00`
 * lies in the year 10000, which no reply could show.
 */
export function isDateTime(text: string): boolean {
  const [, date, day] = rfc3339.exec(text) ?? []
  const at = Date.parse(text)
  // A day that its month does not have would be one of the next month.
  return at >= earliest && at < latest && new Date(`${date}T00:00:00Z`).getUTCDate() === Number(day)
}
