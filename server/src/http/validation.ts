import AjvCompiler from '@fastify/ajv-compiler'
import type { FastifySchema, FastifySchemaCompiler } from 'fastify'

const shared = { removeAdditional: false, useDefaults: false, allErrors: false } as const

/**
 * Addresses and headers are text, so "5" may become 5 there. A body has types of its own: nothing in it is converted,
 * nothing is dropped in silence.
 */
export function buildValidator(externalSchemas: unknown): FastifySchemaCompiler<FastifySchema> {
  const build = AjvCompiler()
  // Fastify hands over the schemas that were added to it, as its own compiler takes them.
  const schemas = externalSchemas as Parameters<typeof build>[0]
  const strict = build(schemas, { customOptions: { ...shared, coerceTypes: false } })
  const coercing = build(schemas, { customOptions: { ...shared, coerceTypes: 'array' } })
  // The compilers of @fastify/ajv-compiler take a route's definition, which its types leave out.
  return ((route: { httpPart?: string }) =>
    (route.httpPart === 'body' ? strict : coercing)(route as never)) as FastifySchemaCompiler<FastifySchema>
}
