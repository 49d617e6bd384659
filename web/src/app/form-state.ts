import type { components } from '../api/schema.d.ts'

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
