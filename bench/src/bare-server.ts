import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import pg from 'pg'
import type { RecordedStatement } from './record.ts'

/** What the bare server does for one request: the same statements, then the same bytes. */
export type BareOperation = {
  method: string
  path: string
  authorization: string
  status: number
  statements: RecordedStatement[]
  /** Names and values in turn, as they were sent. */
  headers: string[]
  body: string
  /** The id that a write made when it was recorded; each repeat makes another. */
  newId?: string
}

/**
 * The limit that a server on node:http and pg can reach: no router, no validation, no limiter, no key check. It speaks with
 * its parent by IPC: operations in, its port out.
 */
process.on('message', (message: { url: string; operations: BareOperation[] }) => {
  const pool = new pg.Pool({ connectionString: message.url, max: 20 })
  const operations = new Map(
    message.operations.map((each) => [`${each.method} ${each.path} ${each.authorization}`, each]),
  )
  const server = createServer(async (request, response) => {
    const operation = operations.get(`${request.method} ${request.url} ${request.headers.authorization}`)
    if (!operation) return void response.writeHead(404).end()
    if (request.method === 'POST') JSON.parse(await bodyOf(request))
    if (operation.statements.length > 0) await run(pool, operation)
    response.writeHead(operation.status, operation.headers)
    response.end(operation.body)
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    process.send?.({ port: typeof address === 'object' ? address?.port : undefined })
  })
})

/** On one connection, for a transaction may be among them. */
async function run(pool: pg.Pool, { statements, newId }: BareOperation): Promise<void> {
  const client = await pool.connect()
  for (const { text, name, values } of statements) {
    await client.query({ text, ...(name ? { name } : {}), values: fresh(values, newId) })
  }
  client.release()
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function fresh(values: unknown[], id: string | undefined): unknown[] {
  if (id === undefined) return values
  return values.map((value) => (Array.isArray(value) && value[0] === id ? [randomUUID()] : value))
}
