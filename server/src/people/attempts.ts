import { createHash } from 'node:crypto'
import { Problem, problems } from '../problem.ts'
import { clientNetwork } from '../rate-limit/client-address.ts'
import type { PolicyName } from '../rate-limit/fields.ts'
import type { Limiter, Taken } from '../rate-limit/limiter.ts'
import type { RateLimit } from '../rate-limit/rate-limit.ts'

const windowMs = 15 * 60 * 1000
/** Enough for somebody who has several passwords in mind, and 960 guesses a day for a machine. */
const perAccount: RateLimit = { max: 10, windowMs }
/** An office behind one address has many people who mistype. */
const perAddress: RateLimit = { max: 50, windowMs }
/** Nobody invites more people by hand; it keeps our mail server from being used to annoy strangers. */
const invitationsPerPerson: RateLimit = { max: 60, windowMs: 60 * 60 * 1000 }

type Unit = { policy: PolicyName; key: string; limit: RateLimit }

/** Counts tries at passwords and at the tokens of links. A unit is taken before a try, so that tries at once count too. */
export type Attempts = {
  /** A try at a password; only one that fails stays counted, for the account and for the address. */
  atPassword<T>(ip: string, email: string, attempt: () => Promise<T>): Promise<T>
  /** A try with the token of a link; only one that fails stays counted. */
  atLink<T>(ip: string, attempt: () => Promise<T>): Promise<T>
  /** Every invitation counts. */
  invitation(personId: string): Promise<void>
}

export function attemptsOn(limiter: Limiter): Attempts {
  /** The account comes first: tries that its limit refuses must not use up the allowance of everybody behind the address. */
  async function takeAll(units: Unit[]): Promise<Taken[]> {
    const taken: Taken[] = []
    for (const { policy, key, limit } of units) {
      const unit = await limiter.take(key, limit)
      if (!unit.allowed) {
        await giveBack(taken)
        // Shows the limit that is reached, in place of the one that the guard has shown.
        throw problems.rateLimited({ ...unit, policy })
      }
      taken.push(unit)
    }
    return taken
  }

  async function counting<T>(units: Unit[], attempt: () => Promise<T>): Promise<T> {
    const taken = await takeAll(units)
    try {
      const result = await attempt()
      await giveBack(taken)
      return result
    } catch (error) {
      if (!(error instanceof Problem && error.status < 500)) await giveBack(taken)
      throw error
    }
  }

  return {
    atPassword: (ip, email, attempt) =>
      counting(
        [
          { policy: 'passwords', key: `password:account:${accountKey(email)}`, limit: perAccount },
          { policy: 'passwords', key: `password:address:${clientNetwork(ip)}`, limit: perAddress },
        ],
        attempt,
      ),
    atLink: (ip, attempt) =>
      counting([{ policy: 'links', key: `link:address:${clientNetwork(ip)}`, limit: perAddress }], attempt),
    async invitation(personId) {
      await takeAll([{ policy: 'invitations', key: `invitations:${personId}`, limit: invitationsPerPerson }])
    },
  }
}

async function giveBack(taken: Taken[]): Promise<void> {
  await Promise.all(taken.map((unit) => unit.giveBack()))
}

/** Counts may be kept outside the database; an e-mail address has no business there. */
function accountKey(email: string): string {
  return createHash('sha256').update(email.toLowerCase()).digest('base64url')
}
