import pg from 'pg'
import { type Containers, startContainers, unansweredTrips } from './containers.ts'
import { judge, type Verdict } from './exactness.ts'
import { hammer } from './hammer.ts'
import type { MeasuredStore } from './limiter-stores.ts'
import { setLimit } from './limits-of-forms.ts'
import { authorizationOf, type Credentials, makeForm } from './scenario.ts'

export type ExactnessOptions = {
  databaseUrl: string
  /** What a server needs to start, and the account that makes the forms. */
  env: Record<string, string>
  admin: Credentials
  quick: boolean
  /** The windows' lengths to try; all when undefined. */
  windowSeconds: number[] | undefined
}

type Case = { windowSeconds: number; limits: number[]; windows: number; pauseMs: number }
export type Result = {
  store: string
  limit: number
  windowSeconds: number
  verdict: Verdict
  /** Questions that the store did not answer in time; each lets a process count for itself for a second. */
  unanswered: number
}

const processes = 4
const clients = 64
const clocksDifferByMs = 5000

/** Limits of one window's length are tried at the same time, each on a form of its own. */
const casesOf = (quick: boolean): Case[] => [
  { windowSeconds: quick ? 3 : 60, limits: [20, 120], windows: 3, pauseMs: quick ? 20 : 200 },
  // Long enough for a machine of two cores to reach a limit of a thousand in each.
  { windowSeconds: 2, limits: [1000], windows: quick ? 2 : 5, pauseMs: 20 },
  { windowSeconds: 1, limits: [1000], windows: quick ? 4 : 15, pauseMs: 20 },
]

/** 64 clients on one key through four servers, of which two are five seconds ahead: whether exactly the limit is admitted in each window. */
export async function measureExactness(stores: MeasuredStore[], options: ExactnessOptions): Promise<Result[]> {
  const results: Result[] = []
  for (const each of casesOf(options.quick).filter(
    ({ windowSeconds }) => options.windowSeconds?.includes(windowSeconds) ?? true,
  )) {
    // Long windows are mostly waiting, so the stores share the time; short ones need the whole machine to be filled.
    if (each.windowSeconds > 2) {
      results.push(...(await Promise.all(stores.map((store) => measureCase(store, each, options)))).flat())
    } else {
      for (const store of stores) results.push(...(await measureCase(store, each, options)))
    }
  }
  return results
}

async function measureCase(
  store: MeasuredStore,
  { windowSeconds, limits, windows, pauseMs }: Case,
  { databaseUrl, env, admin }: ExactnessOptions,
): Promise<Result[]> {
  const settings = { ...env, ...store.env, RATE_LIMIT_WINDOW_SECONDS: String(windowSeconds) }
  const containers = await startContainers(processes, databaseUrl, settings, clocksDifferByMs)
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await warm(containers, admin)
    const durationMs = windows * windowSeconds * 1000
    return await Promise.all(
      limits.map(async (limit) => {
        const form = await makeForm(containers.addresses[0] ?? '', admin)
        await setLimit(client, form.formId, limit)
        const target = { path: `/app/api/v1/forms/${form.formId}`, authorization: authorizationOf(form) }
        const graceMs = 2000 * windowSeconds
        const calls = await hammer({
          ...target,
          addresses: containers.addresses,
          clients,
          durationMs,
          graceMs,
          pauseMs,
        })
        const verdict = judge(calls, limit, windowSeconds * 1000)
        const unanswered = await unansweredTrips(containers)
        return { store: store.name, limit, windowSeconds, verdict, unanswered }
      }),
    )
  } finally {
    await client.end()
    await containers.stop()
  }
}

/** A process that has just started compiles its code, and would not reach a limit in its first windows. */
async function warm({ addresses }: Containers, admin: Credentials): Promise<void> {
  const form = await makeForm(addresses[0] ?? '', admin)
  const target = { path: `/app/api/v1/forms/${form.formId}`, authorization: authorizationOf(form) }
  await hammer({ ...target, addresses, clients, durationMs: 4000, graceMs: 0, pauseMs: 0 })
}
