/** RFC 9457 problem details, as every error of our API has them. */
export type ProblemBody = {
  code: string
  title: string
  status: number
  detail?: string | undefined
  errors?: { path?: string; key?: string; message: string }[] | undefined
}

/** A call that failed: the server said why, or it could not be reached (`status` 0). */
export class ApiProblem extends Error {
  readonly problem: ProblemBody
  readonly retryAfterSeconds: number | undefined

  constructor(problem: ProblemBody, retryAfterSeconds?: number) {
    super(problem.detail ?? problem.title)
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }

  get code(): string {
    return this.problem.code
  }
}

/** No answer came: the network, or the server, is away. */
export const unreachable: ProblemBody = { code: 'unreachable', title: 'No answer from the server', status: 0 }

export function problemOf(response: Response, body: unknown): ApiProblem {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  const problem = isProblem(body)
    ? body
    : { code: `status_${response.status}`, title: response.statusText || 'Error', status: response.status }
  return new ApiProblem(problem, Number.isFinite(retryAfter) ? retryAfter : undefined)
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
}
