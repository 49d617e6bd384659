import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Problem, problems } from '../problem.ts'

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

  function unknownRoute({ url, method }: FastifyRequest): Problem {
    const [path = ''] = url.split('?')
    const allowed = [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map((route) => route.method))]
    const known = allowed.length > 0 && !allowed.includes(method)
    return known ? problems.methodNotAllowed(method, allowed) : problems.routeNotFound(method, path)
  }

  // Before the body: whatever is wrong with it, the address is what its sender must mend.
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) throw unknownRoute(request)
    done()
  })
  // For routes that find out by themselves that they have nothing.
  app.setNotFoundHandler(async (request) => {
    throw unknownRoute(request)
  })
}
