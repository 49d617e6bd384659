import { type Scope, scopes, testScopes } from '../../../../server/src/access/scope.ts'

/** Scopes as people think of them: what a key reaches, and what it may do there. */
export const scopeGroups: { group: 'form' | 'submissions' | 'status' | 'files'; scopes: readonly Scope[] }[] = [
  { group: 'submissions', scopes: ['submissions:read', 'submissions:write', 'submissions:delete'] },
  { group: 'status', scopes: ['status:read', 'status:write'] },
  { group: 'files', scopes: ['files:read', 'files:delete'] },
  { group: 'form', scopes: ['form:read', 'form:update', 'form:design'] },
]

/** With these a key that leaks shuts people out, lets others in, or takes the form away. */
export const dangerousScopes: readonly Scope[] = ['form:access', 'form:delete']

/** Reading needs the form too: its versions and questions say what the answers mean. */
const reading: readonly Scope[] = ['form:read', 'submissions:read', 'status:read']

const scopesOfPresets = {
  read: reading,
  write: [...reading, 'submissions:write'],
  most: scopes.filter((scope) => !dangerousScopes.includes(scope)),
} as const satisfies Record<string, readonly Scope[]>

/** What most keys are for; `own` is any other choice. */
export type Preset = keyof typeof scopesOfPresets | 'own'
const namedPresets = ['read', 'write', 'most'] as const
export const presets: readonly Preset[] = [...namedPresets, 'own']

/** Why a scope cannot be given to a key, if it cannot. */
export type WhyNot = 'notForTest' | 'notYours'

/**
 * @param beyond the scopes that whoever sets the key may not hand out
 * @param given what the key has already: that may stay, whoever gave it
 */
export function whyNotScope(
  scope: Scope,
  { test, beyond, given }: { test: boolean; beyond: readonly Scope[]; given: readonly Scope[] },
): WhyNot | undefined {
  if (test && !testScopes.includes(scope)) return 'notForTest'
  return beyond.includes(scope) && !given.includes(scope) ? 'notYours' : undefined
}

/** What a preset gives; undefined for the choice of one's own. */
export function scopesOfPreset(preset: Preset): readonly Scope[] | undefined {
  return preset === 'own' ? undefined : scopesOfPresets[preset]
}

/** The preset that gives just these scopes. */
export function presetOf(chosen: readonly Scope[]): Preset {
  const wanted = [...chosen].sort().join()
  return namedPresets.find((preset) => [...scopesOfPresets[preset]].sort().join() === wanted) ?? 'own'
}

/** A scope's name in the language files, where a colon would end a namespace. */
export function textOfScope(scope: Scope): string {
  return scope.replace(':', '.')
}
