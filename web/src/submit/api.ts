import { ApiProblem, problemOf, unreachable } from '../api/problem.ts'
import type { paths } from '../api/schema.d.ts'

type Ok<Operation> = Operation extends { responses: { 200: { content: { 'application/json': infer Body } } } }
  ? Body
  : never
type Created<Operation> = Operation extends { responses: { 201: { content: { 'application/json': infer Body } } } }
  ? Body
  : never

export type Form = Ok<paths['/app/api/v1/forms/{formId}/version']['get']>
export type Version = Form['versions'][number]
export type FormOptions = Ok<paths['/app/api/v1/forms/{formId}/options']['get']>
export type Session = Ok<paths['/app/api/auth/get-session']['get']>
export type Person = NonNullable<Session['user']>
export type Submission = Created<paths['/app/api/v1/forms/{formId}/versions/{formVersionId}/submissions']['post']>
export type SubmissionWithForm = Ok<paths['/app/api/v1/submissions/{formSubmissionId}']['get']>

export type OwnSubmission = Ok<paths['/app/api/v1/rbac/current/submissions']['get']>[number]

export type Call = { method?: string; body?: unknown; headers?: Record<string, string> }
export type Api = <T>(path: string, call?: Call) => Promise<T>

/** Nobody waits longer than this for an answer; a slow network gets there within it. */
const patienceMs = 60_000

/**
 * Calls of the fill-in page, without the packages of the owners' app. Rejects with an `ApiProblem`.
 * @param withSession whether the visitor's session goes along; not where another site embeds the form
 */
export function apiWith(withSession: boolean): Api {
  return async <T>(path: string, { method = 'GET', body, headers = {} }: Call = {}) => {
    const reply = await send(path, {
      method,
      credentials: withSession ? 'same-origin' : 'omit',
      cache: 'no-store',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await reply.text().catch(() => unanswered())
    const answer = parsed(text)
    if (!reply.ok) throw problemOf(reply, answer)
    return answer as T // as openapi.json describes it, from where the types of the callers come
  }
}

function send(path: string, init: RequestInit): Promise<Response> {
  return fetch(path, { ...init, signal: AbortSignal.timeout(patienceMs) }).catch(unanswered)
}

function unanswered(): never {
  throw new ApiProblem(unreachable)
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What to think of anything that was thrown. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  return new ApiProblem({ code: 'unexpected', title: String(error), status: -1 })
}
