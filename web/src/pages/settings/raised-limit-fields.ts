import { toLocalTime } from './form-schedule.ts'

/** What is typed to set another limit for a form; `until` is a value of `<input type="datetime-local">`. */
export type RaisedLimitFields = { limit: string; until: string; reason: string }
export type RaisedLimitField = keyof RaisedLimitFields

const limitMax = 1_000_000
const dayMs = 86_400_000
const longestMs = 366 * dayMs

/** What the dialog begins with: a week. */
export function presetFields(now: number): RaisedLimitFields {
  return { limit: '', until: toLocalTime(new Date(now + 7 * dayMs).toISOString()), reason: '' }
}

/** The fields that are wrong. */
export function wrongFields({ limit, until, reason }: RaisedLimitFields, now: number): RaisedLimitField[] {
  const calls = limit.trim() === '' ? Number.NaN : Number(limit)
  const lastsMs = new Date(until).getTime() - now
  return [
    ...(Number.isInteger(calls) && calls >= 1 && calls <= limitMax ? [] : (['limit'] as const)),
    ...(lastsMs > 0 && lastsMs <= longestMs ? [] : (['until'] as const)),
    ...(reason.trim() === '' ? (['reason'] as const) : []),
  ]
}

/** The body that the API takes. */
export function toRaisedLimit({ limit, until, reason }: RaisedLimitFields) {
  return { limit: Number(limit), until: new Date(until).toISOString(), reason: reason.trim() }
}
