/** When a form takes submissions, as the fields of the page say it. Times are those of `<input type="datetime-local">`. */
export type ScheduleFields = {
  enabled: boolean
  opensAt: string
  closesAt: string
  late: boolean
  lateTerm: string
  lateUnit: LateUnit
  closingMessage: string
}

export const lateUnits = ['days', 'weeks', 'months', 'quarters', 'years'] as const
export type LateUnit = (typeof lateUnits)[number]

type Stored = Record<string, unknown>

export function scheduleFields(stored: Stored | null | undefined): ScheduleFields {
  const late = objectOf(stored?.allowLateSubmissions)
  const forNext = objectOf(late.forNext)
  return {
    enabled: stored?.enabled === true,
    opensAt: toLocalTime(stored?.openSubmissionDateTime),
    // One that closes by hand has no closing time, whatever is stored.
    closesAt: stored?.scheduleType === 'manual' ? '' : toLocalTime(stored?.closeSubmissionDateTime),
    late: late.enabled === true,
    lateTerm: typeof forNext.term === 'number' ? String(forNext.term) : '1',
    lateUnit: lateUnits.find((unit) => unit === forNext.intervalType) ?? 'days',
    closingMessage:
      stored?.closingMessageEnabled === true && typeof stored.closingMessage === 'string' ? stored.closingMessage : '',
  }
}

/** The form's `schedule`, as CHEFS has it. Members that the page does not show stay as they are. */
export function toSchedule(fields: ScheduleFields, stored: Stored | null | undefined): Stored {
  const kept = { ...stored }
  delete kept.openSubmissionDateTime
  delete kept.closeSubmissionDateTime
  if (!fields.enabled) return { ...stored, enabled: false }
  const { opensAt, closesAt } = fields
  const message = fields.closingMessage.trim()
  return {
    ...kept,
    enabled: true,
    scheduleType: closesAt === '' ? 'manual' : stored?.scheduleType === 'period' ? 'period' : 'closingDate',
    ...(opensAt === '' ? {} : { openSubmissionDateTime: new Date(opensAt).toISOString() }),
    ...(closesAt === '' ? {} : { closeSubmissionDateTime: new Date(closesAt).toISOString() }),
    allowLateSubmissions:
      fields.late && closesAt !== ''
        ? { enabled: true, forNext: { term: Number(fields.lateTerm), intervalType: fields.lateUnit } }
        : { enabled: false, forNext: { term: null, intervalType: null } },
    closingMessageEnabled: message !== '',
    closingMessage: message,
  }
}

/** A name of what is wrong, for the reader's words. */
export type ScheduleMistake = 'closesFirst' | 'noDates' | 'lateTerm'

export function scheduleMistakeIn(fields: ScheduleFields): ScheduleMistake | undefined {
  if (!fields.enabled) return undefined
  const { opensAt, closesAt } = fields
  if (opensAt === '' && closesAt === '') return 'noDates'
  if (opensAt !== '' && closesAt !== '' && closesAt <= opensAt) return 'closesFirst'
  const term = Number(fields.lateTerm)
  if (fields.late && closesAt !== '' && !(Number.isInteger(term) && term >= 1 && term <= 1000)) return 'lateTerm'
  return undefined
}

/** A time of the API as a local one without its zone, to the minute. */
export function toLocalTime(stored: unknown): string {
  const time = typeof stored === 'string' && stored !== '' ? new Date(stored) : undefined
  if (!time || Number.isNaN(time.getTime())) return ''
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${String(time.getFullYear()).padStart(4, '0')}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${date}T${two(time.getHours())}:${two(time.getMinutes())}`
}

function objectOf(value: unknown): Stored {
  return typeof value === 'object' && value !== null ? (value as Stored) : {}
}
