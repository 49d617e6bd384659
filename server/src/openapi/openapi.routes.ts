import type { FastifyPluginAsync } from 'fastify'

/** The OpenAPI document, for programs and for people. */
export function openapiRoutes(): FastifyPluginAsync {
  return async (app) => {
    app.get('/api-spec.json', { schema: { hide: true } }, async () => app.swagger())
  }
}
