import type { FastifyReply } from 'fastify'

/**
 * Sets header fields with their names as the standards write them. Fastify's own method lowers them, which is right by
 * RFC 9110 §5.1 and yet trips scripts that grep.
 */
export function setHeaders(reply: FastifyReply, headers: Record<string, string>): void {
  for (const name in headers) reply.raw.setHeader(name, headers[name] ?? '')
}
