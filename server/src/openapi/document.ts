import swagger, { type SwaggerTransform, type SwaggerTransformObject } from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import manifest from '../../package.json' with { type: 'json' }
import { completed, type OpenApiDocument } from './complete.ts'
import { headers, responses, securitySchemes } from './components.ts'
import { declarationCheck } from './declarations.ts'
import { tags } from './description.ts'
import { audienceOf, permissionsOf, type RouteFacts, securityOf, summaryOf } from './operation.ts'
import { sharedSchemas } from './shared-schemas.ts'

/** Gives the server the shared schemas and makes the OpenAPI document from what the routes declare. */
export async function documentApi(app: FastifyInstance): Promise<void> {
  const facts = new Map<string, RouteFacts>()
  for (const schema of sharedSchemas()) app.addSchema(schema)
  app.addHook('onRoute', declarationCheck())
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Formgate',
        version: manifest.version,
        license: { name: manifest.license, identifier: manifest.license },
      },
      // Paths are written out in full: signing in lies beside /app/api/v1, and not every tool reads a path's own servers.
      servers: [{ url: '/', description: 'This server' }],
      tags,
      components: { securitySchemes, headers, responses: responses() },
    },
    convertConstToEnum: false,
    transform: withAccess(facts),
    transformObject: withResponses(facts),
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) =>
        typeof json.$id === 'string' ? json.$id : `schema-${index}`,
    },
  })
}

/** Adds to a route's schema what follows from its access, and notes the facts for later. */
function withAccess(facts: Map<string, RouteFacts>): SwaggerTransform {
  return ({ schema, url, route }) => {
    const { access, streamedBody } = route.config ?? {}
    const { operationId } = schema ?? {}
    if (!access || !operationId) return { schema: { ...schema, hide: true }, url }
    const method = String(route.method)
    facts.set(operationId, {
      method,
      access,
      hasBody: (streamedBody ?? schema.body) !== undefined,
      hasPathParameters: url.includes(':'),
    })
    const permissions = permissionsOf(access)
    const description = [schema.description, audienceOf(access)].filter(Boolean).join('\n\n')
    return {
      url,
      schema: {
        ...schema,
        summary: schema.summary ?? summaryOf(operationId),
        description,
        ...(streamedBody ? { consumes: [streamedBody.type], body: streamedBody.schema } : {}),
        security: securityOf(access),
        ...(permissions.length > 0 ? { 'x-permissions': permissions } : {}),
      },
    }
  }
}

/** Completes what the plugin has put together: it knows neither errors nor the headers that all replies share. */
function withResponses(facts: Map<string, RouteFacts>): SwaggerTransformObject {
  return (made) => {
    if (!('openapiObject' in made)) throw new Error('The plugin made no OpenAPI document.')
    // The plugin's types speak of three versions of OpenAPI; it was asked for the one that ours describes.
    return completed(made.openapiObject as OpenApiDocument, facts) as typeof made.openapiObject
  }
}
