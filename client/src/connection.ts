import createClient, { type Client } from 'openapi-fetch'
import { errorOf, FormgateError } from './formgate-error.ts'
import { networkError, type Patience, patientFetch, sleep, type Wait } from './patient-fetch.ts'
import type { paths } from './schema.ts'

export type FormgateOptions = {
  /** Where the server is, as `https://forms.example.org`. */
  baseUrl: string
  formId: string
  apiKey: string
  /** Eight calls and five minutes of waiting, unless said. */
  patience?: Partial<Patience>
  /** Told of each wait before it begins. */
  onWait?: (wait: Wait) => void
  /** Ends all calls and waits of the client. */
  signal?: AbortSignal
  fetch?: typeof fetch
}

/** The form's API with its key: what all parts of the client call. */
export type Connection = {
  formId: string
  /** The server's address without a slash at its end. */
  baseUrl: string
  /** All operations by their path (openapi-fetch); they answer `{ data, error, response }`. */
  api: Client<paths>
  /** Any call below `/app/api/v1`. @throws FormgateError for a reply that is no success */
  send(path: string, init?: RequestInit): Promise<Response>
  /** A call and its JSON; one whose body is cut off is repeated where that does no harm. */
  json<T>(path: string, init?: RequestInit): Promise<{ value: T; headers: Headers }>
  /** The same as `send`, whatever the status. */
  sendRaw(path: string, init?: RequestInit): Promise<Response>
  signalWith(signal: AbortSignal | undefined): AbortSignal | null
}

export const apiPrefix = '/app/api/v1'
const cutBodiesMax = 3
const notJson = { code: 'bad_reply', detail: 'The reply is no JSON: is there a Formgate server at this address?' }
const defaultPatience: Patience = { attempts: 8, waitMs: 300_000 }

export function connect(options: FormgateOptions): Connection {
  const { formId, apiKey, onWait, signal } = options
  const baseUrl = options.baseUrl.replace(/\/+$/, '').replace(/\/app\/api\/v1$/, '')
  if (!/^https?:\/\//.test(baseUrl)) throw new TypeError('The base URL must begin with https:// or http://.')
  const patience = { ...defaultPatience, ...options.patience }
  const patient = patientFetch({ fetch: options.fetch ?? fetch, patience, onWait, sleep })
  const authorization = `Basic ${base64(`${formId}:${apiKey}`)}`

  function signalWith(own: AbortSignal | undefined): AbortSignal | null {
    return own && signal ? AbortSignal.any([own, signal]) : (own ?? signal ?? null)
  }

  async function sendRaw(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('authorization', authorization)
    const all = { ...init, headers, signal: signalWith(init.signal ?? undefined) }
    return patient(new Request(`${baseUrl}${apiPrefix}${path}`, all))
  }

  async function send(path: string, init?: RequestInit): Promise<Response> {
    const response = await sendRaw(path, init)
    if (response.ok) return response
    throw await errorOf(response)
  }

  async function json<T>(path: string, init: RequestInit = {}): Promise<{ value: T; headers: Headers }> {
    const canRepeat = (init.method ?? 'GET') === 'GET' || new Headers(init.headers).has('idempotency-key')
    for (let left = canRepeat ? cutBodiesMax : 0; ; left -= 1) {
      const response = await send(path, init)
      try {
        // What the caller names is what the document says of this path.
        return { value: JSON.parse(await response.text()) as T, headers: response.headers }
      } catch (error) {
        signalWith(init.signal ?? undefined)?.throwIfAborted()
        if (error instanceof SyntaxError) throw new FormgateError(notJson, { cause: error })
        if (left === 0) throw networkError(error)
      }
    }
  }

  return {
    formId,
    baseUrl,
    signalWith,
    sendRaw,
    send,
    json,
    api: createClient<paths>({
      baseUrl,
      headers: { authorization },
      fetch: (request: Request) =>
        patient(signal ? new Request(request, { signal: AbortSignal.any([request.signal, signal]) }) : request),
    }),
  }
}

/** In UTF-8, as the server reads it (RFC 7617 §2.1). */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}

/** A query from what was given; undefined is left out and a list is repeated. */
export function queryOf(values: Record<string, unknown>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    for (const each of Array.isArray(value) ? value : [value]) if (each !== undefined) query.append(name, String(each))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
