import type { Registry } from 'prom-client'
import type { Ticks } from '../clock.ts'
import type { RateLimitStoreConfig } from '../config.ts'
import { type LimiterMetrics, limiterMetrics } from './limiter-metrics.ts'
import { memoryStore } from './memory-store.ts'
import { postgresStore } from './postgres-store.ts'
import type { LocalStore, SharedStore } from './rate-limit.ts'
import { sharedCounts } from './shared-counts.ts'

type CountsOptions = {
  store: RateLimitStoreConfig
  databaseUrl: string
  ticks: Ticks
  registry: Registry
  warn(message: string): void
}

export type Counts = {
  store: LocalStore
  metrics: LimiterMetrics
  /** Call it before anybody is served. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Where each store keeps its counts, as whoever runs the server reads it: containers that name different places do not share. */
export const placeOfCounts: Record<RateLimitStoreConfig['kind'], string> = {
  memory: 'this process alone',
  postgres: 'the database',
  redis: 'Redis (REDIS_URL)',
}

/** Counts where the configuration says, and tells how it goes. */
export async function openCounts({ store, databaseUrl, ticks, registry, warn }: CountsOptions): Promise<Counts> {
  const metrics = limiterMetrics(registry, store.kind)
  if (store.kind === 'memory') {
    return { store: memoryStore(ticks), metrics, start: async () => undefined, stop: async () => undefined }
  }
  const counts = sharedCounts({ store: await openShared(store, databaseUrl), ticks, metrics, warn })
  return { store: counts, metrics, start: counts.start, stop: counts.stop }
}

async function openShared(
  store: Exclude<RateLimitStoreConfig, { kind: 'memory' }>,
  databaseUrl: string,
): Promise<SharedStore> {
  if (store.kind === 'postgres') return postgresStore(databaseUrl)
  // The library takes 25 MB, which only those shall spend who use it.
  const { redisStore } = await import('./redis-store.ts')
  return redisStore(store.url)
}
