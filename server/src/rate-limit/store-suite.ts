import { describe, expect, it } from 'vitest'
import type { RateLimit, RateLimitStore } from './rate-limit.ts'

/** A store with an empty memory, and a way to let its time pass: the memory's clock, or the server's stored windows. */
export type StoreUnderTest = {
  store: RateLimitStore
  /** A second one that counts in the same place, as another process has it; the same one where there is no such place. */
  other: RateLimitStore
  /** Lets so much time pass for the windows of these keys. */
  pass(ms: number, ...keys: string[]): Promise<void>
  close?(): Promise<void>
}

const limit: RateLimit = { max: 3, windowMs: 60_000 }

/**
 * The promises that every implementation of RateLimitStore keeps.
 * @param open makes a store of its own for each test
 */
export function describeStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    const promise = (title: string, test: (under: StoreUnderTest) => Promise<void>) =>
      it(title, async () => {
        const under = await open()
        await test(under).finally(() => under.close?.())
      })
    windows(promise)
    counts(promise)
    returns(promise)
    peeks(promise)
    two(promise)
  })
}

type Promising = (title: string, test: (under: StoreUnderTest) => Promise<void>) => void

async function takeMany(store: RateLimitStore, calls: number, key = 'k', by = limit): Promise<number[]> {
  const counts: number[] = []
  for (let call = 0; call < calls; call += 1) counts.push((await store.take(key, by)).count)
  return counts
}

function windows(promise: Promising): void {
  promise('starts a window at the first call', async ({ store, pass }) => {
    await pass(limit.windowMs - 1, 'k')
    const { count, endsInMs } = await store.take('k', limit)
    expect(count).toBe(1)
    expectAbout(endsInMs, limit.windowMs)
  })

  promise('counts its window down and keeps its id', async ({ store, pass }) => {
    const first = await store.take('k', limit)
    await pass(15_000, 'k')
    const second = await store.take('k', limit)
    expect(second.id).toBe(first.id)
    expectAbout(second.endsInMs, limit.windowMs - 15_000)
  })

  promise('does not make a window longer by calls', async ({ store, pass }) => {
    await takeMany(store, 2)
    await pass(59_000, 'k')
    await takeMany(store, 5)
    await pass(1000, 'k')
    expect(await takeMany(store, 1)).toEqual([1])
  })

  promise('starts anew, under another id, when the window is over', async ({ store, pass }) => {
    const old = await store.take('k', limit)
    await pass(limit.windowMs, 'k')
    const { id, count, endsInMs } = await store.take('k', limit)
    expect(count).toBe(1)
    expect(id).not.toBe(old.id)
    expectAbout(endsInMs, limit.windowMs)
  })
}

