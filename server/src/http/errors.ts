import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type FieldProblem, Problem, problemBody, problems } from '../problem.ts'
import type { FieldForm } from '../rate-limit/fields.ts'
import type { Limits } from '../rate-limit/limits.ts'
import { setHeaders } from './headers.ts'
import { fieldFormFor, showQuota } from './quota.ts'

export const problemType = 'application/problem+json; charset=utf-8'

type ErrorsOptions = {
  limits: Pick<Limits, 'isCounted' | 'takeForStranger' | 'giveBack'>
  /** The form of the header fields of limits for those who ask for none. */
  fieldForm: FieldForm
}

/** The one place where whatever ends a request becomes a response. */
export function answerErrors(app: FastifyInstance, { limits, fieldForm }: ErrorsOptions): void {
  function isCounted({ quota }: Problem, request: FastifyRequest, reply: FastifyReply): boolean {
    return limits.isCounted(reply) || quota !== undefined || !isOfApi(request.raw.url)
  }

  /** What ends before the guard counted it counts too, as far as it concerns the API. */
  async function counted(problem: Problem, request: FastifyRequest, reply: FastifyReply): Promise<Problem> {
    if (isCounted(problem, request, reply)) return problem
    return limits.takeForStranger(reply, request.ip).then(
      () => problem,
      (error: unknown) => toProblem(error, request),
    )
  }

  async function sendOnceCounted(error: unknown, found: Problem, request: FastifyRequest, reply: FastifyReply) {
    const problem = await counted(found, request, reply)
    if (problem.status >= 500) {
      request.log.error({ reqId: request.id, err: error }, 'request failed')
      await limits.giveBack(reply)
    }
    return sendProblem(reply, problem, fieldForm)
  }

  // A refusal that was counted is answered at once: as an async function this would cost each a promise.
  app.setErrorHandler((error: unknown, request, reply) => {
    const problem = toProblem(error, request)
    if (problem.status < 500 && isCounted(problem, request, reply)) return sendProblem(reply, problem, fieldForm)
    return sendOnceCounted(error, problem, request, reply)
  })
}

/** Writes a problem as the answer. */
function sendProblem(reply: FastifyReply, problem: Problem, preset: FieldForm): FastifyReply {
  if (problem.quota) showQuota(reply, problem.quota, preset)
  setHeaders(reply, problem.headers)
  const body = problemBody(problem, fieldFormFor(reply, preset))
  return reply.code(problem.status).type(problemType).send(JSON.stringify(body))
}

/** Whether an address is one of the API, however it is written, and whether or not there is such an operation. */
function isOfApi(url = ''): boolean {
  const [path = ''] = url.split(/[?#]/)
  return /^\/app\/api(?:\/|$)/i.test(path.replace(/%[0-7][0-9a-f]/gi, decodeURIComponent))
}

/** Turns Fastify's own errors, those of the database's connection and everything unforeseen into problems. */
export function toProblem(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error
  if (!(error instanceof Error)) return problems.internal()
  const { code = '', validation, validationContext } = error as Partial<FastifyError>
  if (validation) return validationProblem(validation, validationContext, request)
  return fromCode(code, error, request) ?? fromMessage(error) ?? problems.internal()
}

function fromCode(code: string, error: Error, request: FastifyRequest): Problem | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problems.bodyTooLarge(request.routeOptions.bodyLimit ?? 0)
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problems.unsupportedMediaType()
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return problems.malformedJson('The body is empty, yet content-type promises JSON.')
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problems.malformedJson(error.message)
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_ASYNC_CONSTRAINT':
      return problems.malformedUrl()
    // A path segment beyond the router's length, for instance.
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return problems.badRequest('The address has a part that is too long.')
    case '40P01': // deadlock_detected
    case '40001': // serialization_failure
    case '55P03': // lock_not_available
      return problems.conflict('Somebody else changed the same at the same moment. Nothing was stored. Try again.')
    case 'ECONNREFUSED':
    case '57P01': // admin_shutdown
    case '57P02': // crash_shutdown
    case '57P03': // cannot_connect_now
    case '53300': // too_many_connections
    case '55000': // object_not_in_prerequisite_state: the database takes no connections now
      return problems.unavailable()
    default:
      return undefined
  }
}

/** A parser's SyntaxError and Fastify's other 4xx carry no code of ours. */
function fromMessage(error: Error): Problem | undefined {
  if (error instanceof SyntaxError && 'statusCode' in error) return problems.malformedJson(error.message)
  const { statusCode } = error as Partial<FastifyError>
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500
    ? problems.badRequest(error.message)
    : undefined
}

function validationProblem(
  validation: NonNullable<FastifyError['validation']>,
  context: FastifyError['validationContext'],
  request: FastifyRequest,
): Problem {
  const errors: FieldProblem[] = validation.map((each) => ({
    path: pathOf(each.instancePath, each.params),
    message: each.message ?? 'is wrong',
  }))
  if (context === 'params') return invalidId(validation[0]?.keyword, errors[0])
  if (context === 'querystring') return problems.invalidQuery(errors)
  if (context === 'headers') return problems.invalidHeaders(errors)
  return problems.invalidBody(errors, request.routeOptions.config.invalidBodyStatus)
}

function invalidId(keyword: string | undefined, error: FieldProblem | undefined): Problem {
  const name = error?.path ?? 'id'
  return keyword === 'format' ? problems.invalidId(name) : problems.invalidId(name, error?.message)
}

function pathOf(instancePath: string, params: Record<string, unknown>): string {
  const path = instancePath.slice(1).replaceAll('/', '.')
  const missing = params.missingProperty ?? params.additionalProperty
  return typeof missing === 'string' ? [path, missing].filter(Boolean).join('.') : path
}
