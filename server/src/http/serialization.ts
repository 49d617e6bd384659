import { type SerializerFactory, SerializerSelector } from '@fastify/fast-json-stringify-compiler'

const build = SerializerSelector()
/** By the shared schemas and the schema of a reply, as JSON text. */
const compiled = new Map<string, ReturnType<ReturnType<SerializerFactory>>>()

/**
 * Makes a reply's serializer once for the process. Most replies refer to a few shared schemas, and to compile each of them
 * for each route took most of the server's start.
 */
export const buildSerializer: SerializerFactory = (externalSchemas, options) => {
  const compile = build(externalSchemas, options)
  const shared = JSON.stringify(externalSchemas)
  return (route) => {
    const key = `${shared}${JSON.stringify(route.schema)}`
    const known = compiled.get(key)
    if (known) return known
    const serializer = compile(route)
    compiled.set(key, serializer)
    return serializer
  }
}
