import { hasHostBits, readNetwork } from '../access/allowed-addresses.ts'
import { defaultScopes, fileScopes, type Scope, scopesBeyond, testScopes } from '../access/scope.ts'
import type { FieldProblem } from '../problem.ts'

/** The name of the form's one key of the contract. */
export const defaultName = 'Default'

/** Enough for a program each, and no way around the limit of calls. One of them is kept for Default. */
export const keysMax = 20

export type KeyState = 'active' | 'disabled' | 'expired' | 'revoked'

/** Whether a key works, and if not, why. */
export function stateOf(key: { enabled: boolean; expired: boolean; revoked_at: Date | null }): KeyState {
  if (key.revoked_at) return 'revoked'
  if (!key.enabled) return 'disabled'
  return key.expired ? 'expired' : 'active'
}

/** A name as it is kept: without white space around it, each letter in one piece (NFC). */
export function tidyName(name: string): string {
  return name.trim().normalize('NFC')
}

/** Whether people would take two names for one: in any case, in letters that are only written wider (NFKC), and with characters in it that nobody sees. */
export function isSameName(one: string, other: string): boolean {
  return foldedName(one) === foldedName(other)
}

function foldedName(name: string): string {
  return tidyName(name)
    .replace(/\p{Cf}/gu, '')
    .normalize('NFKC')
    .toLowerCase()
}

/** The members of a new key or of a change that rules beyond their schema apply to. */
export type KeyRules = {
  name?: string | undefined
  scopes?: Scope[] | undefined
  expiresAt?: string | null | undefined
  allowedAddresses?: string[] | null | undefined
}

/** What is wrong with a key's settings. @param maker what whoever sets them may do with the form */
export function mistakesIn(
  rules: KeyRules,
  test: boolean,
  { maker, now }: { maker: ReadonlySet<string>; now: number },
): FieldProblem[] {
  return [
    ...nameMistakes(rules.name),
    ...scopeMistakes(rules.scopes, test, maker),
    ...expiryMistakes(rules.expiresAt, now),
    ...addressMistakes(rules.allowedAddresses),
  ]
}

/** Line ends and what turns the direction of reading: with them a list shows another name than it holds. */
const deceptive = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u
/** Something to see: more than spaces, joiners and accents without a letter. */
const visible = /[^\p{Cc}\p{Cf}\p{Z}\p{M}]/u

function nameMistakes(name: string | undefined): FieldProblem[] {
  if (name === undefined) return []
  const tidy = tidyName(name)
  if (!visible.test(tidy)) return [{ path: 'name', message: 'must not be empty' }]
  return deceptive.test(tidy) ? [{ path: 'name', message: 'must not hold line ends or control characters' }] : []
}

function scopeMistakes(wanted: Scope[] = [], test: boolean, maker: ReadonlySet<string>): FieldProblem[] {
  const ofLive = test ? wanted.filter((scope) => !testScopes.includes(scope)) : []
  return [
    ...ofLive.map((scope) => ({ path: 'scopes', message: `holds ${scope}, which a test key cannot have` })),
    ...scopesBeyond(maker, wanted).map((scope) => ({
      path: 'scopes',
      message: `holds ${scope}, which you do not have`,
    })),
  ]
}

function expiryMistakes(expiresAt: string | null | undefined, now: number): FieldProblem[] {
  if (expiresAt === undefined || expiresAt === null) return []
  return Date.parse(expiresAt) > now ? [] : [{ path: 'expiresAt', message: 'must lie in the future' }]
}

function addressMistakes(addresses: string[] | null | undefined): FieldProblem[] {
  return (addresses ?? []).flatMap((text, index) => {
    const message = addressMistake(text)
    return message === undefined ? [] : [{ path: `allowedAddresses.${index}`, message }]
  })
}

function addressMistake(text: string): string | undefined {
  const network = readNetwork(text)
  if (!network) return 'must be an IP address or a network such as 192.0.2.0/24'
  return hasHostBits(network) ? 'names one address and a whole network: leave out the one or the other' : undefined
}

/** The scopes of the key Default after its tick for files was set, the others as they are. */
export function withFileScopes(scopes: readonly string[], allowed: boolean): string[] {
  const others = scopes.filter((each) => !fileScopes.some((file) => file === each))
  return allowed ? [...others, ...fileScopes] : others
}

/** What a new key Default may do. */
export const scopesOfNewDefault: string[] = [...defaultScopes]
