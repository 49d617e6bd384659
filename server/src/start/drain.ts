import type { FastifyInstance } from 'fastify'

/** Take no new requests and finish those under way, until the deadline or until `hurried`; then cut what is left. */
export async function drain(server: FastifyInstance, hurried: Promise<void>, deadlineMs: number): Promise<void> {
  // A kept-alive connection would hold us up after its answer: Node closes only those that idle at the start.
  const closeIdle = setInterval(() => server.server.closeIdleConnections(), 50)
  const cut = () => server.server.closeAllConnections()
  const deadline = setTimeout(cut, deadlineMs)
  void hurried.then(cut)
  try {
    await server.close()
  } finally {
    clearTimeout(deadline)
    clearInterval(closeIdle)
  }
}
