import fc from 'fast-check'
import { parseDictionary, parseList } from 'structured-headers'
import { describe, expect, it } from 'vitest'
import { preferredForm, type Quota, rateLimitFields } from './fields.ts'
import { decide } from './rate-limit.ts'

const quotas = fc
  .record({
    max: fc.integer({ min: 1, max: 1_000_000_000 }),
    windowSeconds: fc.integer({ min: 1, max: 86_400 }),
    count: fc.integer({ min: 0, max: 1_000_000_001 }),
    endsInMs: fc.double({ min: -1000, max: 86_400_000, noNaN: true }),
    policy: fc.constantFrom('default', 'failed-keys', 'passwords', 'links', 'invitations'),
  })
  .map(({ max, windowSeconds, count, endsInMs, policy }) => {
    const limit = { max, windowMs: windowSeconds * 1000 }
    return { ...decide(limit, { id: 'w', count, endsInMs }), policy } as Quota
  })

const fieldsOf = (form: 'draft-7' | 'draft-10', quota: Quota) => {
  const { 'RateLimit-Policy': policy = '', RateLimit: rateLimit = '' } = rateLimitFields(form, quota)
  return { policy, rateLimit }
}
const isCount = (value: unknown) => typeof value === 'number' && Number.isInteger(value) && value >= 0

describe('the fields of draft 7', () => {
  it('are these, letter by letter', () => {
    const decision = decide({ max: 20, windowMs: 60_000 }, { id: 'w', count: 2, endsInMs: 45_000 })
    expect(rateLimitFields('draft-7', { ...decision, policy: 'default' })).toEqual({
      'RateLimit-Policy': '20;w=60',
      RateLimit: 'limit=20, remaining=18, reset=45',
    })
  })

  it('are a list of items and a dictionary of counts, whatever the figures', () => {
    fc.assert(
      fc.property(quotas, (quota) => {
        const { policy, rateLimit } = fieldsOf('draft-7', quota)
        expect(parseList(policy)).toEqual([[quota.limit.max, new Map([['w', quota.limit.windowMs / 1000]])]])
        const members = parseDictionary(rateLimit)
        expect([...members.keys()]).toEqual(['limit', 'remaining', 'reset'])
        const values = [...members.values()].map(([value]) => value)
        expect(values.every(isCount)).toBe(true)
        expect(values).toEqual([quota.limit.max, quota.remaining, quota.resetSeconds])
      }),
    )
  })
})

describe('the fields of draft 10', () => {
  it('are these, letter by letter', () => {
    const decision = decide({ max: 120, windowMs: 60_000 }, { id: 'w', count: 1, endsInMs: 60_000 })
    expect(rateLimitFields('draft-10', { ...decision, policy: 'default' })).toEqual({
      'RateLimit-Policy': '"default";q=120;w=60',
      RateLimit: '"default";r=119;t=60',
    })
  })

  it('are lists of named items with counts for parameters, whatever the figures', () => {
    fc.assert(
      fc.property(quotas, (quota) => {
        const { policy, rateLimit } = fieldsOf('draft-10', quota)
        const figures = (q: Record<string, number>) => new Map(Object.entries(q))
        const { limit, remaining, resetSeconds } = quota
        expect(parseList(policy)).toEqual([[quota.policy, figures({ q: limit.max, w: limit.windowMs / 1000 })]])
        const lines = parseList(rateLimit)
        expect(lines).toEqual([[quota.policy, figures({ r: remaining, t: resetSeconds })]])
        expect(lines.every(([, parameters]) => [...parameters.values()].every(isCount))).toBe(true)
      }),
    )
  })
})

describe('the form that a caller prefers', () => {
  it.each([
    ['ratelimit=draft-10', 'draft-10'],
    ['ratelimit=draft-7', 'draft-7'],
    ['RateLimit = "draft-10"', 'draft-10'],
    ['respond-async, ratelimit=draft-10; x=1, wait=10', 'draft-10'],
    [['return=minimal', 'ratelimit=draft-10'], 'draft-10'],
    ['ratelimit=draft-7, ratelimit=draft-10', 'draft-7'],
    ['ratelimit=draft-9', undefined],
    ['ratelimit', undefined],
    ['my-ratelimit=draft-10', undefined],
    ['"ratelimit=draft-10"', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %j is %j', (prefer, form) => {
    expect(preferredForm(prefer)).toBe(form)
  })
})
