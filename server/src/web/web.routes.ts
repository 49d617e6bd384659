import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { problems } from '../problem.ts'
import { frameAddresses, frameConnections, framePolicy, pagePolicy } from './policy.ts'

/** What `vite build` made of `web/`; `npm start` and `npm test` build it when it is stale. */
const folder = fileURLToPath(new URL('../../../web/dist/', import.meta.url))

/** The pages of the React app; its router (`web/src/app/router.tsx`) knows the same paths. */
const ownerPages = [
  '/app',
  '/app/set-up',
  '/app/sign-in',
  '/app/sign-up',
  '/app/signed-in',
  '/app/accept-invitation',
  '/app/account',
  '/app/people',
  '/app/form/design',
  '/app/form/preview',
  '/app/form/submissions',
  '/app/form/view',
  '/app/form/export',
  '/app/form/share',
  '/app/form/manage',
  '/app/api-specification',
  '/app/pages/:name',
]

const commonHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // The documents name files that have a hash in their names, so they are asked for each time and answered with 304.
  'cache-control': 'no-cache',
}

const yearMs = 365 * 24 * 60 * 60 * 1000

/** The pages for people; app.ts registers this without a prefix. */
export function webRoutes({ publicUrl }: Pick<Config, 'publicUrl'>): FastifyPluginAsync {
  return async (app) => {
    await app.register(fastifyStatic, {
      root: `${folder}assets`,
      prefix: '/app/assets/',
      preCompressed: true,
      immutable: true,
      maxAge: yearMs,
      index: false,
      decorateReply: false,
      setHeaders(reply) {
        // The frame has an opaque origin, and module scripts and fonts are fetched with CORS.
        reply.headers({ 'x-content-type-options': 'nosniff', 'access-control-allow-origin': '*' })
      },
    })
    await app.register(fastifyStatic, { root: folder, serve: false, preCompressed: true, cacheControl: false })
    const hidden = { schema: { hide: true } }

    app.get('/', hidden, (_request, reply) => reply.redirect('/app'))
    const ownerPage = (request: FastifyRequest, reply: FastifyReply) =>
      reply
        .headers({ ...commonHeaders, 'cross-origin-opener-policy': 'same-origin' })
        .header('content-security-policy', pagePolicy(frameAddresses(request, publicUrl), false))
        .sendFile('app.html')
    for (const path of ownerPages) app.get(path, hidden, ownerPage)
    // People who mistyped an address get a page that says so, in their language; programs a problem, as everywhere.
    for (const path of ['/app/:page', '/app/form/:page']) {
      app.get(path, hidden, (request, reply) => {
        if (!request.headers.accept?.includes('text/html')) throw problems.routeNotFound('GET', request.url)
        return ownerPage(request, reply.code(404))
      })
    }
    // `embed` says that another site shows the form; the page then leaves the visitor's session alone.
    app.get<{ Querystring: { embed?: string } }>('/app/form/submit', hidden, (request, reply) =>
      reply
        .headers(commonHeaders)
        .header('content-security-policy', pagePolicy(frameAddresses(request, publicUrl), request.query.embed === '1'))
        .sendFile('submit.html'),
    )
    app.get('/app/frame', hidden, (_request, reply) =>
      reply
        .headers({ ...commonHeaders, 'connection-allowlist': frameConnections, 'x-dns-prefetch-control': 'off' })
        .header('content-security-policy', framePolicy)
        .sendFile('frame.html'),
    )
    for (const file of ['frame-shim.js', 'icon.svg']) {
      app.get(`/app/${file}`, hidden, (_request, reply) =>
        reply.headers({ ...commonHeaders, 'access-control-allow-origin': '*' }).sendFile(file),
      )
    }
  }
}
