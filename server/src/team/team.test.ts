import { expect, it } from 'vitest'
import { decideRoles } from './team.ts'

const [owner, manager, guest] = [['owner'], ['team_manager'], ['form_submitter']]

it.each<[string, string, string[], string, string[], string[]]>([
  ['allowed', 'an owner makes an owner', owner, 'bea', guest, ['owner']],
  ['allowed', 'an owner makes a designer', owner, 'bea', [], ['form_designer']],
  ['allowed', 'an owner removes another owner', owner, 'bea', owner, []],
  ['allowed', 'an owner who is one of two steps down', owner, 'ann', owner, ['form_submitter']],
  ['allowed', 'an owner takes a second role', owner, 'ann', owner, ['owner', 'form_designer']],
  ['allowed', 'a team manager makes a reviewer', manager, 'bea', [], ['submission_reviewer']],
  ['allowed', 'a team manager makes a team manager', manager, 'bea', guest, ['team_manager']],
  ['allowed', 'a team manager removes a reviewer', manager, 'bea', ['submission_reviewer'], []],
  ['allowed', 'a team manager leaves', manager, 'ann', manager, []],
  ['allowed', 'a team manager changes nothing about a designer', manager, 'bea', ['form_designer'], ['form_designer']],
  [
    'allowed',
    'a team manager adds a role to a designer',
    manager,
    'bea',
    ['form_designer'],
    ['form_designer', 'form_submitter'],
  ],
  ['forbidden', 'a team manager makes an owner', manager, 'bea', guest, ['owner']],
  ['forbidden', 'a team manager makes a designer', manager, 'bea', guest, ['form_submitter', 'form_designer']],
  ['forbidden', 'a team manager removes a designer', manager, 'bea', ['form_designer'], []],
  ['forbidden', 'a team manager removes an owner', manager, 'bea', owner, []],
  ['forbidden', 'a team manager gives an owner another role', manager, 'bea', owner, ['owner', 'form_submitter']],
  ['forbidden', 'a team manager takes a role', manager, 'ann', manager, ['team_manager', 'submission_reviewer']],
  ['forbidden', 'a team manager becomes an owner', manager, 'ann', manager, ['owner']],
])('%s: %s', (kind, _what, actorRoles, targetId, targetRoles, wanted) => {
  const target = { id: targetId, roles: targetRoles }
  const decision = decideRoles({ actor: { id: 'ann', roles: actorRoles }, target, wanted, ownerIds: ['ann', 'bea'] })
  expect(decision.kind).toBe(kind)
})

it.each([['ann'], ['bea']])('keeps the last owner, whoever asks: %s', (id) => {
  const target = { id: 'bea', roles: owner }
  const decision = decideRoles({ actor: { id, roles: owner }, target, wanted: ['team_manager'], ownerIds: ['bea'] })
  expect(decision.kind).toBe('last owner')
})