function counts(promise: Promising): void {
  promise('counts each call by one', async ({ store }) => {
    expect(await takeMany(store, 3)).toEqual([1, 2, 3])
  })

  promise('admits exactly the limit of calls that come at once', async ({ store }) => {
    const taken = await Promise.all(Array.from({ length: 50 }, () => store.take('k', limit)))
    expect(taken.filter(({ count }) => count <= limit.max)).toHaveLength(limit.max)
    expect(new Set(taken.map(({ id }) => id)).size).toBe(1)
  })

  promise('goes on refusing, however often it is asked', async ({ store }) => {
    await takeMany(store, 3)
    expect((await takeMany(store, 20)).every((count) => count > limit.max)).toBe(true)
  })

  promise('counts two keys apart', async ({ store, pass }) => {
    await takeMany(store, 3, 'a')
    await pass(30_000, 'a')
    expect(await takeMany(store, 1, 'b')).toEqual([1])
    await pass(30_000, 'a', 'b')
    expect(await takeMany(store, 1, 'a')).toEqual([1])
    expect(await takeMany(store, 1, 'b')).toEqual([2])
  })

  promise('takes any text for a key', async ({ store }) => {
    for (const key of ['', 'a b', '__proto__', 'ᓄᓇᕗᑦ 😀', 'x'.repeat(500)]) {
      expect(await takeMany(store, 2, key)).toEqual([1, 2])
    }
  })

  promise('follows a limit that is raised between calls', async ({ store }) => {
    await takeMany(store, 4)
    expect(await takeMany(store, 2, 'k', { ...limit, max: 5 })).toEqual([4, 5])
  })

  promise('follows a limit that is lowered between calls', async ({ store }) => {
    await takeMany(store, 3)
    const { count } = await store.take('k', { ...limit, max: 2 })
    expect(count).toBeGreaterThan(2)
  })

  promise('follows a limit that changes among calls that come at once', async ({ store }) => {
    const wide = { ...limit, max: 5 }
    const calls = Array.from({ length: 20 }, (_, place) => ({ by: place % 2 ? wide : limit }))
    const counts = await Promise.all(calls.map(async ({ by }) => ({ by, count: (await store.take('k', by)).count })))
    expect(counts.filter(({ by, count }) => count <= by.max)).toHaveLength(5)
    expect((await store.peek('k'))?.count).toBe(5)
  })

  promise('gives each of those who come at once a count of its own', async ({ store }) => {
    const by = { ...limit, max: 40 }
    const taken = await Promise.all(Array.from({ length: 60 }, () => store.take('k', by)))
    const admitted = taken.map(({ count }) => count).filter((count) => count <= by.max)
    expect(admitted.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, place) => place + 1))
  })

  promise('counts many keys that are asked for at once, each apart', async ({ store }) => {
    const keys = Array.from({ length: 700 }, (_, place) => `key ${place}`)
    const taken = await Promise.all([...keys, ...keys.toReversed()].map((key) => store.take(key, limit)))
    expect(taken.map(({ count }) => count)).toEqual([...keys.map(() => 1), ...keys.map(() => 2)])
  })

  promise('keeps the end of a running window when the window’s length changes', async ({ store }) => {
    await store.take('k', limit)
    expectAbout((await store.take('k', { ...limit, windowMs: 1000 })).endsInMs, limit.windowMs)
  })
}

function returns(promise: Promising): void {
  promise('gives a unit back', async ({ store }) => {
    const { id } = await store.take('k', limit)
    await store.giveBack('k', id)
    expect(await takeMany(store, 4)).toEqual([1, 2, 3, 4])
  })

  promise('lets a call in again when a unit comes back, also after a refusal', async ({ store }) => {
    const { id } = await store.take('k', limit)
    await takeMany(store, 10)
    await store.giveBack('k', id)
    expect(await takeMany(store, 2)).toEqual([3, 4])
  })

  promise('never falls below zero', async ({ store }) => {
    const { id } = await store.take('k', limit)
    for (let time = 0; time < 5; time += 1) await store.giveBack('k', id)
    expect(await takeMany(store, 1)).toEqual([1])
  })

  promise('gives back only into the window that the unit was taken from', async ({ store, pass }) => {
    const { id } = await store.take('k', limit)
    await pass(limit.windowMs, 'k')
    await takeMany(store, 2)
    await store.giveBack('k', id)
    expect(await takeMany(store, 1)).toEqual([3])
  })

  promise('gives nothing back to a window that is over', async ({ store, pass }) => {
    const { id } = await store.take('k', limit)
    await pass(limit.windowMs, 'k')
    await store.giveBack('k', id)
    expect(await takeMany(store, 2)).toEqual([1, 2])
  })

  promise('gives back to one key alone', async ({ store }) => {
    const { id } = await store.take('a', limit)
    await takeMany(store, 2, 'b')
    await store.giveBack('a', id)
    expect(await takeMany(store, 1, 'b')).toEqual([3])
  })

  promise('takes back what it never gave without a word', async ({ store }) => {
    await store.giveBack('unknown', 'no window')
    expect(await takeMany(store, 1, 'unknown')).toEqual([1])
  })

  promise('adds up units given and taken at once', async ({ store }) => {
    const wide = { ...limit, max: 100 }
    const { id } = await store.take('k', wide)
    await takeMany(store, 19, 'k', wide)
    const both = Array.from({ length: 20 }, () => [store.take('k', wide), store.giveBack('k', id)])
    await Promise.all(both.flat())
    expect((await store.take('k', wide)).count).toBe(21)
  })
}

