import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { limiterMetrics } from './limiter-metrics.ts'
import { memoryStore } from './memory-store.ts'
import type { RateLimitStore, SharedStore } from './rate-limit.ts'
import { sharedCounts } from './shared-counts.ts'
import { describeStore } from './store-suite.ts'

const limit = { max: 3, windowMs: 60_000 }

/** A server that counts, with processes that count on it; each process has a clock of its own. */
function openServer() {
  let now = 1_000_000
  let trips = 0
  let state: 'answers' | 'fails' | 'hangs' = 'answers'
  const counts = memoryStore(() => now)
  async function reach<T>(question: (there: RateLimitStore) => Promise<T>): Promise<T> {
    trips += 1
    if (state === 'fails') throw new Error('connection refused')
    return state === 'hangs' ? new Promise<T>(() => undefined) : question(counts)
  }
  const store: SharedStore = {
    name: 'redis',
    async take(key, by) {
      const { id, count, endsInMs } = await reach((there) => there.take(key, by))
      return { id, count, endsInMs }
    },
    giveBack: (key, id) => reach((there) => there.giveBack(key, id)),
    peek: (key) => reach((there) => there.peek(key)),
    close: async () => undefined,
  }
  return {
    pass: (ms: number) => {
      now += ms
    },
    trips: () => trips,
    set: (to: typeof state) => {
      state = to
    },
    openProcess(clockAheadMs = 0) {
      const registry = new Registry()
      const said: string[] = []
      const metrics = limiterMetrics(registry, 'redis')
      const process = sharedCounts({ store, metrics, ticks: () => now + clockAheadMs, warn: (line) => said.push(line) })
      return { process, said, metric: (line: string) => registry.metrics().then((text) => text.includes(line)) }
    },
  }
}

async function counts(store: RateLimitStore, calls: number, by = limit, key = 'k'): Promise<number[]> {
  const seen: number[] = []
  for (let call = 0; call < calls; call++) seen.push((await store.take(key, by)).count)
  return seen
}

describeStore('counts that are shared by processes whose clocks differ by ten seconds', async () => {
  const server = openServer()
  const [store, other] = [server.openProcess(5000).process, server.openProcess(-5000).process]
  return { store, other, pass: async (ms) => server.pass(ms) }
})

describe('looking where a key stands', () => {
  it('tells what was seen last when the store does not answer, and lets all go on counting together', async () => {
    const server = openServer()
    const { process, said } = server.openProcess()
    await counts(process, 2)
    server.set('fails')
    expect(await process.peek('k')).toMatchObject({ count: 2 })
    expect(await process.peek('unknown')).toBeUndefined()
    server.set('answers')
    expect(await counts(process, 1)).toEqual([3])
    expect(said).toEqual([])
  })
})

describe('a key over its limit', () => {
  it('is refused from memory, with what is left of the window', async () => {
    const server = openServer()
    const { process } = server.openProcess()
    await counts(process, 3)
    const before = server.trips()
    server.pass(400)
    expect(await process.take('k', limit)).toMatchObject({ count: 4, endsInMs: 59_600, local: true })
    expect(process.seenFull('k', limit)).toMatchObject({ count: 4 })
    expect(server.trips()).toBe(before)
  })

  it('is asked for again after a second, so that a unit given back elsewhere is noticed', async () => {
    const server = openServer()
    const [{ process }, { process: elsewhere }] = [server.openProcess(), server.openProcess()]
    const { id } = await process.take('k', limit)
    await counts(process, 3)
    await elsewhere.giveBack('k', id)
    server.pass(999)
    expect((await process.take('k', limit)).count).toBe(4)
    server.pass(1)
    expect(process.seenFull('k', limit)).toBeUndefined()
    expect((await process.take('k', limit)).count).toBe(3)
  })

  it('is let in at once when a unit comes back here', async () => {
    const server = openServer()
    const { process } = server.openProcess()
    const { id } = await process.take('k', limit)
    await counts(process, 4)
    await process.giveBack('k', id)
    expect(process.seenFull('k', limit)).toBeUndefined()
    expect(await counts(process, 2)).toEqual([3, 4])
  })

  it('is let in at once when its limit is raised', async () => {
    const { process } = openServer().openProcess()
    await counts(process, 4)
    expect(process.seenFull('k', { ...limit, max: 4 })).toBeUndefined()
    expect(await counts(process, 2, { ...limit, max: 4 })).toEqual([4, 5])
  })

  it('is refused at once when its limit is lowered below what is counted', async () => {
    const { process } = openServer().openProcess()
    await counts(process, 2)
    expect(process.seenFull('k', { ...limit, max: 1 })).toMatchObject({ count: 3 })
  })

  it('is let in when the window ends within that second', async () => {
    const server = openServer()
    const { process } = server.openProcess()
    await process.take('k', limit)
    server.pass(59_500)
    await counts(process, 3)
    server.pass(500)
    expect(await counts(process, 1)).toEqual([1])
  })
})

