import { Worker } from 'node:worker_threads'
import type { Job, Mode, Reply, Trip } from './trip.ts'

/** Definitions kept per worker: a small server has fewer forms in use at a time. */
const maxKnown = 50

/** What came of a job: its reply, or `lost` when the worker hung, crashed or ran out of memory. */
export type Ending = Reply | 'lost'

export type Lane = {
  isReady(): boolean
  isBusy(): boolean
  run(trip: Trip, mode: Mode, answers: string[]): Promise<Ending>
  end(): Promise<unknown>
}

export type LaneEvents = {
  ready(): void
  /** The worker ended while it had nothing to do. */
  gone(): void
}

/** One worker. A job that outlives the deadline takes the worker with it; the pool starts another. */
export function openLane(deadlineMs: number, events: LaneEvents): Lane {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 512 },
    env: {},
    execArgv: [],
  })
  const known = new Map<string, true>()
  let ready = false
  let settle: ((ending: Ending) => void) | undefined

  const finish = (ending: Ending): void => {
    settle?.(ending)
    settle = undefined
  }
  worker.unref()
  worker.on('message', (message: Reply | 'ready') => {
    if (message === 'ready') {
      ready = true
      events.ready()
    } else finish(message)
  })
  worker.on('error', () => finish('lost'))
  worker.on('exit', () => (settle ? finish('lost') : events.gone()))

  function jobFor(trip: Trip, mode: Mode, answers: string[]): Job {
    const { version, draft } = trip
    const schema = known.delete(version) ? undefined : trip.schema
    known.set(version, true)
    const [oldest] = known.keys()
    const forget = known.size > maxKnown && oldest !== undefined ? [oldest] : []
    for (const gone of forget) known.delete(gone)
    return { version, schema, forget, answers, mode, draft }
  }

  function run(trip: Trip, mode: Mode, answers: string[]): Promise<Ending> {
    const ending = new Promise<Ending>((resolve) => {
      const timer = setTimeout(() => finish('lost'), deadlineMs)
      settle = (result) => {
        clearTimeout(timer)
        worker.unref()
        resolve(result)
      }
    })
    // Only a lane at work keeps the program alive.
    worker.ref()
    worker.postMessage(jobFor(trip, mode, answers))
    return ending
  }

  return { isReady: () => ready, isBusy: () => settle !== undefined, run, end: () => worker.terminate() }
}
