import type { onResponseHookHandler } from 'fastify'
import { Histogram, type Registry } from 'prom-client'

/** Milliseconds to stream an export are many; those of a refusal are few. */
const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

/**
 * Counts replies and how long they took, by method, route and class of status. A route is named by its pattern: addresses
 * hold ids, and who invents addresses must not invent series.
 */
export function timingRequests(registry: Registry): onResponseHookHandler {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From the head of a request to the end of its reply',
    labelNames: ['method', 'route', 'status'],
    buckets: bucketsSeconds,
    registers: [registry],
  })
  // Looking up a series by its labels costs more than counting in it.
  const known = new Map<string, ReturnType<typeof durations.labels>>()

  function seriesOf(method: string, route: string, status: string) {
    const name = `${method} ${route} ${status}`
    const series = known.get(name) ?? durations.labels(method, route, status)
    known.set(name, series)
    return series
  }

  return (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    const method = route === 'unknown' ? 'any' : request.method
    seriesOf(method, route, `${Math.floor(reply.statusCode / 100)}xx`).observe(reply.elapsedTime / 1000)
    done()
  }
}
