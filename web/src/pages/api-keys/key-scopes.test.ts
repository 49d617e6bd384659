import { describe, expect, it } from 'vitest'
import { scopes } from '../../../../server/src/access/scope.ts'
import { dangerousScopes, presetOf, presets, scopeGroups, scopesOfPreset, whyNotScope } from './key-scopes.ts'

describe('the scopes as the page offers them', () => {
  it('are all that there are, each in one place', () => {
    const offered = [...scopeGroups.flatMap((group) => group.scopes), ...dangerousScopes]
    expect([...offered].sort()).toEqual([...scopes].sort())
  })

  it.each(presets.filter((preset) => preset !== 'own'))('are recognised as the preset %s', (preset) => {
    const given = scopesOfPreset(preset) ?? []
    expect(presetOf([...given].reverse())).toBe(preset)
    expect(given.filter((scope) => dangerousScopes.includes(scope))).toEqual([])
  })

  it('are a choice of one’s own when no preset gives just these', () => {
    expect(presetOf(['submissions:read'])).toBe('own')
  })
})

describe('a scope', () => {
  const nobody = { test: false, beyond: [], given: [] }

  it.each([
    ['can be given by whoever may do the same', 'form:design', nobody, undefined],
    ['of the live form is none for a test key', 'form:design', { ...nobody, test: true }, 'notForTest'],
    ['cannot be given by whoever may not', 'form:design', { ...nobody, beyond: ['form:design'] }, 'notYours'],
    ['stays where it is', 'form:design', { ...nobody, beyond: ['form:design'], given: ['form:design'] }, undefined],
  ] as const)('%s', (_, scope, options, why) => {
    expect(whyNotScope(scope, options)).toBe(why)
  })
})
