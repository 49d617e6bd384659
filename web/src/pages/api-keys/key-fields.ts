import type { Scope } from '../../../../server/src/access/scope.ts'
import type { ApiProblem } from '../../api/problem.ts'
import type { components } from '../../api/schema.d.ts'
import { toLocalTime } from '../settings/form-schedule.ts'
import { type Preset, presetOf, scopesOfPreset } from './key-scopes.ts'
import type { NamedKey } from './named-key-queries.ts'
import { isNetwork, linesIn } from './networks.ts'

/** A key's settings as the fields of the dialog hold them. */
export type KeyFields = {
  name: string
  preset: Preset
  /** What is ticked, which counts while the choice is one's own. */
  scopes: readonly Scope[]
  test: boolean
  /** A value of `<input type="datetime-local">`; empty: never. */
  expiresAt: string
  /** One address or network a line. */
  addresses: string
  ownLimit: string
}

export type KeyField = 'name' | 'scopes' | 'expiresAt' | 'addresses' | 'ownLimit'
/** A name of what is wrong, for the reader's words, with the line that it is about. */
export type KeyMistake = { why: string; line?: string }
export type KeyMistakes = Partial<Record<KeyField, KeyMistake>>

const nameMax = 100
const addressesMax = 50
const limitMax = 1_000_000

export const newKeyFields: KeyFields = {
  name: '',
  preset: 'read',
  scopes: scopesOfPreset('read') ?? [],
  test: false,
  expiresAt: '',
  addresses: '',
  ownLimit: '',
}

export function fieldsOf(key: NamedKey): KeyFields {
  return {
    name: key.name,
    preset: presetOf(key.scopes),
    scopes: key.scopes,
    test: key.test,
    expiresAt: toLocalTime(key.expiresAt),
    addresses: (key.allowedAddresses ?? []).join('\n'),
    ownLimit: key.ownLimit === null ? '' : String(key.ownLimit),
  }
}

/** The scopes that these fields give. */
export function scopesIn({ preset, scopes }: Pick<KeyFields, 'preset' | 'scopes'>): readonly Scope[] {
  return scopesOfPreset(preset) ?? scopes
}

type Circumstances = {
  /** Names of the form's other keys. */
  taken: readonly string[]
  /** The key that is changed, if it is not a new one. */
  before: NamedKey | undefined
  /** The scopes that can be given. */
  possible: readonly Scope[]
  now: number
}

/** What is wrong with the fields, before anything is sent. */
export function mistakesIn(fields: KeyFields, { taken, before, possible, now }: Circumstances): KeyMistakes {
  const name = before?.isDefault ? undefined : nameMistake(fields.name.trim(), taken)
  const expiry = isExpiryChanged(fields, before) ? expiryMistake(fields.expiresAt, now) : undefined
  const addresses = addressesMistake(fields.addresses)
  const ownLimit = limitMistake(fields.ownLimit)
  return {
    ...(name ? { name: { why: name } } : {}),
    ...(scopesIn(fields).some((scope) => possible.includes(scope)) ? {} : { scopes: { why: 'none' } }),
    ...(expiry ? { expiresAt: { why: expiry } } : {}),
    ...(addresses ? { addresses } : {}),
    ...(ownLimit ? { ownLimit: { why: ownLimit } } : {}),
  }
}

function nameMistake(name: string, taken: readonly string[]): string | undefined {
  if (name === '') return 'missing'
  if (name.length > nameMax) return 'tooLong'
  return ['Default', ...taken].some((each) => each.toLowerCase() === name.toLowerCase()) ? 'taken' : undefined
}

function expiryMistake(local: string, now: number): string | undefined {
  return local !== '' && !(new Date(local).getTime() > now) ? 'past' : undefined
}

export function addressesMistake(text: string): KeyMistake | undefined {
  const lines = linesIn(text)
  const wrong = lines.find((line) => !isNetwork(line))
  if (wrong !== undefined) return { why: 'noAddress', line: wrong }
  return lines.length > addressesMax ? { why: 'tooMany' } : undefined
}

function limitMistake(text: string): string | undefined {
  if (text.trim() === '') return undefined
  const limit = Number(text)
  return Number.isInteger(limit) && limit >= 1 && limit <= limitMax ? undefined : 'noNumber'
}

/** What the server says of single fields; empty for what is about none of them. */
export function mistakesFrom({ problem }: ApiProblem, { addresses }: KeyFields): KeyMistakes {
  const mistakes: KeyMistakes = {}
  for (const { path = '' } of problem.errors ?? []) {
    const [, member = '', index] = /^\/?(\w+)(?:[./](\d+))?/.exec(path) ?? []
    if (member === 'name') mistakes.name ??= { why: problem.code === 'conflict' ? 'taken' : 'missing' }
    if (member === 'scopes') mistakes.scopes ??= { why: 'refused' }
    if (member === 'expiresAt') mistakes.expiresAt ??= { why: 'past' }
    if (member === 'ownLimit') mistakes.ownLimit ??= { why: 'noNumber' }
    if (member === 'allowedAddresses') {
      mistakes.addresses ??= { why: 'noAddress', line: linesIn(addresses)[Number(index ?? 0)] ?? '' }
    }
  }
  return mistakes
}

type NewKey = components['schemas']['NewNamedApiKey']
type KeyChange = components['schemas']['NamedApiKeyChange']

/** @param possible the scopes that can be given: a preset never asks for others */
export function toNewKey(fields: KeyFields, possible: readonly Scope[]): NewKey {
  return { ...settingsIn(fields, possible), name: fields.name.trim(), test: fields.test, expiresAt: instantIn(fields) }
}

/** What the fields change. The time of expiry is left as it is to the millisecond unless it was touched. */
export function toChange(fields: KeyFields, before: NamedKey, possible: readonly Scope[]): KeyChange {
  return {
    ...settingsIn(fields, possible),
    ...(before.isDefault ? {} : { name: fields.name.trim() }),
    ...(isExpiryChanged(fields, before) ? { expiresAt: instantIn(fields) } : {}),
  }
}

function settingsIn(fields: KeyFields, possible: readonly Scope[]) {
  const addresses = linesIn(fields.addresses)
  return {
    scopes: scopesIn(fields).filter((scope) => possible.includes(scope)),
    allowedAddresses: addresses.length === 0 ? null : addresses,
    ownLimit: fields.ownLimit.trim() === '' ? null : Number(fields.ownLimit),
  }
}

function isExpiryChanged({ expiresAt }: KeyFields, before: NamedKey | undefined): boolean {
  return expiresAt !== toLocalTime(before?.expiresAt)
}

function instantIn({ expiresAt }: KeyFields): string | null {
  return expiresAt === '' ? null : new Date(expiresAt).toISOString()
}
