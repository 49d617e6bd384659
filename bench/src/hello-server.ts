import Fastify from 'fastify'

/** What Fastify itself costs: one route, a small JSON, no log. Its port goes to the parent by IPC. */
const app = Fastify()
const schema = { response: { 200: { type: 'object', properties: { hello: { type: 'string' } } } } }
app.get('/', { schema }, async () => ({ hello: 'world' }))
const address = await app.listen({ port: 0, host: '127.0.0.1' })
process.send?.({ port: Number(new URL(address).port) })
