import { spawnSync } from 'node:child_process'
import pg from 'pg'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import { limiterMetrics } from '../src/rate-limit/limiter-metrics.ts'
import { postgresStore } from '../src/rate-limit/postgres-store.ts'
import type { SharedStore } from '../src/rate-limit/rate-limit.ts'
import { redisStore } from '../src/rate-limit/redis-store.ts'
import { type SharedCounts, sharedCounts } from '../src/rate-limit/shared-counts.ts'
import { createTestDatabase } from './database.ts'
import { startRedis } from './redis.ts'
import { openRelay } from './relay.ts'

/** Something that happens to a store's server, or on the way to it, and how it ends. */
type Fault = {
  openStore(): SharedStore
  strike(): Promise<unknown>
  mend(): Promise<unknown>
  close(): Promise<unknown>
}

const limit = { max: 3, windowMs: 60_000 }
/** 200 ms are allowed for; the rest is for a busy machine. */
const soonMs = 400

const noRedis = spawnSync('redis-server', ['--version']).status !== 0

async function redisFault(faultOf: (redis: Awaited<ReturnType<typeof startRedis>>) => Partial<Fault>): Promise<Fault> {
  const redis = await startRedis()
  return {
    openStore: () => redisStore(redis.url),
    strike: async () => undefined,
    mend: async () => undefined,
    close: () => redis.kill(),
    ...faultOf(redis),
  }
}

/** A store behind a relay, and what happens on the relay. */
async function relayFault(kind: 'redis' | 'postgres', happening: 'stall' | 'cut' | 'lose'): Promise<Fault> {
  const server = kind === 'redis' ? await startRedis() : await createTestDatabase()
  const url = new URL(server.url)
  const relay = await openRelay(url.hostname, Number(url.port || 5432))
  url.hostname = '127.0.0.1'
  url.port = String(relay.port)
  return {
    openStore: () => (kind === 'redis' ? redisStore(url.href) : postgresStore(url.href)),
    strike: async () => relay[happening](),
    mend: () => relay.mend(),
    async close() {
      await relay.close()
      await ('kill' in server ? server.kill() : server.drop())
    },
  }
}

async function lockedTable(): Promise<Fault> {
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  return {
    openStore: () => postgresStore(database.url),
    strike: () => client.query('begin; lock table rate_limit_window'),
    mend: () => client.query('commit'),
    async close() {
      await client.end()
      await database.drop()
    },
  }
}

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function openProcess(store: SharedStore) {
  const registry = new Registry()
  const said: string[] = []
  const metrics = limiterMetrics(registry, store.name)
  const counts = sharedCounts({ store, metrics, ticks: () => performance.now(), warn: (line) => said.push(line) })
  await counts.start()
  const up = async () => /_store_up\{.*\} (\d)/.exec(await registry.metrics())?.[1] === '1'
  return { counts, said, up, stop: () => counts.stop() }
}

/** The counts of calls, none of which may take long. */
async function promptCounts(counts: SharedCounts, calls: number, key = 'k'): Promise<number[]> {
  const seen: number[] = []
  for (let call = 0; call < calls; call++) {
    const start = performance.now()
    seen.push((await counts.take(key, limit)).count)
    expect(performance.now() - start).toBeLessThan(soonMs)
  }
  return seen
}

const postgresFaults: [string, () => Promise<Fault>][] = [
  ['Postgres answers nothing any more', () => relayFault('postgres', 'stall')],
  ['Postgres is cut off and refuses connections', () => relayFault('postgres', 'cut')],
  ['somebody locks the table', lockedTable],
]
const redisFaults: [string, () => Promise<Fault>][] = [
  [
    'Redis is frozen',
    () => redisFault((redis) => ({ strike: async () => redis.freeze(), mend: async () => redis.thaw() })),
  ],
  ['Redis is killed', () => redisFault((redis) => ({ strike: () => redis.kill(), mend: () => redis.restart() }))],
  ['the network to Redis swallows everything', () => relayFault('redis', 'stall')],
  ['Redis is cut off and refuses connections', () => relayFault('redis', 'cut')],
]

/** A store that answers late because the whole machine is busy is away as well, and then nothing here can be told apart. */
const inCalm = { retry: 5 }

describe.each(postgresFaults)('when %s', inCalm, (_, open) => promises(open))
describe.skipIf(noRedis).each(redisFaults)('when %s', inCalm, (_, open) => promises(open))

function promises(open: () => Promise<Fault>): void {
  async function openTwo() {
    const fault = await open()
    const one = await openProcess(fault.openStore())
    const other = await openProcess(fault.openStore())
    ends.push(fault.close, one.stop, other.stop)
    return { fault, one, other }
  }

  it('calls go on within a moment, from the last shared count, and then all count together again', async () => {
    const { fault, one, other } = await openTwo()
    expect([await promptCounts(one.counts, 1), await promptCounts(other.counts, 1)]).toEqual([[1], [2]])
    await fault.strike()
    expect(await promptCounts(other.counts, 3)).toEqual([3, 4, 4])
    expect(await promptCounts(one.counts, 2)).toEqual([2, 3])
    await expect.poll(one.up).toBe(false)
    expect([one.said.length, other.said.length]).toEqual([1, 1])
    await fault.mend()
    await expect.poll(async () => (await one.up()) && (await other.up())).toBe(true)
    expect([one.said.length, other.said.length]).toEqual([2, 2])
    expect([await promptCounts(one.counts, 1, 'new'), await promptCounts(other.counts, 1, 'new')]).toEqual([[1], [2]])
  })

  it('giving back neither fails nor waits for long', async () => {
    const { fault, one } = await openTwo()
    const { id } = await one.counts.take('k', limit)
    await fault.strike()
    const start = performance.now()
    await one.counts.giveBack('k', id)
    expect(performance.now() - start).toBeLessThan(soonMs)
    expect(await promptCounts(one.counts, 1)).toEqual([1])
    await fault.mend()
  })

  it('a process that starts counts in memory, says so, and joins the others later', async () => {
    const { fault, one } = await openTwo()
    await fault.strike()
    const late = await openProcess(fault.openStore())
    ends.push(late.stop)
    expect(late.said).toHaveLength(1)
    expect(await promptCounts(late.counts, 2)).toEqual([1, 2])
    await fault.mend()
    await expect.poll(async () => (await one.up()) && (await late.up())).toBe(true)
    expect([await promptCounts(one.counts, 1, 'new'), await promptCounts(late.counts, 1, 'new')]).toEqual([[1], [2]])
  })

  it('a process can stop', async () => {
    const { fault } = await openTwo()
    const stopping = await openProcess(fault.openStore())
    await fault.strike()
    await stopping.counts.take('k', limit)
    const start = performance.now()
    await stopping.stop()
    expect(performance.now() - start).toBeLessThan(3000)
    await fault.mend()
  })
}

it('finds a way to Postgres again when its connections are lost and nobody tells', inCalm, () => findsBack('postgres'))
it.skipIf(noRedis)('finds a way to Redis again when its connection is lost and nobody tells', inCalm, () =>
  findsBack('redis'),
)

async function findsBack(kind: 'redis' | 'postgres'): Promise<void> {
  const fault = await relayFault(kind, 'lose')
  const { counts, up, stop } = await openProcess(fault.openStore())
  ends.push(fault.close, stop)
  await promptCounts(counts, 1)
  await fault.strike()
  expect(await promptCounts(counts, 1)).toEqual([2])
  await expect.poll(up).toBe(false)
  await expect.poll(up).toBe(true)
}
