import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildApp } from '../../server/src/app.ts'
import { readConfig } from '../../server/src/config.ts'
import { openDatabase } from '../../server/src/db/database.ts'
import type { BareOperation } from './bare-server.ts'
import { recordStatements } from './record.ts'
import type { Operation } from './scenario.ts'

/** What node:http adds by itself, to ours as to the bare server's. */
const addedByNode = new Set(['date', 'connection', 'keep-alive'])

type Reply = { status: number; headers: string[]; body: string }

/** Does each operation once on an app in this process, over a socket, and notes its statements and its reply. */
export async function record(
  url: string,
  env: Record<string, string>,
  operations: Operation[],
): Promise<BareOperation[]> {
  const reading = readConfig({ ...env, DATABASE_URL: url, LOG_LEVEL: 'silent' })
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join(' '))
  const database = openDatabase(url)
  const { server } = await buildApp({ config: reading.config, database, secretKey: env.SECRET_KEY ?? '' })
  try {
    const address = await server.listen({ port: 0, host: '127.0.0.1' })
    // What a server does when it starts is no operation's.
    for (let idle = 0; idle < 10; await sleep(50))
      idle = database.pool.idleCount < database.pool.totalCount ? 0 : idle + 1
    const recorded: BareOperation[] = []
    for (const operation of operations) recorded.push(await recordOne(address, operation))
    return recorded
  } finally {
    await server.close()
    await database.close()
  }
}

async function recordOne(address: string, operation: Operation): Promise<BareOperation> {
  // Definitions are then in memory, as in a server that has been running; a limit of one is used up, and known to be.
  for (let before = 0; before < 2; before++) await send(address, operation)
  let reply: Reply | undefined
  const statements = await recordStatements(async () => {
    reply = await send(address, operation)
  })
  const { method, path, authorization, status } = operation
  if (reply?.status !== status) throw new Error(`${operation.name}: ${reply?.status} ${reply?.body}`)
  const { headers, body } = reply
  const newId = method === 'POST' ? { newId: JSON.parse(body).id } : {}
  return { method, path, authorization, status, statements, headers, body, ...newId }
}

function send(address: string, { method, path, authorization, body }: Operation): Promise<Reply> {
  const headers = { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const sent = request(`${address}${path}`, { method, headers }, async (response) => {
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk)
    const kept = keptOf(response.rawHeaders)
    resolve({ status: response.statusCode ?? 0, headers: kept, body: Buffer.concat(chunks).toString() })
  })
  sent.on('error', reject).end(body)
  return promise
}

/** Names and values in turn, without those that Node adds. */
function keptOf(rawHeaders: string[]): string[] {
  return rawHeaders.filter((_, place) => !addedByNode.has(rawHeaders[place - (place % 2)]?.toLowerCase() ?? ''))
}
