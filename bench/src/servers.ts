import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { BareOperation } from './bare-server.ts'
import { pin, serverCore } from './cores.ts'

export type Running = { address: string; port: number; process: ChildProcess; stop(): Promise<void> }

const fileOf = (name: string) => new URL(name, import.meta.url).pathname

/** The real server in a process of its own, with limits that no measurement reaches. */
export async function startFormgate(
  databaseUrl: string,
  dataDir: string,
  env: Record<string, string>,
  port: number,
): Promise<Running> {
  const child = fork(fileOf('../../server/src/main.ts'), {
    env: {
      PATH: process.env.PATH,
      // As `npm start` sets them.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX,
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      PORT: String(port),
      HOST: '127.0.0.1',
      RATE_LIMIT_API_KEY: '1000000000',
      RATE_LIMIT_DEFAULT: '1000000000',
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const started = running(child, port)
  await untilReady(started.address, child).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  return started
}

/** The bare server with what it shall answer. */
export async function startBare(databaseUrl: string, operations: BareOperation[]): Promise<Running> {
  // JSON would turn bytes and dates among the values into something else, and other rows would be found, or none.
  const child = fork(fileOf('bare-server.ts'), { serialization: 'advanced' })
  child.send({ url: databaseUrl, operations })
  return running(child, await portOf(child))
}

/** A Fastify that says hello. */
export async function startHello(): Promise<Running> {
  const child = fork(fileOf('hello-server.ts'))
  return running(child, await portOf(child))
}

async function portOf(child: ChildProcess): Promise<number> {
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return port
}

/** Bound to the servers' core, unless it is bound to another later. */
function running(child: ChildProcess, port: number): Running {
  pin(child.pid, serverCore)
  const stop = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return { address: `http://127.0.0.1:${port}`, port, process: child, stop }
}

/** Starting takes a second or two, and longer where several start at once on a busy machine. */
const readyWithinSeconds = 90

async function untilReady(address: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < readyWithinSeconds * 10; tries++) {
    if (child.exitCode !== null) throw new Error('The server did not start.')
    const ready = await fetch(`${address}/readyz`)
      .then((response) => response.ok)
      .catch(() => false)
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`The server was not ready within ${readyWithinSeconds} seconds.`)
}
