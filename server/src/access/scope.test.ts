import { describe, expect, it } from 'vitest'
import { permissions } from './permission.ts'
import { defaultScopes, fileScopes, isScope, scopes, scopesBeyond, testScopes } from './scope.ts'

describe('isScope', () => {
  it.each(scopes)('knows %s', (scope) => expect(isScope(scope)).toBe(true))
  it.each(['', 'form', 'form:', 'FORM:READ', 'constructor', '__proto__', 'toString'])('knows no “%s”', (text) =>
    expect(isScope(text)).toBe(false),
  )
})

describe('scopesBeyond', () => {
  it('is empty for whoever has every permission', () => {
    expect(scopesBeyond(new Set(permissions), scopes)).toEqual([])
  })

  it('is all of them for whoever has none', () => {
    expect(scopesBeyond(new Set(), scopes)).toEqual(scopes)
  })

  it('asks for each of several permissions', () => {
    const withoutOne = new Set(['design_create', 'design_read', 'design_update'])
    expect(scopesBeyond(withoutOne, ['form:design'])).toEqual(['form:design'])
    expect(scopesBeyond(new Set([...withoutOne, 'design_delete']), ['form:design'])).toEqual([])
  })
})

describe('what a test key can be given', () => {
  it('changes nothing of the live form', () => {
    const live = ['form:update', 'form:design', 'form:access', 'form:delete']
    expect(testScopes).toEqual(scopes.filter((each) => !live.includes(each)))
  })
})

it('the scopes of Default and of files do not overlap', () => {
  expect(defaultScopes.filter((each) => fileScopes.includes(each))).toEqual([])
})
