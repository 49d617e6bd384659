import { expect, it } from 'vitest'
import { type FormState, formState } from './form-state.ts'

type Facts = Parameters<typeof formState>[0]

it.each<[string, Facts, FormState]>([
  ['was never published', { version: null, published: null, scheduleState: 'open' }, { kind: 'draft' }],
  ['is published', { version: 3, published: true, scheduleState: 'open' }, { kind: 'published', version: 3 }],
  ['takes late submissions', { version: 3, published: true, scheduleState: 'late' }, { kind: 'published', version: 3 }],
  ['opens later', { version: 3, published: true, scheduleState: 'notYet' }, { kind: 'notYet' }],
  ['is past its time', { version: 3, published: true, scheduleState: 'closed' }, { kind: 'closed' }],
  ['was unpublished', { version: 3, published: false, scheduleState: 'open' }, { kind: 'closed' }],
])('says of a form that %s', (_, facts, state) => {
  expect(formState(facts)).toEqual(state)
})
