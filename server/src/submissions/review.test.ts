import { expect, it } from 'vitest'
import { decideStatus } from './review.ts'

const submitted = { draft: false, deleted: false, status: 'SUBMITTED' }
const next = ['ASSIGNED', 'COMPLETED', 'REVISING']

it.each([
  ['a status that follows', submitted, 'COMPLETED', { kind: 'allowed', draft: false }],
  ['a revision, which makes it a draft', submitted, 'REVISING', { kind: 'allowed', draft: true }],
  ['the end of a revision', { ...submitted, draft: true, status: 'REVISING' }, 'COMPLETED', { kind: 'allowed' }],
  ['its own status where that does not follow', submitted, 'SUBMITTED', { kind: 'refused' }],
  ['an unknown status', submitted, 'LOST', { kind: 'refused' }],
  ['any status while it is deleted', { ...submitted, deleted: true }, 'COMPLETED', { kind: 'refused' }],
  [
    'any status before it is submitted',
    { draft: true, deleted: false, status: null },
    'COMPLETED',
    { kind: 'refused' },
  ],
] as const)('decides about %s', (_, submission, code, decision) => {
  expect(decideStatus(submission, code, next)).toMatchObject(decision)
})

it('says where the present status leads', () => {
  expect(decideStatus(submitted, 'SUBMITTED', next)).toEqual({
    kind: 'refused',
    why: 'From SUBMITTED it goes to ASSIGNED, COMPLETED or REVISING.',
  })
})
