import { expect, it } from 'vitest'
import { invitationState } from './invitation.ts'

const now = Date.parse('2026-11-22T12:00:00Z')
const [past, future] = [new Date(now - 1), new Date(now + 1)]

it.each([
  ['open', { expires_at: future, accepted_at: null, withdrawn_at: null }],
  ['expired', { expires_at: past, accepted_at: null, withdrawn_at: null }],
  ['expired', { expires_at: new Date(now), accepted_at: null, withdrawn_at: null }],
  ['accepted', { expires_at: past, accepted_at: past, withdrawn_at: null }],
  ['withdrawn', { expires_at: future, accepted_at: null, withdrawn_at: past }],
])('is %s', (state, times) => {
  expect(invitationState(times, now)).toBe(state)
})
