import type { RouteOptions } from 'fastify'

/**
 * Looks at each route as it is added: below `/app/api` all must say who may call them, or the guard would let everybody
 * in, and all that are documented need an id of their own. A server that breaks this does not start.
 * @throws Error which names the route
 */
export function declarationCheck(): (route: RouteOptions) => void {
  const taken = new Set<string>()
  return ({ method, url, config, schema }) => {
    // Fastify adds a HEAD to each GET, with the same declarations.
    if (method === 'HEAD' || !url.startsWith('/app/api/')) return
    const route = `${method} ${url}`
    if (!config?.access) throw new Error(`${route} declares no access.`)
    if (schema?.hide) return
    const id = schema?.operationId
    if (!id) throw new Error(`${route} has no operationId.`)
    if (taken.has(id)) throw new Error(`${route} has the operationId of another route, ${id}.`)
    taken.add(id)
  }
}