describe('while the store fails', () => {
  it.each(['fails', 'hangs'] as const)('calls go on from the last count that was seen (it %s)', async (how) => {
    const server = openServer()
    const { process } = server.openProcess()
    await counts(process, 2)
    server.set(how)
    expect(await counts(process, 3)).toEqual([3, 4, 4])
    expect((await process.peek('k'))?.count).toBe(3)
    expect(process.seenFull('k', limit)).toMatchObject({ count: 4, endsInMs: 60_000 })
    server.pass(60_000)
    expect(await counts(process, 1)).toEqual([1])
  })

  it('nobody waits twice', async () => {
    const server = openServer()
    const { process } = server.openProcess()
    server.set('hangs')
    const start = performance.now()
    await counts(process, 50)
    expect(performance.now() - start).toBeLessThan(390)
    expect(server.trips()).toBe(1)
  })

  it('units can be given back, each into the window that it was taken from', async () => {
    const server = openServer()
    const { process } = server.openProcess()
    const shared = await process.take('k', limit)
    server.set('fails')
    const here = await process.take('k', limit)
    await process.giveBack('k', shared.id)
    await process.giveBack('k', here.id)
    expect(await counts(process, 1)).toEqual([1])
    server.set('answers')
    await process.start()
    await process.giveBack('k', here.id)
    expect(await counts(process, 1)).toEqual([2])
    await process.stop()
  })

  it.each(['fails', 'hangs'] as const)('giving back neither throws nor waits for long (it %s)', async (how) => {
    const server = openServer()
    const { process } = server.openProcess()
    const { id } = await process.take('k', limit)
    server.set(how)
    const start = performance.now()
    await process.giveBack('k', id)
    expect(performance.now() - start).toBeLessThan(390)
    expect(await counts(process, 1)).toEqual([1])
  })

  it('that is said once, and in the metrics', async () => {
    const server = openServer()
    const { process, said, metric } = server.openProcess()
    expect(await metric('formgate_rate_limit_store_up{store="redis"} 1')).toBe(true)
    server.set('fails')
    await Promise.all(Array.from({ length: 10 }, () => process.take('k', limit)))
    expect(said).toEqual([expect.stringMatching(/cannot be reached.*connection refused/)])
    expect(await metric('formgate_rate_limit_store_up{store="redis"} 0')).toBe(true)
    expect(await metric('formgate_rate_limit_trips_total{result="failed"} 10')).toBe(true)
  })
})

describe('the store', () => {
  it('is looked for each second, so that its absence and its return are known without any call', async () => {
    const server = openServer()
    const { process, said, metric } = server.openProcess()
    await process.start()
    expect(said).toEqual([])
    server.set('fails')
    await expect.poll(() => metric('formgate_rate_limit_store_up{store="redis"} 0')).toBe(true)
    server.set('answers')
    await expect.poll(() => metric('formgate_rate_limit_store_up{store="redis"} 1')).toBe(true)
    expect(said).toHaveLength(2)
    expect(said[1]).toMatch(/again/)
    await process.stop()
  })

  it('counts for all again when it is back', async () => {
    const server = openServer()
    const [{ process }, { process: elsewhere }] = [server.openProcess(), server.openProcess()]
    server.set('fails')
    await counts(process, 2)
    server.set('answers')
    await process.start()
    await elsewhere.take('k', limit)
    expect(await counts(process, 1)).toEqual([2])
    await process.stop()
  })

  it('that is away at the start is said before anybody is served', async () => {
    const server = openServer()
    server.set('hangs')
    const { process, said } = server.openProcess()
    await process.start()
    expect(said).toHaveLength(1)
    expect(await counts(process, 4)).toEqual([1, 2, 3, 4])
    await process.stop()
  })
})
