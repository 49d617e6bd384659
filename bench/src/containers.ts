import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Running, startFormgate } from './servers.ts'

/** Several servers on one database, as containers are. */
export type Containers = { addresses: string[]; stop(): Promise<void> }

/**
 * @param env of all of them, beside what they need to start
 * @param aheadMs how far the clock of every second one is ahead
 */
export async function startContainers(
  count: number,
  databaseUrl: string,
  env: Record<string, string>,
  aheadMs = 0,
): Promise<Containers> {
  const dataDir = await mkdtemp(join(tmpdir(), 'formgate-containers-'))
  const envOf = (index: number) => (index % 2 === 1 && aheadMs > 0 ? { ...env, ...clockAhead(aheadMs) } : env)
  const started = await Promise.allSettled(
    Array.from({ length: count }, async (_, index) =>
      startFormgate(databaseUrl, dataDir, envOf(index), await freePort()),
    ),
  )
  const running = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const stop = async () => {
    await Promise.all(running.map((each: Running) => each.stop()))
    await rm(dataDir, { recursive: true, force: true })
  }
  const failed = started.find((each) => each.status === 'rejected')
  if (!failed) return { addresses: running.map(({ address }) => address), stop }
  await stop()
  throw failed.reason
}

/** The environment of a process whose clock is ahead. */
export function clockAhead(ms: number): Record<string, string> {
  const preloaded = new URL('clock-ahead.ts', import.meta.url).href
  return { NODE_OPTIONS: `--import=${preloaded}`, CLOCK_AHEAD_MS: String(ms) }
}

/** How many questions to the shared store were not answered in time, by all servers' own account. */
export async function unansweredTrips({ addresses }: Containers): Promise<number> {
  const texts = await Promise.all(addresses.map(async (each) => (await fetch(`${each}/metrics`)).text()))
  const counts = texts.flatMap((text) => [
    ...text.matchAll(/^formgate_rate_limit_trips_total\{result="(?:late|failed)"\} (\d+)$/gm),
  ])
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}

/** A port that nobody listens on right now. */
export function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer().on('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
  })
  return promise
}
