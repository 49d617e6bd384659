import { describe, expect, it } from 'vitest'
import type { KeyCall, Usage } from './key-usage.ts'
import { usageRecorderOf } from './usage-recorder.ts'

const call = (keyId = 1): KeyCall => ({
  keyId,
  secretHash: Buffer.from('hash'),
  operation: 'getForm',
  status: 200,
  bytesSent: 1,
  at: 0,
  address: '::1',
  client: null,
})

/** A recorder with a store that can be out of order. */
function recorder() {
  const saved: Usage[] = []
  let broken = false
  const { record, flush } = usageRecorderOf(async (usage) => {
    if (broken) throw new Error('away')
    saved.push(usage)
  })
  return {
    record,
    flush,
    break: (now: boolean) => {
      broken = now
    },
    /** Calls that were saved, in each flush. */
    counts: () => saved.map(({ rows }) => rows.reduce((sum, { calls }) => sum + calls, 0)),
  }
}

describe('a usage recorder', () => {
  it('saves nothing when nothing was recorded', async () => {
    const usage = recorder()
    await usage.flush()
    expect(usage.counts()).toEqual([])
  })

  it('saves each call once', async () => {
    const usage = recorder()
    for (let count = 0; count < 3; count += 1) usage.record(call())
    await usage.flush()
    await usage.flush()
    usage.record(call())
    await usage.flush()
    expect(usage.counts()).toEqual([3, 1])
  })

  it('keeps what could not be saved, and tells', async () => {
    const usage = recorder()
    usage.break(true)
    usage.record(call())
    await expect(usage.flush()).rejects.toThrow('away')
    usage.record(call())
    await expect(usage.flush()).rejects.toThrow('away')
    usage.break(false)
    await usage.flush()
    expect(usage.counts()).toEqual([2])
  })

  it('loses no call that comes while it saves', async () => {
    const saved: Usage[] = []
    const { record, flush } = usageRecorderOf(async (usage) => {
      saved.push(usage)
      if (saved.length === 1) record(call())
    })
    record(call())
    await flush()
    await flush()
    expect(saved.map(({ rows }) => rows[0]?.calls)).toEqual([1, 1])
  })

  it('does not grow without end while nothing can be saved', async () => {
    const usage = recorder()
    usage.break(true)
    for (let keyId = 0; keyId < 25_000; keyId += 1) usage.record(call(keyId))
    await expect(usage.flush()).rejects.toThrow('away')
    usage.record(call())
    usage.break(false)
    await usage.flush()
    expect(usage.counts()).toEqual([1])
  })
})
