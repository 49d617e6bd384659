import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

// biome-ignore lint/suspicious/noExplicitAny: what the DevTools protocol answers depends on the method.
type Fields = Record<string, any>

/** One page or frame that we are attached to. */
export type Session = { send(method: string, params?: Fields): Promise<Fields> }

export type Watcher = {
  /** Before a page or a frame loads anything. */
  prepare(session: Session): Promise<unknown>
  hear(method: string, params: Fields): void
}

export type Chromium = { open(watcher: Watcher): Promise<Session>; close(): Promise<void> }

/** A Chromium with a profile of its own, so that its caches are empty. Spoken to over the DevTools protocol. */
export async function startChromium(executable: string): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), 'formgate-chromium-'))
  const child = spawn(
    executable,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const socket = new WebSocket(await addressOf(child))
  await once(socket, 'open')
  const { send, listenTo } = speak(socket)
  return {
    async open(watcher) {
      const attach = async (sessionId: string) => {
        const session: Session = { send: (method, params) => send(sessionId, method, params) }
        await watcher.prepare(session)
        // A frame without an origin is a target of its own, in a process of its own.
        await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true })
        await session.send('Runtime.runIfWaitingForDebugger')
        return session
      }
      listenTo((method, params) => {
        if (method === 'Target.attachedToTarget' && params.waitingForDebugger) void attach(params.sessionId)
        watcher.hear(method, params)
      })
      const { targetId } = await send(undefined, 'Target.createTarget', { url: 'about:blank' })
      const { sessionId } = await send(undefined, 'Target.attachToTarget', { targetId, flatten: true })
      return attach(sessionId)
    },
    async close() {
      const ended = once(child, 'exit')
      await send(undefined, 'Browser.close').catch(() => child.kill())
      await ended
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stderr) throw new Error('Chromium has no error output.')
  for await (const line of createInterface(child.stderr)) {
    const address = /^DevTools listening on (.*)$/.exec(line)?.[1]
    if (!address) continue
    // What it writes later has to go somewhere, or it stops once the pipe is full.
    child.stderr.resume()
    return address
  }
  throw new Error('Chromium did not start.')
}

/** Nothing that is asked takes long; an answer that does not come would stop the measurement without a word. */
const patienceMs = 60_000

/** Numbers the messages, and gives each answer to whoever asked. */
function speak(socket: WebSocket) {
  let last = 0
  const waiting = new Map<number, PromiseWithResolvers<Fields>>()
  let hear = (_method: string, _params: Fields): void => undefined
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error, method, params } = JSON.parse(data)
    if (method) return hear(method, params)
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error) asked?.reject(new Error(error.message))
    else asked?.resolve(result)
  })
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Chromium has ended.'))
  })
  return {
    send(sessionId: string | undefined, method: string, params: Fields = {}): Promise<Fields> {
      const asked = Promise.withResolvers<Fields>()
      last += 1
      waiting.set(last, asked)
      const timer = setTimeout(() => asked.reject(new Error(`Chromium did not answer ${method}.`)), patienceMs)
      void asked.promise.catch(() => undefined).finally(() => clearTimeout(timer))
      socket.send(JSON.stringify({ id: last, method, params, ...(sessionId ? { sessionId } : {}) }))
      return asked.promise
    },
    listenTo(listener: typeof hear): void {
      hear = listener
    },
  }
}
