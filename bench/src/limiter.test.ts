import { spawnSync } from 'node:child_process'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../server/test/database.ts'
import { startRedis, type TestRedis } from '../../server/test/redis.ts'
import { type Containers, startContainers, unansweredTrips } from './containers.ts'
import { judge } from './exactness.ts'
import { hammer } from './hammer.ts'
import { setLimit } from './limits-of-forms.ts'
import { authorizationOf, makeForm, newAdmin } from './scenario.ts'

// Whole processes start here, while other tests keep the machine busy.
vi.setConfig({ hookTimeout: 180_000, testTimeout: 180_000 })

const noRedis = spawnSync('redis-server', ['--version']).status !== 0
const { admin, env: account } = newAdmin()

describe('four processes that count in PostgreSQL', () => exact(async () => ({ RATE_LIMIT_STORE: 'postgres' })))
describe.skipIf(noRedis)('four processes that count in Redis', () => {
  let redis: TestRedis
  exact(async () => {
    redis = await startRedis()
    return { RATE_LIMIT_STORE: 'redis', REDIS_URL: redis.url }
  })
  afterAll(() => redis.kill())
})

function exact(storeOf: () => Promise<Record<string, string>>): void {
  let database: TestDatabase
  let containers: Containers
  let client: pg.Client

  beforeAll(async () => {
    database = await createTestDatabase()
    const env = {
      ...(await storeOf()),
      ...account,
      RATE_LIMIT_WINDOW_SECONDS: '2',
    }
    containers = await startContainers(4, database.url, env, 5000)
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
  })
  afterAll(async () => {
    await containers?.stop()
    await client?.end()
    await database?.drop()
  })

  /** A form of its own, whose key no window counts yet. */
  async function hammerForm(limit: number) {
    const form = await makeForm(containers.addresses[0] ?? '', admin)
    await setLimit(client, form.formId, limit)
    return hammer({
      addresses: containers.addresses,
      path: `/app/api/v1/forms/${form.formId}`,
      authorization: authorizationOf(form),
      clients: 64,
      durationMs: 5000,
      graceMs: 2000,
      pauseMs: 20,
    })
  }

  /** On a machine so busy that the store answers late, a process counts for itself, as it should: that proves nothing. */
  async function hammerUndisturbed(limit: number) {
    for (let tries = 0; tries < 20; tries++) {
      const before = await unansweredTrips(containers)
      const calls = await hammerForm(limit)
      if ((await unansweredTrips(containers)) === before) return calls
    }
    throw new Error('The store answered late each time; this machine is too busy.')
  }

  it.each([50, 1000])(
    'admit exactly %d calls in each window, whichever is asked and whatever its clock says',
    async (limit) => {
      const { faults, windows, most } = judge(await hammerUndisturbed(limit), limit, 2000)
      expect(faults).toEqual([])
      expect(windows).toBeGreaterThan(0)
      expect(most).toBeLessThanOrEqual(limit)
    },
  )
}
