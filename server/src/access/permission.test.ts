import { describe, expect, it } from 'vitest'
import { accessMode, apiKeyPermissions, permissions, permissionsOn } from './permission.ts'

describe('accessMode', () => {
  it.each([
    [['public'], 'public'],
    [['login'], 'login'],
    [['login', 'public'], 'public'],
    [[], 'team'],
  ])('of %j is %s', (codes, mode) => {
    expect(accessMode(codes)).toBe(mode)
  })
})

describe('permissionsOn', () => {
  const respondent = ['form_read', 'submission_create']
  it.each([
    ['public', false, respondent],
    ['public', true, respondent],
    ['login', false, []],
    ['login', true, respondent],
    ['team', false, []],
    ['team', true, []],
  ] as const)('lets into a %s form (signed in: %s) with %j', (mode, signedIn, expected) => {
    expect([...permissionsOn(mode, signedIn, [])].sort()).toEqual(expected)
  })

  it('adds to what a role gives and takes nothing away', () => {
    expect([...permissionsOn('public', true, ['design_read', 'form_read'])].sort()).toEqual([
      'design_read',
      'form_read',
      'submission_create',
    ])
  })
})

it('lets a key do everything but what concerns people and keys', () => {
  expect(permissions.filter((each) => !apiKeyPermissions.has(each))).toEqual([
    'form_api_create',
    'form_api_read',
    'form_api_update',
    'form_api_delete',
    'team_read',
    'team_update',
  ])
})
