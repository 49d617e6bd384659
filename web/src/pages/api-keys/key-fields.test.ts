import { describe, expect, it } from 'vitest'
import { scopes } from '../../../../server/src/access/scope.ts'
import { ApiProblem } from '../../api/problem.ts'
import { fieldsOf, mistakesFrom, mistakesIn, newKeyFields, toChange, toNewKey } from './key-fields.ts'
import type { NamedKey } from './named-key-queries.ts'

const now = new Date('2026-11-26T12:00').getTime()
const around = { taken: ['Power BI'], before: undefined, possible: scopes, now }
const named = { ...newKeyFields, name: 'Nightly export' }

/** Only what the fields look at. */
const key = {
  name: 'Nightly export',
  isDefault: false,
  test: false,
  scopes: ['submissions:read'],
  expiresAt: '2026-11-25T10:11:12.345Z',
  allowedAddresses: ['192.0.2.0/24', '::1'],
  ownLimit: 7,
} as NamedKey

describe('the fields of a key', () => {
  it('are right with a name alone', () => {
    expect(mistakesIn(named, around)).toEqual({})
  })

  it.each([
    ['no name', { name: '  ' }, { name: { why: 'missing' } }],
    ['a name that another key has', { name: 'power bi ' }, { name: { why: 'taken' } }],
    ['the name of the form’s own key', { name: 'default' }, { name: { why: 'taken' } }],
    ['a name that is too long', { name: 'x'.repeat(101) }, { name: { why: 'tooLong' } }],
    ['nothing that it may do', { preset: 'own', scopes: [] }, { scopes: { why: 'none' } }],
    ['an end in the past', { expiresAt: '2026-11-26T12:00' }, { expiresAt: { why: 'past' } }],
    [
      'an address that is none',
      { addresses: '::1\n 300.1.1.1' },
      { addresses: { why: 'noAddress', line: '300.1.1.1' } },
    ],
    ['too many addresses', { addresses: '::1\n'.repeat(51) }, { addresses: { why: 'tooMany' } }],
    ['half a call', { ownLimit: '1.5' }, { ownLimit: { why: 'noNumber' } }],
    ['no call at all', { ownLimit: '0' }, { ownLimit: { why: 'noNumber' } }],
  ])('are wrong with %s', (_, change, mistakes) => {
    expect(mistakesIn({ ...named, ...(change as object) }, around)).toEqual(mistakes)
  })

  it('are wrong when a test key would be left with nothing', () => {
    const fields = { ...named, preset: 'own' as const, scopes: ['form:design' as const] }
    expect(mistakesIn(fields, { ...around, possible: ['submissions:read'] })).toEqual({ scopes: { why: 'none' } })
  })

  it('take an expiry that has passed for right while nobody touches it', () => {
    expect(mistakesIn(fieldsOf(key), { ...around, before: key })).toEqual({})
  })
})

describe('what is sent', () => {
  it('is null for what was left empty', () => {
    expect(toNewKey(named, scopes)).toEqual({
      name: 'Nightly export',
      test: false,
      scopes: ['form:read', 'submissions:read', 'status:read'],
      expiresAt: null,
      allowedAddresses: null,
      ownLimit: null,
    })
  })

  it('asks for no scope that cannot be given', () => {
    const { scopes: asked } = toNewKey({ ...named, preset: 'most', test: true }, ['submissions:read'])
    expect(asked).toEqual(['submissions:read'])
  })

  it('leaves the time of expiry to the millisecond unless it is touched', () => {
    expect(toChange(fieldsOf(key), key, scopes)).toEqual({
      name: 'Nightly export',
      scopes: ['submissions:read'],
      allowedAddresses: ['192.0.2.0/24', '::1'],
      ownLimit: 7,
    })
    expect(toChange({ ...fieldsOf(key), expiresAt: '' }, key, scopes)).toMatchObject({ expiresAt: null })
  })

  it('never renames the form’s own key', () => {
    expect(toChange(fieldsOf(key), { ...key, isDefault: true }, scopes)).not.toHaveProperty('name')
  })
})

describe('what the server refuses', () => {
  it.each([
    ['a taken name', 'conflict', 'name', { name: { why: 'taken' } }],
    ['a scope', 'invalid_body', 'scopes', { scopes: { why: 'refused' } }],
    ['an address', 'invalid_body', 'allowedAddresses.1', { addresses: { why: 'noAddress', line: 'b' } }],
    ['an expiry', 'invalid_body', 'expiresAt', { expiresAt: { why: 'past' } }],
    ['a limit', 'invalid_body', 'ownLimit', { ownLimit: { why: 'noNumber' } }],
    ['something else', 'invalid_body', 'other', {}],
  ])('stands at its field: %s', (_, code, path, mistakes) => {
    const error = new ApiProblem({ code, title: 'No', status: 409, errors: [{ path, message: 'x' }] })
    expect(mistakesFrom(error, { ...named, addresses: 'a\n\nb' })).toEqual(mistakes)
  })
})
