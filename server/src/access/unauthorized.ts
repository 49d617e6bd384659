import type { FastifyRequest } from 'fastify'
import { type Problem, problems } from '../problem.ts'

/** The refusal of whoever must say who they are. A browser would answer a challenge with a password box, so only programs get one. */
export function unauthorized({ headers }: FastifyRequest, detail?: string): Problem {
  const browser = Object.keys(headers).some((name) => name.startsWith('sec-fetch-'))
  const challenge = headers.authorization !== undefined || !browser
  return problems.unauthorized(
    challenge ? { 'WWW-Authenticate': 'Basic realm="Formgate", charset="UTF-8"' } : {},
    detail,
  )
}
