import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KeyCall, UsageSum } from './key-usage.ts'

const noon = Date.parse('2026-11-26T12:00:00Z')
const call = (more: Partial<KeyCall> = {}): KeyCall => ({
  keyId: 1,
  secretHash: Buffer.from('one'),
  operation: 'getForm',
  status: 200,
  bytesSent: 100,
  at: noon,
  address: '192.0.2.1',
  client: 'curl',
  ...more,
})

function usageOf(...calls: KeyCall[]) {
  const sum = new UsageSum()
  for (const each of calls) sum.add(each)
  return sum.usage()
}

describe('UsageSum', () => {
  it.each([
    [200, { succeeded: 1, clientErrors: 0, rateLimited: 0 }],
    [204, { succeeded: 1, clientErrors: 0, rateLimited: 0 }],
    [304, { succeeded: 1, clientErrors: 0, rateLimited: 0 }],
    [400, { succeeded: 0, clientErrors: 1, rateLimited: 0 }],
    [429, { succeeded: 0, clientErrors: 0, rateLimited: 1 }],
    [499, { succeeded: 0, clientErrors: 1, rateLimited: 0 }],
    [500, { succeeded: 0, clientErrors: 0, rateLimited: 0 }],
  ])('counts a %i as %j', (status, figures) => {
    expect(usageOf(call({ status })).rows).toMatchObject([{ calls: 1, bytesSent: 100, ...figures }])
  })

  it('adds up what is of one key, day and operation, and nothing else', () => {
    const { rows } = usageOf(call(), call(), call({ keyId: 2 }), call({ operation: 'getFile' }))
    expect(rows.map(({ keyId, operation, calls }) => [keyId, operation, calls])).toEqual([
      [1, 'getFile', 1],
      [1, 'getForm', 2],
      [2, 'getForm', 1],
    ])
  })

  it('parts days at midnight UTC', () => {
    const midnight = Date.parse('2026-11-27T00:00:00Z')
    const { rows } = usageOf(call({ at: midnight }), call({ at: midnight - 1 }))
    expect(rows.map(({ day }) => day)).toEqual(['2026-11-26', '2026-11-27'])
  })

  it('keeps the latest use of each secret, in whatever order they come', () => {
    const late = call({ at: noon + 1, client: 'late' })
    const other = call({ secretHash: Buffer.from('other'), at: noon - 5 })
    const { lastUses } = usageOf(late, call({ client: 'early' }), other)
    expect(lastUses.map(({ client, at }) => [client, at])).toEqual([
      ['late', noon + 1],
      ['curl', noon - 5],
    ])
  })

  const anyCall = fc.record({
    keyId: fc.integer({ min: 1, max: 3 }),
    operation: fc.constantFrom('getForm', 'getFile', 'ä'),
    status: fc.constantFrom(200, 404, 429, 500),
    bytesSent: fc.nat(1000),
    at: fc.integer({ min: noon - 200_000_000, max: noon }),
  })

  it('comes to the same whether figures were put back or not', () => {
    fc.assert(
      fc.property(fc.array(anyCall), fc.array(anyCall), (first, second) => {
        const [before, after] = [first.map(call), second.map(call)]
        const sum = new UsageSum()
        for (const each of after) sum.add(each)
        sum.addAll(usageOf(...before))
        expect(sum.usage().rows).toEqual(usageOf(...before, ...after).rows)
      }),
    )
  })

  it('gives its rows in one order, whatever order the calls came in', () => {
    fc.assert(
      fc.property(fc.array(anyCall), (calls) => {
        expect(usageOf(...calls.map(call)).rows).toEqual(usageOf(...calls.toReversed().map(call)).rows)
      }),
    )
  })
})
