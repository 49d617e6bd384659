import { describe, expect, it } from 'vitest'
import type { FormAccessRow } from '../access/access.queries.ts'
import { identityProviders, isIdentityProvider, settingPresets, settingsIn, snakeName, toForm } from './form.ts'

const row: FormAccessRow = {
  id: '8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d',
  name: 'Dog licence',
  description: null,
  active: true,
  labels: ['dogs'],
  identity_providers: ['public'],
  settings: {},
  created_by: 'ada@example.org',
  created_at: new Date('2026-01-02T03:04:05.678Z'),
  updated_by: null,
  updated_at: new Date('2026-02-03T04:05:06.789Z'),
}

describe('snakeName', () => {
  it.each([
    ['Dog licence', 'dog_licence'],
    ['  Dog -- licence (2026)! ', 'dog_licence_2026'],
    ['École d’été', 'ecole_d_ete'],
    ['ᓄᓇᕗᑦ', 'ᓄᓇᕗᑦ'],
    ['../../etc/passwd', 'etc_passwd'],
    ['???', 'form'],
    ['', 'form'],
  ])('makes of %j the name %j', (name, snake) => {
    expect(snakeName(name)).toBe(snake)
  })
})

describe('settingsIn', () => {
  it.each([
    ['keeps the switches of a form', { enableSubmitterDraft: true }, { enableSubmitterDraft: true }],
    ['keeps a null, which is a value', { schedule: null }, { schedule: null }],
    ['leaves out what is absent', { wideFormLayout: undefined }, {}],
    ['leaves out what is no switch', { id: 'x', active: false, createdBy: 'x', __proto__: null }, {}],
  ])('%s', (_, body, settings) => {
    expect(JSON.parse(settingsIn(body))).toEqual(settings)
  })
})

describe('isIdentityProvider', () => {
  it.each([
    ['public', true],
    ['login', true],
    ['idir', false],
    ['constructor', false],
    ['', false],
  ])('answers for %j: %s', (code, known) => {
    expect(isIdentityProvider(code)).toBe(known)
  })
})

describe('toForm', () => {
  it('shows presets for what was never set', () => {
    expect(toForm(row)).toMatchObject({ ...settingPresets, snake: 'dog_licence' })
  })

  it('shows what was set over the presets', () => {
    expect(toForm({ ...row, settings: { showSubmissionConfirmation: false } }).showSubmissionConfirmation).toBe(false)
  })

  it('writes times as ISO 8601 with milliseconds', () => {
    expect(toForm(row)).toMatchObject({ createdAt: '2026-01-02T03:04:05.678Z', updatedAt: '2026-02-03T04:05:06.789Z' })
  })

  it('spells out the identity providers', () => {
    expect(toForm({ ...row, identity_providers: ['login'] }).identityProviders).toEqual([identityProviders.login])
  })
})
