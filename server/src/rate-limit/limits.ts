import type { FastifyReply } from 'fastify'
import type { Caller } from '../access/caller.ts'
import type { Config } from '../config.ts'
import { setHeaders } from '../http/headers.ts'
import { problems } from '../problem.ts'
import { clientNetwork } from './client-address.ts'
import type { Limiter, Taken } from './limiter.ts'
import { type RateLimit, rateLimitHeaders, type Standing, standingIn } from './rate-limit.ts'

/** Which count a call belongs to. Each method writes the headers, and refuses with 429 when the limit is reached. */
export type Limits = {
  /** A key's calls count per form and key, never per address. */
  takeForKey(reply: FastifyReply, key: CountedKey): Promise<void>
  /** Where a key stands, for people to see; it costs the key nothing. Without a key: what a new one would have. */
  peekForKey(key: CountedKey | undefined): Promise<Standing>
  /** Calls without a key count per person, or per address if nobody is signed in. */
  takeForPerson(reply: FastifyReply, ip: string, caller: Caller): Promise<void>
  /** A failed key counts per address and form: one wrong program must not lock out the right ones behind its address. */
  takeForFailure(reply: FastifyReply, ip: string, formId: string | undefined): Promise<void>
  /** A 5xx is our fault, so the caller gets the unit back. */
  giveBack(reply: FastifyReply): Promise<void>
}

/** An address may fail this many times its allowance for one form before each further failure is answered late. */
const addressAllowanceFactor = 10
const slowAnswerMs = 1000

/** A key as its calls are counted: a regenerated one starts afresh, and its own limit narrows the server's. */
export type CountedKey = { form_id: string; id: number; generation: number; rate_limit: number | null }
const countOfKey = ({ form_id, id, generation }: CountedKey) => `key:${form_id}:${id}:${generation}`

type LimitsOptions = { limiter: Limiter; rates: Config['rateLimit']; delay(ms: number): Promise<void> }

export function limitsOf({ limiter, rates, delay }: LimitsOptions): Limits {
  const taken = new WeakMap<FastifyReply, Taken>()
  const apiKey: RateLimit = { max: rates.apiKey, windowMs: rates.windowMs }
  const others: RateLimit = { max: rates.others, windowMs: rates.windowMs }
  const failuresOfAddress: RateLimit = { max: rates.apiKey * addressAllowanceFactor, windowMs: rates.windowMs }

  function limitOf({ rate_limit }: CountedKey): RateLimit {
    return rate_limit === null || rate_limit >= apiKey.max ? apiKey : { ...apiKey, max: rate_limit }
  }

  async function take(reply: FastifyReply, key: string, limit: RateLimit): Promise<void> {
    const unit = await limiter.take(key, limit)
    taken.set(reply, unit)
    setHeaders(reply, rateLimitHeaders(unit))
    if (!unit.allowed) throw problems.rateLimited(unit.resetSeconds)
  }

  return {
    takeForKey: (reply, key) => take(reply, countOfKey(key), limitOf(key)),
    peekForKey: async (key) =>
      key === undefined ? standingIn(apiKey, undefined) : limiter.peek(countOfKey(key), limitOf(key)),
    takeForPerson: (reply, ip, caller) =>
      take(reply, caller.kind === 'user' ? `user:${caller.id}` : `address:${clientNetwork(ip)}`, others),
    async takeForFailure(reply, ip, formId) {
      const network = clientNetwork(ip)
      const { allowed } = await limiter.take(`failures:${network}`, failuresOfAddress)
      if (!allowed) await delay(slowAnswerMs)
      await take(reply, `failures:${network}:${formId ?? 'malformed'}`, apiKey)
    },
    giveBack: async (reply) => taken.get(reply)?.giveBack(),
  }
}
