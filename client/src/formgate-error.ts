/** What the server says went wrong (RFC 9457), or what we found ourselves. */
export type ProblemFacts = {
  /** Stable; decide by this. `network_error` and the like are ours. */
  code: string
  /** The HTTP status; undefined where there was no answer. */
  status?: number | undefined
  detail: string
  /** What is wrong with which answer, of a submission that was refused. */
  errors?: { path: string; message: string }[] | undefined
  /** All members of the problem. */
  problem?: Record<string, unknown> | undefined
}

/** Any call that did not end well; never holds the API key. */
export class FormgateError extends Error {
  override readonly name = 'FormgateError'
  readonly code: string
  readonly status: number | undefined
  readonly errors: { path: string; message: string }[]
  readonly problem: Record<string, unknown>

  constructor({ code, status, detail, errors = [], problem = {} }: ProblemFacts, options?: ErrorOptions) {
    super(detail, options)
    this.code = code
    this.status = status
    this.errors = errors
    this.problem = problem
  }
}

/** The error that a reply means; it reads the reply's body. */
export async function errorOf(response: Response): Promise<FormgateError> {
  const text = await response.text().catch(() => '')
  const problem = parsed(text)
  const { code, detail, title, errors } = problem
  return new FormgateError({
    code: typeof code === 'string' ? code : `http_${response.status}`,
    status: response.status,
    detail: [detail, title].find((each) => typeof each === 'string') ?? `The server answered ${response.status}.`,
    // The server's own list, whose shape its document tells.
    errors: Array.isArray(errors) ? (errors as { path: string; message: string }[]) : [],
    problem,
  })
}

function parsed(text: string): Record<string, unknown> & { detail?: string; title?: string } {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}
