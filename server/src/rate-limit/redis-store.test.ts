import { randomUUID } from 'node:crypto'
import { createClient } from '@redis/client'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { redisStore } from './redis-store.ts'
import { describeStore } from './store-suite.ts'

const url = inject('redisUrl')

describe.skipIf(url === '')('on a Redis server', () => {
  const client = createClient({ url })
  beforeAll(async () => void (await client.connect()))
  afterAll(() => client.close())

  async function openStore() {
    // Others may use this server at the same time.
    const prefix = `formgate:test:${randomUUID()}:`
    const [store, other] = [redisStore(url, prefix), redisStore(url, prefix)]
    const pass = async (ms: number, ...keys: string[]) => {
      for (const key of keys) await client.pExpire(prefix + key, Math.max(0, (await client.pTTL(prefix + key)) - ms))
    }
    await expect
      .poll(async () =>
        Promise.all([store.peek('k'), other.peek('k')]).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    return { store, other, pass, close: async () => void (await Promise.all([store.close(), other.close()])) }
  }

  describeStore('the Redis store', openStore)

  it('counts on when the server has forgotten our scripts', async () => {
    const { store, close } = await openStore()
    await store.take('k', { max: 3, windowMs: 60_000 })
    await client.scriptFlush()
    expect((await store.take('k', { max: 3, windowMs: 60_000 })).count).toBe(2)
    await close()
  })
})
