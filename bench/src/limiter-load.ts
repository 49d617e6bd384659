import pg from 'pg'
import { startContainers } from './containers.ts'
import { type Call, hammer, openLine } from './hammer.ts'
import type { ExactnessOptions } from './limiter-exactness.ts'
import type { MeasuredStore } from './limiter-stores.ts'
import { setLimit } from './limits-of-forms.ts'
import { percentilesOf } from './rounds.ts'
import { authorizationOf, makeForm } from './scenario.ts'

export type Load = {
  store: string
  /** With a limit that nobody reaches, from ten connections. */
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** With a key over its limit, from 64. */
  refusedPerSecond: number
  tripsPerSecond: number
}

const connections = 10

/** What counting in a store costs, and what a flood does to it; all stores' servers run at the same time and take turns. */
export async function measureLoad(stores: MeasuredStore[], options: ExactnessOptions): Promise<Load[]> {
  const seconds = options.quick ? 2 : 8
  const opened = await Promise.all(stores.map((store) => open(store, options)))
  try {
    for (const each of opened) await calls(each.address, each.target, 1)
    const rounds = opened.map((): Call[] => [])
    // Short turns, so that all meet the same noise.
    for (let turn = 0; turn < 4; turn++) {
      for (const [index, each] of opened.entries())
        rounds[index]?.push(...(await calls(each.address, each.target, seconds / 4)))
    }
    const loads: Load[] = []
    for (const [index, each] of opened.entries()) {
      loads.push({ store: each.name, ...speedOf(rounds[index] ?? [], seconds), ...(await flood(each, seconds)) })
    }
    return loads
  } finally {
    for (const each of opened) await each.close()
  }
}

type Opened = Awaited<ReturnType<typeof open>>

async function open({ name, env: ofStore }: MeasuredStore, { databaseUrl, env, admin }: ExactnessOptions) {
  const containers = await startContainers(1, databaseUrl, { ...env, ...ofStore })
  const address = containers.addresses[0] ?? ''
  const form = await makeForm(address, admin)
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const close = async () => {
    await client.end()
    await containers.stop()
  }
  const target = { path: `/app/api/v1/forms/${form.formId}`, authorization: authorizationOf(form) }
  return { name, address, form, client, target, close }
}

/** Calls from ten connections, one after the other on each. */
async function calls(address: string, target: Opened['target'], seconds: number): Promise<Call[]> {
  const endsAt = performance.now() + seconds * 1000
  const made: Call[] = []
  const client = async () => {
    const line = await openLine(address, target)
    while (performance.now() < endsAt) made.push(await line.ask())
    line.close()
  }
  await Promise.all(Array.from({ length: connections }, client))
  const other = made.find(({ status }) => status !== 200)
  if (other) throw new Error(`A call was answered with ${other.status}.`)
  return made
}

function speedOf(made: Call[], seconds: number) {
  return {
    perSecond: made.length / seconds,
    ...percentilesOf(made.map(({ sentAt, answeredAt }) => answeredAt - sentAt)),
  }
}

async function flood({ address, form, client, target }: Opened, seconds: number) {
  await setLimit(client, form.formId, 1)
  const before = await tripsOf(address)
  const start = performance.now()
  const made = await hammer({
    ...target,
    addresses: [address],
    clients: 64,
    durationMs: seconds * 1000,
    graceMs: 0,
    pauseMs: 0,
  })
  const tookSeconds = (performance.now() - start) / 1000
  const refused = made.filter(({ status }) => status === 429).length
  const trips = (await tripsOf(address)) - before
  return { refusedPerSecond: refused / tookSeconds, tripsPerSecond: trips / tookSeconds }
}

/** How often the server has asked its store, by its own account. */
async function tripsOf(address: string): Promise<number> {
  const text = await fetch(`${address}/metrics`).then((response) => response.text())
  const counts = [...text.matchAll(/^formgate_rate_limit_trips_total\{.*\} (\d+)$/gm)]
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}
