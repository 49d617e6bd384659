import type { FastifyReply } from 'fastify'

/**
 * Sets header fields with their names as the standards write them. Fastify's own method lowers them, which is right by
 * RFC 9110 §5.1 and yet trips scripts that grep.
 */
export function setHeaders({ raw }: Pick<FastifyReply, 'raw'>, headers: Record<string, string>): void {
  for (const name in headers) raw.setHeader(name, headers[name] ?? '')
}
