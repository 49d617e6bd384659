import type { NamedKey } from './named-key-queries.ts'

type FormerSecret = NonNullable<NamedKey['previousSecret']>

/** Whether some program has called with the former secret since the new one took its place. */
export function isFormerUsed({ lastUsed, rotatedAt }: Pick<FormerSecret, 'lastUsed' | 'rotatedAt'>): boolean {
  return lastUsed !== null && Date.parse(lastUsed.at) > Date.parse(rotatedAt)
}
