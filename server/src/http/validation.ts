import AjvCompiler, { type BuildCompilerFromPool } from '@fastify/ajv-compiler'
import { isDateTime } from './date-time.ts'
import { isUuid } from './uuid.ts'

/** One for the process: it keeps what it has compiled, and each set of routes asks for the same again. */
const build = AjvCompiler()

const shared = { removeAdditional: false, useDefaults: false, allErrors: false } as const

type Compiler = NonNullable<Parameters<ReturnType<typeof AjvCompiler>>[1]>

/** The validator's own format also takes `urn:uuid:…`, which PostgreSQL does not. */
const onCreate: Compiler['onCreate'] = (ajv) => void ajv.addFormat('uuid', isUuid).addFormat('date-time', isDateTime)

/**
 * Addresses and headers are text, so "5" may become 5 there. A body has types of its own: nothing in it is converted,
 * nothing is dropped in silence.
 */
export const buildValidator: BuildCompilerFromPool = (externalSchemas) => {
  const strict = build(externalSchemas, { onCreate, customOptions: { ...shared, coerceTypes: false } })
  // Strict numbers look for a limit only in finite ones, and "1e400" becomes an infinite one.
  const coercing = build(externalSchemas, {
    onCreate,
    customOptions: { ...shared, coerceTypes: 'array', strictNumbers: false },
  })
  return (route) => (isBody(route) ? strict : coercing)(route)
}

/** Fastify hands over a route's definition where the types speak of its schema. */
function isBody(route: unknown): boolean {
  return typeof route === 'object' && route !== null && 'httpPart' in route && route.httpPart === 'body'
}
