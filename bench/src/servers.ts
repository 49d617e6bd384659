import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { BareOperation } from './bare-server.ts'

export type Running = { address: string; process: ChildProcess; stop(): Promise<void> }

const main = new URL('../../server/src/main.ts', import.meta.url).pathname
const bare = new URL('bare-server.ts', import.meta.url).pathname

/** The real server in a process of its own, with limits that no measurement reaches. */
export async function startFormgate(
  databaseUrl: string,
  dataDir: string,
  env: Record<string, string>,
  port: number,
): Promise<Running> {
  const child = fork(main, {
    env: {
      PATH: process.env.PATH,
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
  const address = `http://127.0.0.1:${port}`
  await untilReady(address, child)
  return running(child, address)
}

/** The bare server with what it shall answer. */
export async function startBare(databaseUrl: string, operations: BareOperation[]): Promise<Running> {
  const child = fork(bare)
  child.send({ url: databaseUrl, operations })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return running(child, `http://127.0.0.1:${port}`)
}

function running(child: ChildProcess, address: string): Running {
  const stop = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return { address, process: child, stop }
}

async function untilReady(address: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error('The server did not start.')
    const ready = await fetch(`${address}/readyz`)
      .then((response) => response.ok)
      .catch(() => false)
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('The server was not ready within 20 seconds.')
}
