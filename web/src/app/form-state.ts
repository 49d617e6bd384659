import { type Schedule, scheduleState } from '../../../server/src/forms/schedule.ts'
import type { components } from '../api/schema.d.ts'
import type { Form } from './form.ts'

export type FormState =
  | { kind: 'draft' }
  | { kind: 'notYet' }
  | { kind: 'published'; version: number }
  /** Its time is over, or every version of it was unpublished. */
  | { kind: 'closed' }

type Facts = Pick<components['schemas']['CurrentForm'], 'version' | 'published' | 'scheduleState'>

export function formState({ version, published, scheduleState: schedule }: Facts): FormState {
  if (version === null) return { kind: 'draft' }
  if (!published || schedule === 'closed') return { kind: 'closed' }
  return schedule === 'notYet' ? { kind: 'notYet' } : { kind: 'published', version }
}

/** The same, of a form with its versions. */
export function stateOf({ versions = [], schedule }: Form, now = Date.now()): FormState {
  const shown = versions.find(({ published }) => published) ?? versions[0]
  return formState({
    version: shown?.version ?? null,
    published: shown?.published ?? null,
    // The server checks schedules before it stores them.
    scheduleState: scheduleState((schedule ?? {}) as Schedule, now).kind,
  })
}
