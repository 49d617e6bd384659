import { describe, expect, it } from 'vitest'
import { permissions } from '../access/permission.ts'
import { type Scope, scopes } from '../access/scope.ts'
import { isSameName, mistakesIn, stateOf, tidyName, withFileScopes } from './named-key.ts'

const now = Date.parse('2026-11-26T12:00:00Z')
const maker = new Set<string>(permissions)
const pathsOf = (rules: object, test = false, by: ReadonlySet<string> = maker) =>
  mistakesIn(rules, test, { maker: by, now }).map(({ path }) => path)

describe('stateOf', () => {
  const revoked_at = new Date(now)
  it.each([
    [{ enabled: true, expired: false, revoked_at: null }, 'active'],
    [{ enabled: true, expired: true, revoked_at: null }, 'expired'],
    [{ enabled: false, expired: true, revoked_at: null }, 'disabled'],
    [{ enabled: false, expired: true, revoked_at }, 'revoked'],
    [{ enabled: true, expired: false, revoked_at }, 'revoked'],
  ])('of %j is %s', (key, state) => expect(stateOf(key)).toBe(state))
})

describe('tidyName', () => {
  it.each([
    [' Power BI\n', 'Power BI'],
    ['\u00a0A\u3000', 'A'],
    ['Cafe\u0301', 'Caf\u00e9'],
    ['Power  BI', 'Power  BI'],
  ])('makes of %j %j', (name, tidy) => expect(tidyName(name)).toBe(tidy))
})

describe('isSameName', () => {
  it.each([
    ['Power BI', ' power bi ', true],
    ['\u00c9vora', 'e\u0301vora', true],
    ['Ｄefault', 'default', true],
    ['Power BI', 'PowerBI', false],
    ['Evora', '\u00c9vora', false],
  ])('%j and %j: %s', (one, other, same) => expect(isSameName(one, other)).toBe(same))
})

describe('mistakesIn', () => {
  it('finds none in nothing', () => expect(pathsOf({})).toEqual([]))

  it.each([
    ['', ['name']],
    [' \t', ['name']],
    ['\u200b\u200d', ['name']],
    ['\u0301', ['name']],
    ['a\nb', ['name']],
    ['a\u007fb', ['name']],
    ['a\u2066b', ['name']],
    ['\tPower BI\n', []],
    ['👨‍👩‍👧', []],
    ['7', []],
    ['…', []],
    ['پاور بی‌آی', []],
  ])('in the name %j: %j', (name, paths) => expect(pathsOf({ name })).toEqual(paths))

  it.each([
    ['2026-11-26T12:00:00Z', ['expiresAt']],
    ['2026-11-26T12:00:00.001Z', []],
    ['2026-11-26T13:00:00+01:00', ['expiresAt']],
    ['2026-11-26T11:30:00-01:00', []],
    ['9999-12-31T23:59:59Z', []],
    ['9999-12-31T23:59:60Z', ['expiresAt']],
    [null, []],
  ])('in the expiry %s: %j', (expiresAt, paths) => expect(pathsOf({ expiresAt })).toEqual(paths))

  it('names each address that is none by its index', () => {
    const allowedAddresses = ['192.0.2.1', 'x', '::1/64', '1.2.3.4/33', '10.0.0.5/8', '10.128.0.0/9', '192.0.2.7/32']
    expect(pathsOf({ allowedAddresses })).toEqual(['allowedAddresses.1', 'allowedAddresses.3', 'allowedAddresses.4'])
    expect(pathsOf({ allowedAddresses: null })).toEqual([])
  })

  it('names each scope that its maker does not have', () => {
    const wanted: Scope[] = ['form:read', 'submissions:read', 'files:read']
    const mistakes = mistakesIn({ scopes: wanted }, false, { maker: new Set(['form_read']), now })
    expect(mistakes.map(({ message }) => message.split(',')[0])).toEqual(['holds submissions:read', 'holds files:read'])
  })

  it.each(scopes.map((scope) => [scope, /^form:(?!read)/.test(scope)] as const))(
    'in a test key with %s: %s',
    (scope, refused) => expect(pathsOf({ scopes: [scope] }, true)).toEqual(refused ? ['scopes'] : []),
  )
})

describe('withFileScopes', () => {
  it.each([
    [['form:read'], true, ['form:read', 'files:read', 'files:delete']],
    [['files:delete', 'form:read'], true, ['form:read', 'files:read', 'files:delete']],
    [['files:read', 'form:read', 'files:delete'], false, ['form:read']],
    [['form:read'], false, ['form:read']],
    [[], true, ['files:read', 'files:delete']],
  ])('of %j set to %s is %j', (before, allowed, after) => expect(withFileScopes(before, allowed)).toEqual(after))
})
