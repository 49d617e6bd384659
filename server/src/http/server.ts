import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import proxyAddr from '@fastify/proxy-addr'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { Config } from '../config.ts'
import { type Problem, problemBody, problems } from '../problem.ts'
import { acceptBodies, bodyLimitBytes } from './bodies.ts'
import { problemType } from './errors.ts'
import { setHeaders } from './headers.ts'
import { buildSerializer } from './serialization.ts'
import { answerUnknownRoutes } from './unknown-routes.ts'
import { lowerCaseIds } from './uuid.ts'
import { buildValidator } from './validation.ts'

/** Answers belong to whoever asked: no cache keeps them, and no browser takes them for a page. */
const apiHeaders = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }

/** The HTTP server without any route: limits, parsing and errors. */
export function createServer(config: Pick<Config, 'logLevel' | 'trustProxy'>): FastifyInstance {
  const app: FastifyInstance = Fastify({
    logger: { level: config.logLevel, serializers: { req: loggedRequest } },
    // A logger of its own for each request would cost more than what it says; whoever logs names the request.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustOf(config.trustProxy),
    bodyLimit: bodyLimitBytes,
    // 30 MB at one megabit a second take four minutes; a body that never ends must not hold its connection for ever.
    requestTimeout: 300_000,
    // Ctrl-C must not wait for browsers that keep a connection open just in case.
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => {
      // Fastify knows only the nearest address of a request that never reached a route, and it is counted by the client's.
      Object.defineProperty(request, 'ip', { value: clientIp(request.raw, config.trustProxy) })
      // Their types are Fastify's general ones.
      app.errorHandler(error, request as unknown as FastifyRequest, reply as unknown as FastifyReply)
    },
    clientErrorHandler,
    // Node's own refusal has no body; assertHost refuses with problem details.
    http: { requireHostHeader: false },
    schemaController: { compilersFactory: { buildValidator, buildSerializer } },
    routerOptions: { maxParamLength: 500 },
  })
  // An expectation that we do not know may be passed over (RFC 9110 §10.1.1); Node would answer 417 without a body.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  // Hooks that need not wait take a callback: as async functions they would cost each call a promise and a turn of the loop.
  app.addHook('onRequest', ({ url, params, routeOptions, raw }, reply, done) => {
    // Node knows the address of a client that is gone only if it was asked before, and the limits count by it later.
    void raw.socket.remoteAddress
    assertHost(raw)
    assertDecodable(url)
    if (routeOptions.config.access) setHeaders(reply, apiHeaders)
    // Once for all: ids are compared, remembered and sealed as text too. The router gives nothing but strings.
    lowerCaseIds(params as Record<string, string>)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { id: reqId, method } = request
    const route = request.routeOptions.url
    request.log.info({ reqId, method, route, status: reply.statusCode, ms: reply.elapsedTime }, 'answered')
    done()
  })
  acceptBodies(app)
  answerUnknownRoutes(app)
  return app
}

/** Only the route: addresses hold searches, and those are answers. */
function loggedRequest(request: { method: string; routeOptions?: { url?: string | undefined } }) {
  return { method: request.method, route: request.routeOptions?.url }
}

/** So many proxies in a row are trusted: the connection's own address is the first. */
function trustOf(trustProxy: Config['trustProxy']) {
  return typeof trustProxy === 'number' ? (_address: string, hop: number) => hop < trustProxy : trustProxy
}

/** The address that Fastify would find, by the same setting. */
function clientIp(request: IncomingMessage, trustProxy: Config['trustProxy']): string {
  if (trustProxy === false) return request.socket.remoteAddress ?? ''
  const trust = trustOf(trustProxy)
  const proxies = typeof trust === 'string' ? trust.split(',').map((each) => each.trim()) : undefined
  return proxyAddr(request, proxies ?? (typeof trust === 'function' ? trust : () => true))
}

function assertHost({ httpVersion, headers }: IncomingMessage): void {
  if (httpVersion === '1.1' && headers.host === undefined) throw problems.badRequest('The Host header is missing.')
}

/** PostgreSQL stores no NUL, and a broken percent-encoding means another text to each who reads it. */
function assertDecodable(url: string): void {
  if (!url.includes('%')) return
  if (/%00/.test(url) || !isDecodable(url)) throw problems.malformedUrl()
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url)
    return true
  } catch {
    return false
  }
}

/** Answers what is no HTTP request at all; there is no Fastify request yet. */
function clientErrorHandler(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const problem = clientProblem(error.code)
  const body = JSON.stringify(problemBody(problem))
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `content-type: ${problemType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function clientProblem(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') return problems.headersTooLarge()
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problems.requestTimeout()
  return problems.badRequest('This is no well-formed HTTP request.')
}
