import type { RandomBytes } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { hashPassword } from './password.ts'
import { replacePassword } from './people.queries.ts'

/** Crockford's base32: 32 signs, so that no sign comes more often, and none that is taken for another. */
const signs = '0123456789abcdefghjkmnpqrstvwxyz'
const length = 20

/** Makes a password of 100 random bits in groups of five, as people can read one out. */
export function makePassword(random: RandomBytes): string {
  const text = [...random(length)].map((byte) => signs.charAt(byte % signs.length)).join('')
  return text.replace(/.{5}(?=.)/g, '$&-')
}

/**
 * Gives an account a new random password and ends its sessions: whoever knew the old one is out.
 * @returns the password, or undefined when no account has this e-mail address
 */
export async function resetPassword(db: Db, email: string, random: RandomBytes): Promise<string | undefined> {
  const password = makePassword(random)
  const passwordHash = await hashPassword(password)
  const address = email.trim().toLowerCase()
  const replaced = await db.transaction().execute((transaction) => replacePassword(transaction, address, passwordHash))
  return replaced ? password : undefined
}
