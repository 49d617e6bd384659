import createClient from 'openapi-fetch'
import { ApiProblem, problemOf, unreachable } from './problem.ts'
import type { paths } from './schema.d.ts'

/**
 * The API, typed by `openapi.json`. Use it through `answer`, which returns the reply's body or throws an `ApiProblem`:
 *
 *     const form = await answer(api.GET('/app/api/v1/forms/{formId}', { params: { path: { formId } } }))
 */
export const api = createClient<paths>({ baseUrl: '', credentials: 'same-origin', fetch: (request) => call(request) })

type Reply<T> = { data?: T; error?: unknown; response: Response }

/** The body of a successful reply; what went wrong, as an `ApiProblem`, else. */
export async function answer<T>(reply: Promise<Reply<T>>): Promise<T> {
  const { data, error, response } = await reply
  if (!response.ok) throw problemOf(response, error)
  return data as T // openapi-fetch gives `data` with every successful reply; undefined for those without a body
}

/** Asks a person whose session ended to sign in again; resolves to whether they did. */
export type SignInAgain = () => Promise<boolean>
let signInAgain: SignInAgain | undefined
let declined = false

/** Whether the session ended and its person did not want to sign in again now. What calls by itself then waits. */
export const isSessionLeft = () => declined

/** The shell sets this while somebody is signed in. A call that meets an ended session waits and is then repeated. */
export function whenSessionEnds(ask: SignInAgain | undefined): void {
  signInAgain = ask
}

/** `fetch` with our two answers to trouble: an ended session is renewed, and no network is an `ApiProblem`. */
export async function call(request: Request): Promise<Response> {
  const again = request.clone()
  const response = await send(request)
  if (response.ok) declined = false
  if (response.status !== 401 || isAboutPassword(request.url)) return response
  return (await renewSession()) ? send(again) : response
}

/** Asks whoever was signed in to sign in again; for requests that do not go through `call`. */
export async function renewSession(): Promise<boolean> {
  if (!signInAgain) return false
  declined = !(await signInAgain())
  return !declined
}

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiProblem(unreachable)
  }
}

/** There a 401 means that the password is wrong, not that the session ended. */
function isAboutPassword(url: string): boolean {
  return new URL(url, location.href).pathname.startsWith('/app/api/auth/')
}
