import { type Problem, problemBody, problems } from '../problem.ts'
import { basicAuth, sessionCookie } from './operation.ts'
import { problemCodes } from './problem-codes.ts'

const problemType = 'application/problem+json'

/** How to authorize, for `components.securitySchemes`. */
export const securitySchemes = {
  [basicAuth]: {
    type: 'http',
    scheme: 'basic',
    description: 'RFC 7617. User name = form ID, password = API key.',
  },
  [sessionCookie]: {
    type: 'apiKey',
    in: 'cookie',
    name: 'formgate.session_token',
    description:
      'A person who signed in with POST /app/api/auth/sign-in/email. Behind https the cookie is called `__Secure-formgate.session_token`.',
  },
} as const

/** The header fields of every reply that was counted, for `components.headers`. */
export const headers = {
  RateLimit: {
    description: 'The limit that holds for this caller, what is left of it, and in how many seconds the window ends.',
    schema: { type: 'string' },
    example: 'limit=120, remaining=119, reset=60',
  },
  RateLimitPolicy: {
    description: 'So many calls in a window of so many seconds, which starts with its first call.',
    schema: { type: 'string' },
    example: '120;w=60',
  },
  RetryAfter: {
    description: 'In how many seconds it is worth trying again.',
    schema: { type: 'integer', minimum: 1 },
    example: 13,
  },
} as const

/** What every reply carries. */
export const rateLimitHeaders = { RateLimit: header('RateLimit'), 'RateLimit-Policy': header('RateLimitPolicy') }

type ErrorResponse = { name: string; sample: Problem }

const sampleQuota = {
  policy: 'default',
  limit: { max: 120, windowMs: 60_000 },
  remaining: 0,
  resetSeconds: 13,
} as const

const errorResponses: Record<number, ErrorResponse> = {
  400: { name: 'BadRequest', sample: problems.invalidId('formId') },
  401: { name: 'Unauthorized', sample: problems.unauthorized() },
  403: { name: 'Forbidden', sample: problems.forbidden('You have no right to do this with this form.') },
  404: { name: 'NotFound', sample: problems.notFound('submission') },
  409: { name: 'Conflict', sample: problems.conflict('Somebody else changed this at the same moment.') },
  410: { name: 'Gone', sample: problems.cursorExpired() },
  413: { name: 'ContentTooLarge', sample: problems.bodyTooLarge(30 * 1024 * 1024) },
  415: { name: 'UnsupportedMediaType', sample: problems.unsupportedMediaType() },
  416: { name: 'RangeNotSatisfiable', sample: problems.exportPieceChanged(1_048_576) },
  422: {
    name: 'UnprocessableContent',
    sample: problems.invalidSubmission([{ path: 'data.age', key: 'age', message: 'must be a number' }]),
  },
  429: { name: 'TooManyRequests', sample: problems.rateLimited(sampleQuota) },
  500: { name: 'InternalError', sample: problems.internal() },
  503: { name: 'Unavailable', sample: problems.unavailable() },
}

/** A reference to the response of an error status. @throws for a status that has none yet */
export function errorResponse(status: number): { $ref: string } {
  const response = errorResponses[status]
  if (!response) throw new Error(`components.ts describes no response with status ${status}.`)
  return { $ref: `#/components/responses/${response.name}` }
}

/** The responses of all error statuses, for `components.responses`. */
export function responses(): Record<string, ReturnType<typeof toResponse>> {
  return Object.fromEntries(
    Object.entries(errorResponses).map(([status, { name, sample }]) => [name, toResponse(Number(status), sample)]),
  )
}

function toResponse(status: number, sample: Problem) {
  const retries = status === 429 || status === 503
  return {
    description: codesOf(status),
    headers: retries ? { ...rateLimitHeaders, 'Retry-After': header('RetryAfter') } : rateLimitHeaders,
    content: {
      [problemType]: { schema: { $ref: '#/components/schemas/Problem' }, example: problemBody(sample) },
    },
  }
}

function codesOf(status: number): string {
  return problemCodes
    .filter((each) => each.status === status)
    .map(({ code, meaning }) => `- \`${code}\`: ${meaning}`)
    .join('\n')
}

function header(name: keyof typeof headers) {
  return { $ref: `#/components/headers/${name}` }
}
