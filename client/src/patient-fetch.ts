import { FormgateError } from './formgate-error.ts'

/** How long a call goes on trying. */
export type Patience = {
  /** Calls in all, the first one among them. */
  attempts: number
  /** Milliseconds of waiting in all; a `Retry-After` beyond that is not waited for. */
  waitMs: number
}
export type Wait = { reason: 'rate limit' | 'unavailable' | 'network'; waitMs: number }

export type PatientDeps = {
  fetch: typeof fetch
  patience: Patience
  onWait?: ((wait: Wait) => void) | undefined
  /** Resolves after so many milliseconds, or rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal | null | undefined): Promise<void>
}

/** The first pause after a failure that names none; each further one is twice as long. */
const firstPauseMs = 500
const longestPauseMs = 30_000

/**
 * A fetch that waits where the server says so (429 and 503 with `Retry-After`, RFC 9110 §10.2.3) and repeats what can be
 * repeated without harm when the network fails: reading, and what has an `Idempotency-Key`.
 * @returns the last reply, whatever its status
 * @throws FormgateError `network_error`; the signal's reason when it is aborted
 */
export function patientFetch(deps: PatientDeps): (request: Request) => Promise<Response> {
  return async (request) => {
    let waited = 0
    for (let attempt = 1; ; attempt += 1) {
      const tried = await attemptOnce(deps.fetch, request)
      const wait = waitAfter(tried, request, attempt)
      const isLast = attempt >= deps.patience.attempts || waited + (wait?.waitMs ?? 0) > deps.patience.waitMs
      if (!wait || isLast) return lastWord(tried)
      // What is not read keeps its connection.
      if (tried.kind === 'reply') await tried.response.body?.cancel()
      deps.onWait?.(wait)
      await deps.sleep(wait.waitMs, request.signal)
      waited += wait.waitMs
    }
  }
}

type Tried = { kind: 'reply'; response: Response } | { kind: 'failed'; error: unknown }

async function attemptOnce(send: typeof fetch, request: Request): Promise<Tried> {
  try {
    return { kind: 'reply', response: await send(request.clone()) }
  } catch (error) {
    request.signal.throwIfAborted()
    return { kind: 'failed', error }
  }
}

function lastWord(tried: Tried): Response {
  if (tried.kind === 'reply') return tried.response
  throw networkError(tried.error)
}

/** A broken connection as an error of ours. */
export function networkError(error: unknown): FormgateError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const why = cause instanceof Error ? (Object(cause).code ?? cause.message) : String(cause)
  return new FormgateError(
    { code: 'network_error', detail: `The server could not be reached: ${why}.` },
    { cause: error },
  )
}

function waitAfter(tried: Tried, request: Request, attempt: number): Wait | undefined {
  const pauseMs = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs)
  const canRepeat = ['GET', 'HEAD'].includes(request.method) || request.headers.has('idempotency-key')
  if (tried.kind === 'failed') return canRepeat ? { reason: 'network', waitMs: pauseMs } : undefined
  const { status, headers } = tried.response
  const named = retryAfterMs(headers.get('retry-after'))
  if (status === 429) return { reason: 'rate limit', waitMs: named ?? pauseMs }
  // A 503 that says when to come again has done nothing yet; others may have.
  if (status === 503 && (named !== undefined || canRepeat)) return { reason: 'unavailable', waitMs: named ?? pauseMs }
  return (status === 502 || status === 504) && canRepeat ? { reason: 'unavailable', waitMs: pauseMs } : undefined
}

/** Seconds or a date, as milliseconds from now. */
export function retryAfterMs(header: string | null, now = Date.now()): number | undefined {
  if (header === null) return undefined
  const seconds = Number(header)
  const ms = header.trim() !== '' && Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

/** Waits, or rejects with the signal's reason. */
export function sleep(ms: number, signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    function stop() {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}
