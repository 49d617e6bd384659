import { hash, timingSafeEqual } from 'node:crypto'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import type { Config } from '../config.ts'
import { problems } from '../problem.ts'

type Deps = { registry: Registry; config: Pick<Config, 'metricsToken' | 'publicUrl'> }

/** `/metrics` in the text format of Prometheus, for whoever runs the server; for all others there is no such address. */
export function metricsRoutes({ registry, config }: Deps): FastifyPluginAsync {
  return async (app) => {
    app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
      if (!mayRead(request, config)) {
        throw problems.routeNotFound(request.method, '/metrics')
      }
      return reply
        .type(registry.contentType)
        .header('cache-control', 'no-store')
        .send(await registry.metrics())
    })
  }
}

/**
 * With a token set, whoever holds it. Without one, whoever calls from this machine, unless the server is known to be
 * published: then it may be a proxy here that passes strangers on, and not every proxy says so.
 */
function mayRead(request: FastifyRequest, { metricsToken, publicUrl }: Deps['config']): boolean {
  if (metricsToken !== undefined) return holdsToken(request, metricsToken)
  return publicUrl === undefined && isFromThisMachine(request)
}

const loopback = /^(?:127\.|::1$|::ffff:127\.)/
/** What proxies add; a proxy on this machine must not open to everybody what is open to this machine. */
const forwarding = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'] as const

/** By the connection itself, whatever header fields say. */
function isFromThisMachine({ raw, headers }: FastifyRequest): boolean {
  return loopback.test(raw.socket.remoteAddress ?? '') && forwarding.every((name) => headers[name] === undefined)
}

/** Compares in constant time, whatever the lengths. */
function holdsToken({ headers }: FastifyRequest, token: string): boolean {
  const [, given] = /^bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? []
  if (given === undefined) return false
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', token, 'buffer'))
}
