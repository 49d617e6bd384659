import { createHash } from 'node:crypto'

/** The entity tag of a text (RFC 9110 §8.8.3). */
export function entityTagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
}

/** Whether a reader has already what has this tag: it is then told so with 304 (RFC 9110 §13.1.2, compared weakly). */
export function hasAlready(headers: { 'if-none-match'?: string | undefined }, tag: string): boolean {
  const known = headers['if-none-match']?.split(',').map((each) => each.trim().replace(/^W\//, ''))
  return known !== undefined && (known.includes(tag) || known.includes('*'))
}
