import { randomUUID, timingSafeEqual } from 'node:crypto'
import type { RandomBytes } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { StartError } from '../embedded-postgres/start-error.ts'
import { hashPassword } from './password.ts'
import {
  deleteSetting,
  findSetting,
  hasAccounts,
  insertAccount,
  keepSetting,
  lockFirstAccount,
} from './people.queries.ts'
import { emailPattern, passwordMaxLength } from './people.schemas.ts'

export type FirstAccountDeps = {
  db: Db
  /** Signs with a key derived from SECRET_KEY. */
  sign(text: string): string
  random: RandomBytes
}

export type Registration = { name: string; email: string; password: string }
export type FirstAccountOutcome = 'made' | 'dead link' | 'there are accounts'

export type FirstAccount = {
  /** The token of the set-up link while nobody has an account. */
  setUpToken(): Promise<string | undefined>
  /** Makes the first account, which owns the server, for whoever brings that token. */
  setUp(token: string, registration: Registration): Promise<FirstAccountOutcome>
  /** Makes the first account for the operator, who needs no token. */
  makeAdmin(admin: { email: string; password: string }): Promise<FirstAccountOutcome>
}

/** Written while there is no account; the link dies with it. */
const nonceName = 'set_up_nonce'

/**
 * The first account, which never goes to whoever comes first. The set-up token is a signature of a random nonce that the
 * database holds: containers that start at once print one and the same link, a restart prints it again, and whoever reads
 * the database alone cannot make it.
 */
export function firstAccountOf({ db, sign, random }: FirstAccountDeps): FirstAccount {
  const tokenFor = (nonce: string) => sign(`set-up link v1 ${nonce}`)

  /**
   * The lock lets one caller at a time look whether there are accounts; without it, concurrent tries all see none. Only who
   * has the token comes so far, so hashing may keep the others waiting.
   */
  function makeOnce(registration: Registration): Promise<FirstAccountOutcome> {
    return db.transaction().execute(async (transaction) => {
      await lockFirstAccount(transaction)
      if (await hasAccounts(transaction)) return 'there are accounts'
      const { name, email, password } = registration
      await insertAccount(transaction, {
        id: randomUUID(),
        name: name.trim(),
        email: email.toLowerCase(),
        passwordHash: await hashPassword(password),
        serverOwner: true,
      })
      await deleteSetting(transaction, nonceName)
      return 'made'
    })
  }

  return {
    async setUpToken() {
      if (await hasAccounts(db)) return undefined
      return tokenFor(await keepSetting(db, nonceName, random(32).toString('base64url')))
    },
    async setUp(token, registration) {
      const nonce = await findSetting(db, nonceName)
      if (nonce === undefined || !same(token, tokenFor(nonce))) return 'dead link'
      return makeOnce(registration)
    },
    async makeAdmin({ email, password }) {
      if (await hasAccounts(db)) return 'there are accounts'
      assertUsable(email, password)
      return makeOnce({ name: email, email, password })
    },
  }
}

/** An account that nobody can sign in to would close the set-up link for good. */
function assertUsable(email: string, password: string): void {
  if (!new RegExp(emailPattern).test(email)) {
    throw new StartError(`ADMIN_EMAIL is "${email}", with which nobody can sign in. Set one like ada@example.org.`)
  }
  if (password.length > passwordMaxLength) {
    throw new StartError(`ADMIN_PASSWORD is longer than ${passwordMaxLength} characters.`)
  }
}

function same(text: string, other: string): boolean {
  const [a, b] = [Buffer.from(text), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
