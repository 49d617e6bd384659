import type { FieldProblem } from './problem.ts'
import type { Quota } from './rate-limit/fields.ts'

/** What a caller did too often, for each limit. */
export const reached: Record<Quota['policy'], string> = {
  default: 'The limit is reached.',
  'failed-keys': 'Too many calls with a wrong key came from this address. Whether this key is right was not looked at.',
  passwords: 'Too many wrong passwords.',
  links: 'Too many links that do not work.',
  invitations: 'Too many invitations.',
}

/** The first mistake, and how many more there are. */
export function listed(what: string, errors: FieldProblem[]): string {
  const [first] = errors
  if (!first) return `${what}.`
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  return `${what}: ${[first.path, first.message].filter(Boolean).join(': ')}${more}.`
}
