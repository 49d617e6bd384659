import { createClient } from '@redis/client'
import type { SharedStore } from './rate-limit.ts'
import { scripts } from './redis-scripts.ts'

/** A connection that leaves a question unanswered for so long has lost its other end, whatever TCP still hopes for. */
const silentMaxMs = 3000

/**
 * Counts in Redis or Valkey, by the server's clock. Each call is one script, which the server knows by its hash.
 * @param url `redis:` or `rediss:` (TLS)
 * @param prefix of all our keys, for servers that others use too
 */
export function redisStore(url: string, prefix = 'formgate:rate:'): SharedStore {
  // Opened by the first question: a process that is still being put together has no time for it.
  let connection: Connection | undefined

  async function ask<T>(question: (client: Client) => Promise<T>): Promise<T> {
    if (connection && connection.silentMs() > silentMaxMs) {
      connection.close()
      connection = undefined
    }
    connection ??= connect(url)
    return connection.ask(question)
  }

  return {
    name: 'redis',
    take: (key, limit) => ask((client) => client.take(prefix + key, limit)),
    giveBack: (key, windowId) => ask((client) => client.giveBack(prefix + key, windowId)),
    peek: (key) => ask((client) => client.peek(prefix + key)),
    close: async () => connection?.close(),
  }
}

type Client = ReturnType<typeof openClient>
type Connection = ReturnType<typeof connect>

function openClient(url: string) {
  return createClient({
    url,
    scripts,
    // Nobody waits for a connection: as long as there is none, somebody else counts.
    disableOfflineQueue: true,
    RESP: 2,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    socket: { connectTimeout: 3000, reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1000) },
  })
}

/** A client that connects by itself, again and again, and knows for how long it has waited for an answer. */
function connect(url: string) {
  const client = openClient(url)
  let trouble = new Error('There is no connection.')
  let waiting = 0
  let waitingSince = 0
  const tried = new Promise<unknown>((resolve) => client.once('ready', resolve).once('error', resolve))
  // Without a listener it would end the process.
  client.on('error', (error: Error) => {
    trouble = error
  })
  client.connect().catch(() => undefined)

  return {
    async ask<T>(question: (client: Client) => Promise<T>): Promise<T> {
      if (waiting === 0) waitingSince = performance.now()
      waiting += 1
      try {
        await tried
        // The client's own refusal would not say what is wrong.
        if (!client.isReady) throw trouble
        return await question(client)
      } finally {
        waiting -= 1
        waitingSince = performance.now()
      }
    },
    silentMs: () => (waiting > 0 ? performance.now() - waitingSince : 0),
    close: () => client.destroy(),
  }
}
