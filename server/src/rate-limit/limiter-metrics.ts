import { Counter, Gauge, type Registry } from 'prom-client'

/** What whoever runs the server may see of the limiter. */
export type LimiterMetrics = {
  storeUp(up: boolean): void
  /** A question to a shared store, and what became of it: `late` is past the deadline, `failed` an error. */
  trip(result: 'answered' | 'late' | 'failed'): void
  /** A call over its limit, refused by what this process knows or by the store's count. */
  refused(by: 'memory' | 'store'): void
}

/** @param store where counts are kept: memory, postgres or redis */
export function limiterMetrics(registry: Registry, store: string): LimiterMetrics {
  const registers = [registry]
  const up = new Gauge({
    name: 'formgate_rate_limit_store_up',
    help: 'Whether the store of the rate limits answers; while it does not, each process counts for itself',
    labelNames: ['store'],
    registers,
  })
  const trips = new Counter({
    name: 'formgate_rate_limit_trips_total',
    help: 'Questions to the shared store of the rate limits, by their outcome',
    labelNames: ['result'],
    registers,
  })
  const refusals = new Counter({
    name: 'formgate_rate_limit_refused_total',
    help: 'Calls refused for their limit, from memory or by the count of the store',
    labelNames: ['by'],
    registers,
  })
  up.set({ store }, 1)
  for (const result of ['answered', 'late', 'failed']) trips.inc({ result }, 0)
  for (const by of ['memory', 'store']) refusals.inc({ by }, 0)
  return {
    storeUp: (isUp) => up.set({ store }, isUp ? 1 : 0),
    trip: (result) => trips.inc({ result }),
    refused: (by) => refusals.inc({ by }),
  }
}
