import { hash } from 'node:crypto'
import type { RandomBytes } from '../clock.ts'
import { isUuid } from '../http/uuid.ts'

/**
 * `fg_live_` + 43 characters (32 random bytes in base62) + 6 characters of checksum. The prefix lets secret scanners find a
 * leaked key; the checksum tells a typing error from a wrong key without a look-up.
 */
const keyPattern = /^fg_(?:live|test)_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Makes a new key from 256 random bits. */
export function generateApiKey(random: RandomBytes, test = false): string {
  const prefix = test ? 'fg_test_' : 'fg_live_'
  const body = base62(BigInt(`0x${random(32).toString('hex')}`), 43)
  return `${prefix}${body}${checksum(`${prefix}${body}`)}`
}

/**
 * Whether a password could be a key at all: ours, or a UUID, for keys brought over from CHEFS go on working.
 */
export function isWellFormedKey(secret: string): boolean {
  if (isUuid(secret)) return true
  return keyPattern.test(secret) && checksum(secret.slice(0, -6)) === secret.slice(-6)
}

/** What of a key may be shown to tell it from another: how it begins, and its last four characters. */
export function glimpseOf(secret: string): { prefix: string | null; hint: string } {
  return { prefix: keyPattern.test(secret) ? secret.slice(0, 'fg_live_'.length) : null, hint: secret.slice(-4) }
}

/**
 * What the database keeps for the check, and what it is looked up by; 256 random bits need no slow hash, and how long the
 * look-up takes tells nothing of the secret, for nobody can choose a hash.
 */
export function hashOfKey(secret: string): Buffer {
  // Straight to a buffer it would have memory of its own outside of the heap, which costs several times as much.
  return Buffer.from(hash('sha256', secret, 'hex'), 'hex')
}

/** The first 35 bits of a SHA-256 (62^6 is just above 2^35), in six characters; plain numbers, for each call needs it. */
function checksum(text: string): string {
  let rest = Math.floor(Number.parseInt(hash('sha256', text, 'hex').slice(0, 10), 16) / 32)
  let characters = ''
  for (; characters.length < 6; rest = Math.floor(rest / 62)) characters = alphabet.charAt(rest % 62) + characters
  return characters
}

function base62(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest /= 62n) text = alphabet.charAt(Number(rest % 62n)) + text
  return text
}
