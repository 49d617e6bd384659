import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createClient } from '@redis/client'

/** A redis-server of a test's own, which it may treat as badly as it likes. */
export type TestRedis = {
  url: string
  /** It goes on to exist, and answers nothing. */
  freeze(): void
  thaw(): void
  kill(): Promise<void>
  /** Starts it again, at the same place and without memory. */
  restart(): Promise<void>
}

/** Starts it on a free port. @throws where the program is not installed */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let server = await launch(port, url)
  return {
    url,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async kill() {
      if (server.exitCode !== null || server.signalCode !== null) return
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
    },
    async restart() {
      server = await launch(port, url)
    },
  }
}

/** A test run that ends early must not leave any behind. */
const launched = new Set<ChildProcess>()
process.once('exit', () => {
  for (const server of launched) server.kill('SIGKILL')
})

async function launch(port: number, url: string): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = spawn('redis-server', options, { stdio: 'ignore' })
  await once(server, 'spawn')
  launched.add(server)
  await answering(url)
  return server
}

async function answering(url: string): Promise<void> {
  const client = createClient({ url, socket: { reconnectStrategy: 20 } })
  client.on('error', () => undefined)
  await client.connect()
  client.destroy()
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
