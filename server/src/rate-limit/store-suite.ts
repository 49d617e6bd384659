import { describe, expect, it } from 'vitest'
import type { RateLimit, RateLimitStore } from './rate-limit.ts'

/** A store with an empty memory, and a way to let its time pass: the memory's clock, or the server's stored windows. */
export type StoreUnderTest = {
  store: RateLimitStore
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
    const { id } = await store.take('k', { ...limit, max: 100 })
    const both = Array.from({ length: 20 }, () => [store.take('k', { ...limit, max: 100 }), store.giveBack('k', id)])
    await Promise.all(both.flat())
    expect((await store.take('k', { ...limit, max: 100 })).count).toBe(2)
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

/** A server's clock runs on while a test does. */
function expectAbout(ms: number, expected: number): void {
  expect(ms).toBeGreaterThan(expected - 2000)
  expect(ms).toBeLessThanOrEqual(expected)
}
