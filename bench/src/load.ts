import autocannon from 'autocannon'
import type { Operation } from './scenario.ts'

export type Measured = { perSecond: number; p50Ms: number; p99Ms: number }

/** Sends one request over and over on ten connections. @throws when an answer has another status than expected */
export async function measure(address: string, operation: Operation, seconds: number): Promise<Measured> {
  const result = await autocannon({
    url: `${address}${operation.path}`,
    method: operation.method,
    headers: {
      authorization: operation.authorization,
      ...(operation.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(operation.body === undefined ? {} : { body: operation.body }),
    connections: 10,
    duration: seconds,
  })
  const counts = result.statusCodeStats as Record<string, { count: number }> | undefined
  const unexpected = Object.keys(counts ?? {}).filter((status) => Number(status) !== operation.status)
  if (unexpected.length > 0 || result.errors > 0) {
    throw new Error(`${operation.name}: status ${unexpected.join(', ')}, ${result.errors} errors.`)
  }
  return { perSecond: result.requests.average, p50Ms: result.latency.p50, p99Ms: result.latency.p99 }
}
