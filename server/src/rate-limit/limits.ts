import type { FastifyReply } from 'fastify'
import type { Caller } from '../access/caller.ts'
import type { Ticks } from '../clock.ts'
import type { Config } from '../config.ts'
import { showQuota } from '../http/quota.ts'
import { type Problem, problems } from '../problem.ts'
import { clientNetwork } from './client-address.ts'
import type { FieldForm, PolicyName } from './fields.ts'
import { type CountedKey, limitOfKey } from './key-limit.ts'
import type { Limiter, Taken } from './limiter.ts'
import { type RateLimit, type Standing, standingIn } from './rate-limit.ts'
import { refusedKeys, type Shown } from './refused-keys.ts'

/** Which count a call belongs to. Each method writes the headers, and refuses with 429 when the limit is reached. */
export type Limits = {
  /**
   * A key's calls count per form and key, never per address.
   * @param shown what the key was found by, to know the same caller again when it is over the limit
   */
  takeForKey(reply: FastifyReply, key: CountedKey, shown: Shown): Promise<void>
  /**
   * The refusal of a caller whose key was found right and over its limit less than a second ago, when nothing has to be
   * asked for it; it counts as that key's call.
   */
  refusalOfKey(formId: string, shown: Shown): { keyId: number; problem: Problem } | undefined
  /** A form's limits were changed here: nothing that was known of its keys holds. */
  forgetForm(formId: string): void
  /** Where a key stands, for people to see; it costs the key nothing. */
  peekForKey(key: CountedKey): Promise<Standing>
  /** Where a new key of a form would stand. @param raised what holds for the form instead of the configured limit */
  standingOfNewKey(raised: number | null): Standing
  /** Calls without a key count per person, or per address if nobody is signed in. */
  takeForPerson(reply: FastifyReply, ip: string, caller: Caller): Promise<void>
  /** A failed key counts per address and form: one wrong program must not lock out the right ones behind its address. */
  takeForFailure(reply: FastifyReply, ip: string, formId: string | undefined): Promise<void>
  /** What ends before anybody knows who calls counts per address. */
  takeForStranger(reply: FastifyReply, ip: string): Promise<void>
  isCounted(reply: FastifyReply): boolean
  /** A 5xx is our fault, so the caller gets the unit back. */
  giveBack(reply: FastifyReply): Promise<void>
}

/** An address may fail this many times its allowance for one form before each further failure is answered late. */
const addressAllowanceFactor = 10
const slowAnswerMs = 1000
/** What a store can count to: an integer of PostgreSQL. */
const countMax = 2_147_483_646

const countOfKey = ({ form_id, id, generation }: CountedKey) => `key:${form_id}:${id}:${generation}`
const countOfAddress = (ip: string) => `address:${clientNetwork(ip)}`

type LimitsOptions = {
  limiter: Limiter
  rates: Config['rateLimit']
  fieldForm: FieldForm
  ticks: Ticks
  delay(ms: number): Promise<void>
}

export function limitsOf({ limiter, rates, fieldForm, ticks, delay }: LimitsOptions): Limits {
  const { windowMs } = rates
  const taken = new WeakMap<FastifyReply, Taken>()
  const refused = refusedKeys(ticks)
  const others: RateLimit = { max: rates.others, windowMs }
  const failures: RateLimit = { max: rates.apiKey, windowMs }
  const failuresOfAddress: RateLimit = { max: Math.min(rates.apiKey * addressAllowanceFactor, countMax), windowMs }

  function limitOf({ rate_limit, raised_limit }: Pick<CountedKey, 'rate_limit' | 'raised_limit'>): RateLimit {
    return { max: limitOfKey({ configured: rates.apiKey, raised: raised_limit, own: rate_limit }), windowMs }
  }

  /** Shows a unit to the caller, or refuses if it is one too many; whoever answers the refusal shows it then. */
  function settle(reply: FastifyReply, unit: Taken, policy: PolicyName): void {
    const quota = { ...unit, policy }
    taken.set(reply, unit)
    if (!unit.allowed) throw problems.rateLimited(quota)
    showQuota(reply, quota, fieldForm)
  }

  async function take(reply: FastifyReply, key: string, limit: RateLimit): Promise<void> {
    settle(reply, await limiter.take(key, limit), 'default')
  }

  return {
    async takeForKey(reply, key, shown) {
      const limit = limitOf(key)
      const unit = await limiter.take(countOfKey(key), limit)
      if (!unit.allowed) refused.note(key, shown, limit)
      settle(reply, unit, 'default')
    },
    refusalOfKey(formId, shown) {
      const known = refused.find(formId, shown)
      const refusal = known && limiter.refusalFromMemory(countOfKey(known.key), known.limit)
      if (!refusal) return undefined
      return { keyId: known.key.id, problem: problems.rateLimited({ ...refusal, policy: 'default' }) }
    },
    forgetForm: refused.forget,
    peekForKey: (key) => limiter.peek(countOfKey(key), limitOf(key)),
    standingOfNewKey: (raised) => standingIn(limitOf({ rate_limit: null, raised_limit: raised }), undefined),
    takeForPerson: (reply, ip, caller) =>
      take(reply, caller.kind === 'user' ? `user:${caller.id}` : countOfAddress(ip), others),
    async takeForFailure(reply, ip, formId) {
      const network = clientNetwork(ip)
      // At once, for that is one trip to a shared store.
      const [ofAddress, unit] = await Promise.all([
        limiter.take(`failures:${network}`, failuresOfAddress),
        limiter.take(`failures:${network}:${formId ?? 'malformed'}`, failures),
      ])
      if (!ofAddress.allowed) await delay(slowAnswerMs)
      settle(reply, unit, 'failed-keys')
    },
    takeForStranger: (reply, ip) => take(reply, countOfAddress(ip), others),
    isCounted: (reply) => taken.has(reply),
    giveBack: async (reply) => taken.get(reply)?.giveBack(),
  }
}
