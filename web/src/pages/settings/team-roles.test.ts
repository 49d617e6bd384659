import { describe, expect, it } from 'vitest'
import { whyNotRemove, whyNotRole } from './team-roles.ts'

const somebody = (...roles: string[]) => ({ roles, isSelf: false })

describe('whyNotRole', () => {
  it.each([
    ['owner', ['owner'], somebody(), undefined],
    ['form_designer', ['team_manager'], somebody(), 'onlyOwnersGive'],
    ['owner', ['team_manager'], somebody(), 'onlyOwnersGive'],
    ['submission_reviewer', ['team_manager'], somebody(), undefined],
    ['submission_reviewer', ['team_manager'], somebody('owner'), 'onlyOwnersChangeOwners'],
    ['submission_reviewer', ['team_manager'], { roles: ['team_manager'], isSelf: true }, 'notToOneself'],
    ['team_manager', ['team_manager'], { roles: ['team_manager'], isSelf: true }, undefined],
  ])('answers for %s by %j: %#', (role, mine, member, expected) => {
    expect(whyNotRole(role, mine, member)).toBe(expected)
  })
})

describe('whyNotRemove', () => {
  const owner = somebody('owner')
  it.each([
    ['the only owner', ['owner'], owner, [owner, somebody('form_submitter')], 'lastOwner'],
    ['one of two owners', ['owner'], owner, [owner, owner], undefined],
    ['an owner, by a manager', ['team_manager'], owner, [owner, owner], 'onlyOwnersRemove'],
    ['a designer, by a manager', ['team_manager'], somebody('form_designer'), [owner], 'onlyOwnersRemove'],
    ['a reviewer, by a manager', ['team_manager'], somebody('submission_reviewer'), [owner], undefined],
  ])('answers for %s', (_case, mine, member, team, expected) => {
    expect(whyNotRemove(mine, member, team)).toBe(expected)
  })
})
