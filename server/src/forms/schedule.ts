/** When a form takes submissions; the members of CHEFS's `schedule` that decide it. */
export type Schedule = {
  enabled?: boolean
  /** One of scheduleTypes. */
  scheduleType?: string | null
  openSubmissionDateTime?: string
  closeSubmissionDateTime?: string
  allowLateSubmissions?: { enabled?: boolean; forNext?: { term?: number; intervalType?: string } }
  closingMessageEnabled?: boolean
  closingMessage?: string
}

export type ScheduleState =
  | { kind: 'open' }
  | { kind: 'late' }
  | { kind: 'notYet'; opensAt: Date }
  | { kind: 'closed'; message: string }

const scheduleTypes = ['manual', 'closingDate', 'period']

const dayMs = 86_400_000
const intervalMs: Record<string, number> = {
  days: dayMs,
  weeks: 7 * dayMs,
  months: 30 * dayMs,
  quarters: 91 * dayMs,
  years: 365 * dayMs,
}

/** Whether a form with this schedule takes a submission now. A schedule without dates is always open. */
export function scheduleState(schedule: Schedule, now: number): ScheduleState {
  if (schedule.enabled !== true) return { kind: 'open' }
  const opensAt = time(schedule.openSubmissionDateTime)
  if (opensAt !== undefined && now < opensAt) return { kind: 'notYet', opensAt: new Date(opensAt) }
  const closesAt = schedule.scheduleType === 'manual' ? undefined : time(schedule.closeSubmissionDateTime)
  if (closesAt === undefined || now <= closesAt) return { kind: 'open' }
  if (now <= closesAt + lateMs(schedule)) return { kind: 'late' }
  const message = schedule.closingMessageEnabled === true ? schedule.closingMessage : undefined
  return { kind: 'closed', message: message || 'The time for submissions is over.' }
}

/** The first mistake in a schedule that somebody sends, if any. */
export function scheduleMistake(schedule: Schedule): string | undefined {
  const opensAt = schedule.openSubmissionDateTime
  const closesAt = schedule.closeSubmissionDateTime
  if (schedule.scheduleType && !scheduleTypes.includes(schedule.scheduleType))
    return `The scheduleType is one of ${scheduleTypes.join(', ')}.`
  if (opensAt && time(opensAt) === undefined) return 'openSubmissionDateTime is no date.'
  if (closesAt && time(closesAt) === undefined) return 'closeSubmissionDateTime is no date.'
  if (schedule.enabled === true && schedule.scheduleType === 'closingDate' && !closesAt)
    return 'A schedule with a closing date needs closeSubmissionDateTime.'
  const [opens, closes] = [time(opensAt), time(closesAt)]
  if (opens !== undefined && closes !== undefined && closes < opens) return 'The form would close before it opens.'
  return undefined
}

function lateMs({ allowLateSubmissions }: Schedule): number {
  if (allowLateSubmissions?.enabled !== true) return 0
  const { term = 0, intervalType = '' } = allowLateSubmissions.forNext ?? {}
  return term * (intervalMs[intervalType] ?? 0)
}

function time(text: string | undefined): number | undefined {
  const value = text ? Date.parse(text) : Number.NaN
  return Number.isNaN(value) ? undefined : value
}

/** What respondents are told of the schedule: in CHEFS's words, and so that a page can say it in any language. */
export function publicSchedule(schedule: Schedule | undefined | null, now: number) {
  const state = scheduleState(schedule ?? {}, now)
  const common = { allowLateSubmissions: state.kind === 'late', expire: state.kind !== 'open', state: state.kind }
  if (state.kind === 'closed') {
    const own = schedule?.closingMessageEnabled === true ? schedule.closingMessage : undefined
    return { ...common, message: state.message, ...(own ? { closingMessage: own } : {}) }
  }
  if (state.kind !== 'notYet') return { ...common, message: '' }
  const opensAt = state.opensAt.toISOString()
  return { ...common, message: `The form opens at ${opensAt}.`, opensAt }
}