function peeks(promise: Promising): void {
  promise('sees no window before the first call', async ({ store }) => {
    expect(await store.peek('k')).toBeUndefined()
    expect(await takeMany(store, 1)).toEqual([1])
  })

  promise('sees the running window as the last call left it', async ({ store, pass }) => {
    await store.take('k', limit)
    const { id } = await store.take('k', limit)
    await pass(15_000, 'k')
    const seen = await store.peek('k')
    expect(seen).toMatchObject({ id, count: 2 })
    expectAbout(seen?.endsInMs ?? 0, limit.windowMs - 15_000)
  })

  promise('counts nothing by looking', async ({ store }) => {
    await takeMany(store, 1)
    for (let look = 0; look < 5; look += 1) await store.peek('k')
    expect(await takeMany(store, 2)).toEqual([2, 3])
  })

  promise('sees no more than the limit when calls were refused', async ({ store }) => {
    await takeMany(store, 10)
    expect((await store.peek('k'))?.count).toBe(limit.max)
  })

  promise('sees no window that is over', async ({ store, pass }) => {
    await takeMany(store, 2)
    await pass(limit.windowMs, 'k')
    expect(await store.peek('k')).toBeUndefined()
  })

  promise('sees a unit that was given back', async ({ store }) => {
    const { id } = await store.take('k', limit)
    await takeMany(store, 1)
    await store.giveBack('k', id)
    expect((await store.peek('k'))?.count).toBe(1)
  })

  promise('sees one key alone', async ({ store }) => {
    await takeMany(store, 2, 'a')
    expect(await store.peek('b')).toBeUndefined()
  })
}

function two(promise: Promising): void {
  promise('counts the same for two processes, and tells both the same', async ({ store, other, pass }) => {
    const first = await store.take('k', limit)
    await pass(15_000, 'k')
    const second = await other.take('k', limit)
    expect([second.id, second.count]).toEqual([first.id, 2])
    expectAbout(second.endsInMs, limit.windowMs - 15_000)
    expect(await store.peek('k')).toMatchObject({ id: first.id, count: 2 })
    expect(await takeMany(store, 2)).toEqual([3, 4])
    expect((await other.take('k', limit)).count).toBe(4)
  })

  promise('takes a unit back from a process that did not take it', async ({ store, other }) => {
    const { id } = await store.take('k', limit)
    await other.giveBack('k', id)
    expect(await takeMany(store, 1)).toEqual([1])
  })

  promise('admits exactly the limit of calls that come through both at once', async ({ store, other }) => {
    const keys = ['a', 'b', 'c', 'd']
    const calls = Array.from({ length: 100 }, (_, call) => (call % 2 ? [...keys] : keys.toReversed()))
    const taken = await Promise.all(
      calls.flatMap((order, call) => order.map((key) => (call % 3 ? store : other).take(key, limit))),
    )
    expect(taken.filter(({ count }) => count <= limit.max)).toHaveLength(limit.max * keys.length)
  })

  promise('waits for nobody in a circle when both give back and take the same keys', async ({ store, other }) => {
    const wide = { ...limit, max: 1000 }
    const keys = ['a', 'b', 'c', 'd']
    const ids = await Promise.all(keys.map(async (key) => (await store.take(key, wide)).id))
    await Promise.all(keys.map((key) => takeMany(store, 49, key, wide)))
    const units = Array.from({ length: 50 }).flatMap((_, call) => {
      const [taker, giver] = call % 2 ? [store, other] : [other, store]
      return keys.flatMap((key, place) => [taker.take(key, wide), giver.giveBack(key, ids[place] ?? '')])
    })
    await Promise.all(units)
    expect((await store.peek('a'))?.count).toBe(50)
  })
}

/** A server's clock runs on while a test does. */
function expectAbout(ms: number, expected: number): void {
  expect(ms).toBeGreaterThan(expected - 2000)
  expect(ms).toBeLessThanOrEqual(expected)
}
