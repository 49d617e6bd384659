import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'

const folder = fileURLToPath(new URL('../../../web/public/', import.meta.url))

/** Path below `/app` → file. */
const pages = {
  '': 'home.html',
  '/set-up': 'set-up.html',
  '/sign-in': 'sign-in.html',
  '/accept-invitation': 'accept-invitation.html',
}

/** Nothing inline, nothing from elsewhere, and nobody may put our pages into a frame (CSP Level 3). */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  // Files have no version in their names: browsers ask each time, and get 304.
  'cache-control': 'no-cache',
}

/** The pages for people; app.ts registers this without a prefix. */
export function webRoutes(): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      reply.headers(headers)
    })
    await app.register(fastifyStatic, {
      root: `${folder}assets`,
      prefix: '/app/assets/',
      cacheControl: false,
      index: false,
    })
    app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/app'))
    for (const [path, file] of Object.entries(pages)) {
      app.get(`/app${path}`, { schema: { hide: true } }, (_request, reply) => reply.sendFile(file, folder))
    }
  }
}
