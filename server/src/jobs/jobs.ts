import { PgBoss } from 'pg-boss'

/** What is done beside the requests, by whichever container comes first, and again when that container ended meanwhile. */
export type Jobs = {
  /** Takes jobs of a queue from now on, one at a time. The signal tells that the server stops; the job is then done again later. */
  work<Data extends object>(queue: string, handle: (data: Data, attempt: Attempt) => Promise<void>): void
  add(queue: string, data: object): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

export type Attempt = {
  signal: AbortSignal
  /** Whether there is no further one. */
  isLast: boolean
}

type Deps = { databaseUrl: string; warn(message: string): void }
type Handle = (data: object, attempt: Attempt) => Promise<void>

const retries = 3
/** A container that does not say so often that it is still at work has ended. */
const heartbeatSeconds = 15
const expireInSeconds = 23 * 3600
const stopMs = 5_000

/** Jobs in PostgreSQL, in a schema of pg-boss's own. */
export function openJobs({ databaseUrl, warn }: Deps): Jobs {
  const handlers = new Map<string, Handle>()
  const stopping = new AbortController()
  const boss = new PgBoss({
    connectionString: databaseUrl,
    application_name: 'formgate-jobs',
    max: 2,
    schedule: false,
    superviseIntervalSeconds: heartbeatSeconds,
    monitorIntervalSeconds: heartbeatSeconds,
  })
  boss.on('error', (error) => warn(`Jobs: ${error.message}`))
  let started: Promise<void> | undefined

  async function begin(): Promise<void> {
    await boss.start()
    for (const [queue, handle] of handlers) {
      await boss.createQueue(queue, { retryLimit: retries, retryDelay: 5, heartbeatSeconds, expireInSeconds })
      await boss.work(queue, { pollingIntervalSeconds: 1, includeMetadata: true }, async ([job]) => {
        if (!job) return
        const signal = AbortSignal.any([job.signal, stopping.signal])
        await handle(job.data as object, { signal, isLast: job.retryCount >= job.retryLimit })
      })
    }
  }

  /** Also by the first job: a server that nobody asks for any does without pg-boss. */
  function start(): Promise<void> {
    started ??= begin().catch((error: unknown) => {
      started = undefined
      throw error
    })
    return started
  }

  return {
    work: (queue, handle) => void handlers.set(queue, handle as Handle),
    async add(queue, data) {
      await start()
      await boss.send(queue, data)
    },
    start,
    async stop() {
      stopping.abort()
      if (!started) return
      await started.catch(() => undefined)
      await boss.stop({ graceful: true, timeout: stopMs })
    },
  }
}
