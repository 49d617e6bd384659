import { spawnSync } from 'node:child_process'
import { startRedis } from '../../server/test/redis.ts'

/** Where the servers that are measured count, and how they are told. */
export type MeasuredStore = { name: string; env: Record<string, string>; close(): Promise<void> }

const close = async () => undefined
export const memory: MeasuredStore = { name: 'memory', env: { RATE_LIMIT_STORE: 'memory' }, close }
export const postgres: MeasuredStore = { name: 'PostgreSQL', env: { RATE_LIMIT_STORE: 'postgres' }, close }

/** A redis-server of our own; undefined, and said, where none is installed. */
export async function openRedis(): Promise<MeasuredStore | undefined> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    console.log('There is no redis-server on this machine, so Redis is left out.')
    return undefined
  }
  const redis = await startRedis()
  return { name: 'Redis', env: { RATE_LIMIT_STORE: 'redis', REDIS_URL: redis.url }, close: () => redis.kill() }
}
