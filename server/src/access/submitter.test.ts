import type { FastifyRequest } from 'fastify'
import { describe, expect, it } from 'vitest'
import type { SubmissionAccessRow } from './access.queries.ts'
import type { Caller } from './caller.ts'
import type { Permission } from './permission.ts'
import { mayReadAsSubmitter, submissionTokenText } from './submitter.ts'

const at = new Date(0)
const stamps = { created_by: 'public', created_at: at, updated_by: null, updated_at: at }
const publicForm: SubmissionAccessRow['form'] = {
  id: 'f-1',
  name: 'Survey',
  description: null,
  active: true,
  labels: [],
  identity_providers: ['public'],
  settings: {},
  ...stamps,
}
const submitted: SubmissionAccessRow = {
  id: 's-1',
  form_id: 'f-1',
  form_version_id: 'v-1',
  confirmation_id: 'S1',
  draft: false,
  deleted: false,
  test: false,
  status: 'SUBMITTED',
  submission: '{}',
  created_by_user_id: 'p-1',
  ...stamps,
  form: publicForm,
  version: { version: 1, published: true, ...stamps },
}
const draft = { ...submitted, draft: true, status: null }
const inRevision = { ...submitted, draft: true, status: 'REVISING' }
const teamForm = { ...publicForm, identity_providers: [] }
const shared = { ...publicForm, settings: { enableSubmissionUrlSharing: true } }

const person = (id: string): Caller => ({ kind: 'user', id, email: 'ada@example.org', name: 'Ada', serverOwner: false })
const author = person('p-1')
const nobody: Caller = { kind: 'anonymous' }
const sign = (text: string) => `signed ${text}`
const token = sign(submissionTokenText('s-1'))

function may(row: SubmissionAccessRow, permission: Permission, caller: Caller, sent?: string | string[]): boolean {
  // Of a request, only the headers are looked at.
  const request = { headers: sent === undefined ? {} : { 'x-submission-token': sent } } as FastifyRequest
  return mayReadAsSubmitter(row, [permission], caller, request, sign)
}

describe('its own submitter', () => {
  it.each<[string, SubmissionAccessRow, Permission, boolean]>([
    ['reads what they submitted', submitted, 'submission_read', true],
    ['reads it also when the form is for its team now', { ...submitted, form: teamForm }, 'submission_read', true],
    ['reads a draft', draft, 'submission_read', true],
    ['changes a draft', draft, 'submission_update', true],
    ['deletes a draft', draft, 'submission_delete', true],
    ['changes what was sent back for revision', inRevision, 'submission_update', true],
    ['does not delete what was sent back for revision', inRevision, 'submission_delete', false],
    ['does not change what was submitted', submitted, 'submission_update', false],
    ['does not delete what was submitted', submitted, 'submission_delete', false],
    ['does not review', draft, 'submission_review', false],
    ['reads nothing that was deleted', { ...submitted, deleted: true }, 'submission_read', false],
    ['changes no draft that was deleted', { ...draft, deleted: true }, 'submission_update', false],
  ])('%s', (_, row, permission, allowed) => {
    expect(may(row, permission, author)).toBe(allowed)
  })
})

describe('others', () => {
  it.each<[string, SubmissionAccessRow, Permission, Caller, boolean]>([
    ['another person reads nothing', submitted, 'submission_read', person('p-2'), false],
    ['another person changes no draft', draft, 'submission_update', person('p-2'), false],
    ['nobody reads nothing', submitted, 'submission_read', nobody, false],
    [
      'nobody is not the author of what nobody wrote',
      { ...draft, created_by_user_id: null },
      'submission_update',
      nobody,
      false,
    ],
    ['nobody reads what is shared by its address', { ...submitted, form: shared }, 'submission_read', nobody, true],
    ['nobody changes what is shared by its address', { ...draft, form: shared }, 'submission_update', nobody, false],
    [
      'nobody reads what was shared when the form is for its team now',
      { ...submitted, form: { ...shared, identity_providers: [] } },
      'submission_read',
      nobody,
      false,
    ],
    [
      'nobody reads what was shared and deleted',
      { ...submitted, form: shared, deleted: true },
      'submission_read',
      nobody,
      false,
    ],
  ])('%s', (_, row, permission, caller, allowed) => {
    expect(may(row, permission, caller)).toBe(allowed)
  })
})

describe('the token of the reply', () => {
  it.each<[string, SubmissionAccessRow, Permission, string | string[], boolean]>([
    ['opens the submission', submitted, 'submission_read', token, true],
    ['changes nothing', draft, 'submission_update', token, false],
    ['opens no other submission', { ...submitted, id: 's-2' }, 'submission_read', token, false],
    ['opens nothing on a team’s form', { ...submitted, form: teamForm }, 'submission_read', token, false],
    ['opens nothing that was deleted', { ...submitted, deleted: true }, 'submission_read', token, false],
    ['is not empty', submitted, 'submission_read', '', false],
    ['is not longer', submitted, 'submission_read', `${token}x`, false],
    ['is not one of two', submitted, 'submission_read', [token, token], false],
  ])('%s', (_, row, permission, sent, allowed) => {
    expect(may(row, permission, nobody, sent)).toBe(allowed)
  })
})
