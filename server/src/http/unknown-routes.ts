import type { FastifyInstance } from 'fastify'
import { problems } from '../problem.ts'

/** Tells an unknown path from a known one with another method (RFC 9110 §15.5.6). */
export function answerUnknownRoutes(app: FastifyInstance): void {
  const routes: { method: string; pattern: RegExp }[] = []
  app.addHook('onRoute', ({ method, url }) => {
    const pattern = new RegExp(
      `^${url
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replace(/:\w+/g, '[^/]+')
        .replace(/\\\*/g, '.*')}/?$`,
    )
    for (const each of [method].flat()) routes.push({ method: each, pattern })
  })
  app.setNotFoundHandler(async (request) => {
    const [path = ''] = request.url.split('?')
    const allowed = [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))]
    if (allowed.length > 0 && !allowed.includes(request.method))
      throw problems.methodNotAllowed(request.method, allowed)
    throw problems.routeNotFound(request.method, path)
  })
}
