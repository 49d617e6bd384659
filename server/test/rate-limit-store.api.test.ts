import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildApp } from '../src/app.ts'
import type { Config, RateLimitStoreConfig } from '../src/config.ts'
import { readConfig } from '../src/config.ts'
import { type Api, basic, openApi, type TestForm } from './harness.ts'
import { startRedis } from './redis.ts'
import { openRelay } from './relay.ts'

/** A store, and a way to it that can be blocked. */
type Place = {
  config: RateLimitStoreConfig
  /** Where the database is, for a store that is in it. */
  databaseUrl?: string
  block(): void
  unblock(): Promise<void>
  close(): Promise<void>
}

const rateLimit = { apiKey: 20, others: 100_000, windowMs: 60_000 }
/** 200 ms are allowed for; the rest is for a busy machine. */
const soonMs = 600

const noRedis = spawnSync('redis-server', ['--version']).status !== 0

async function redisPlace(): Promise<Place> {
  const redis = await startRedis()
  return {
    config: { kind: 'redis', url: redis.url },
    block: redis.freeze,
    unblock: async () => redis.thaw(),
    close: redis.kill,
  }
}

async function postgresPlace(url: string): Promise<Place> {
  const own = new URL(url)
  const relay = await openRelay(own.hostname, Number(own.port || 5432))
  own.hostname = '127.0.0.1'
  own.port = String(relay.port)
  return {
    config: { kind: 'postgres' },
    databaseUrl: own.href,
    block: relay.stall,
    unblock: relay.mend,
    close: relay.close,
  }
}

describe('two containers that count in PostgreSQL', () => twoContainers(({ database }) => postgresPlace(database.url)))
describe.skipIf(noRedis)('two containers that count in Redis', () => twoContainers(redisPlace))

function twoContainers(openPlace: (api: Api) => Promise<Place>): void {
  let api: Api
  let place: Place
  let containers: FastifyInstance[]
  let form: TestForm
  let now = Date.now()

  beforeAll(async () => {
    api = await openApi()
    place = await openPlace(api)
    containers = await Promise.all([openContainer(), openContainer()])
  })
  beforeEach(async () => {
    form = await api.addForm()
  })
  afterAll(async () => {
    await Promise.all(containers.map((each) => each.close()))
    await place.close()
    await api.close()
  })

  async function openContainer(): Promise<FastifyInstance> {
    const reading = readConfig({ LOG_LEVEL: 'silent' })
    if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join(' '))
    const config: Config = { ...reading.config, rateLimit, rateLimitStore: place.config, trustProxy: true }
    const database = { ...api.database, ...(place.databaseUrl ? { url: place.databaseUrl } : {}) }
    const secretKey = 'a secret key for tests, long enough'
    const delay = async () => undefined
    const { server } = await buildApp({ config, database, secretKey, clock: () => now, delay })
    await server.ready()
    return server
  }

  async function call(container: number, { from = '192.0.2.1', secret = form.secret, path = '' } = {}) {
    const response = await containers[container % 2]?.inject({
      url: `/app/api/v1/forms/${form.formId}${path}`,
      headers: { authorization: basic(form.formId, secret), 'x-forwarded-for': from },
    })
    return response ?? expect.unreachable()
  }
  const remaining = (response: { headers: Record<string, unknown> }) =>
    Number(/remaining=(\d+)/.exec(String(response.headers.ratelimit))?.[1])
  const isUp = async (container: FastifyInstance) => {
    const { body } = await container.inject({ url: '/metrics', remoteAddress: '127.0.0.1' })
    return /store_up\{store="(?:redis|postgres)"\} 1/.test(body)
  }
  const allUp = async () => (await Promise.all(containers.map(isUp))).every(Boolean)

  it('admit the limit in all, and tell each caller its own place', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => call(index)))
    const admitted = answers.filter(({ statusCode }) => statusCode === 200)
    expect(admitted.map(remaining).sort((a, b) => b - a)).toEqual(Array.from({ length: 20 }, (_, place) => 19 - place))
    const refused = answers.filter(({ statusCode }) => statusCode === 429)
    expect(refused).toHaveLength(40)
    expect(new Set(refused.map(({ headers }) => headers['retry-after']))).toEqual(new Set(['60']))
  })

  it('count failed keys together, by the whole /64 of an IPv6 address', async () => {
    const fail = (container: number, from: string) => call(container, { from, secret: randomUUID() })
    const statuses: number[] = []
    for (let count = 0; count < 21; count++) statuses.push((await fail(count, `2001:db8:1:2::${count}`)).statusCode)
    expect(statuses).toEqual([...Array(20).fill(401), 429])
    expect((await fail(0, '2001:db8:1:3::1')).statusCode).toBe(401)
    expect((await call(1, { from: '2001:db8:1:2::1' })).statusCode).toBe(200)
  })

  it('give a unit back that a fault of ours has cost', async () => {
    expect(remaining(await call(0))).toBe(19)
    await api.database.pool.query('alter table form_version rename to away')
    try {
      for (let count = 0; count < 5; count++) expect((await call(count, { path: '/fields' })).statusCode).toBe(500)
    } finally {
      await api.database.pool.query('alter table away rename to form_version')
    }
    expect(remaining(await call(1))).toBe(18)
  })

  it('refuse a key that is known to be over its limit without asking the database, for a second', async () => {
    for (let count = 0; count < 21; count++) await call(0)
    await api.database.pool.query('alter table api_key rename to away')
    try {
      const refused = await call(0)
      expect([refused.statusCode, refused.headers.ratelimit]).toEqual([429, 'limit=20, remaining=0, reset=60'])
      expect(refused.json().code).toBe('rate_limited')
      expect((await call(0, { from: '192.0.2.2' })).statusCode).toBe(500)
      expect((await call(1)).statusCode).toBe(500)
      now += 1000
      expect((await call(0)).statusCode).toBe(500)
    } finally {
      await api.database.pool.query('alter table away rename to api_key')
    }
    expect((await call(0)).statusCode).toBe(429)
  })

  it('refuse a revoked key as such once a second has passed', async () => {
    for (let count = 0; count < 21; count++) await call(0)
    await api.call('DELETE', `/forms/${form.formId}/apiKey`, { as: api.owner })
    expect([401, 429]).toContain((await call(0)).statusCode)
    now += 1000
    expect((await call(0)).statusCode).toBe(401)
  })

  it('serve on within a moment when the store hangs, each by itself, and count together when it is back', async () => {
    expect([remaining(await call(0)), remaining(await call(1))]).toEqual([19, 18])
    place.block()
    const answers = []
    for (let count = 0; count < 25; count++) {
      const start = performance.now()
      answers.push(await call(1))
      expect(performance.now() - start).toBeLessThan(soonMs)
    }
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([...Array(18).fill(200), ...Array(7).fill(429)])
    expect(answers.map(remaining).slice(0, 2)).toEqual([17, 16])
    const start = performance.now()
    expect((await call(0, { secret: randomUUID() })).statusCode).toBe(401)
    expect(performance.now() - start).toBeLessThan(soonMs)
    await place.unblock()
    await expect.poll(allUp).toBe(true)
    const other = await api.addForm()
    form = other
    expect([remaining(await call(0)), remaining(await call(1))]).toEqual([19, 18])
  })
}
