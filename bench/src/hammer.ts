import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { isWholeReply } from './replies.ts'

/** A call as its caller saw it; times in milliseconds of one clock. */
export type Call = { status: number; remaining: number; resetSeconds: number; sentAt: number; answeredAt: number }

export type HammerOptions = {
  /** Of all servers; each client calls them in turn. */
  addresses: string[]
  path: string
  authorization: string
  clients: number
  /** After that all stop at the next refusal that one of them meets, so that the window is filled. */
  durationMs: number
  /** How much longer they wait for one: a machine may be too slow to reach a limit. */
  graceMs: number
  /** How long a client waits after a refusal. */
  pauseMs: number
}

/** Calls as fast as the answers come, from many clients at once, each with a connection to every server. */
export async function hammer(options: HammerOptions): Promise<Call[]> {
  const endsAt = performance.now() + options.durationMs
  const calls: Call[] = []
  let isOver = false

  async function client(number: number): Promise<void> {
    const lines = await Promise.all(options.addresses.map((address) => openLine(address, options)))
    for (let turn = number; !isOver; turn++) {
      const call = await lines[turn % lines.length]?.ask()
      if (!call) throw new Error('There is no server to call.')
      calls.push(call)
      const lateMs = performance.now() - endsAt
      isOver ||= lateMs > (call.status === 200 ? options.graceMs : 0)
      if (call.status === 429 && options.pauseMs > 0) await sleep(options.pauseMs)
    }
    for (const line of lines) line.close()
  }

  await Promise.all(Array.from({ length: options.clients }, (_, number) => client(number)))
  return calls
}

type Target = Pick<HammerOptions, 'path' | 'authorization'>
/** A connection that is kept, with one call at a time. */
export type Line = {
  /** @throws when there is no answer */
  ask(): Promise<Call>
  close(): void
}

/** Bare sockets, for a client that thinks much would take the time that the servers need on the same machine. */
export async function openLine(address: string, { path, authorization }: Target): Promise<Line> {
  const { hostname, port, host } = new URL(address)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${authorization}\r\n\r\n`)
  let head = ''
  let asked: { sentAt: number; resolve(call: Call): void; reject(error: Error): void } | undefined
  const isWhole = isWholeReply((next) => {
    head = next
  })
  socket.on('data', (chunk) => {
    if (!isWhole(chunk)) return
    const { sentAt = 0, resolve } = asked ?? {}
    resolve?.({ ...readHead(head), sentAt, answeredAt: performance.now() })
  })
  socket.on('error', () => undefined)
  socket.on('close', () => asked?.reject(new Error('The connection was closed.')))
  return {
    ask() {
      const { promise, resolve, reject } = Promise.withResolvers<Call>()
      asked = { sentAt: performance.now(), resolve, reject }
      socket.write(request)
      return promise
    },
    close: () => socket.destroy(),
  }
}

function readHead(head: string): Pick<Call, 'status' | 'remaining' | 'resetSeconds'> {
  const [, remaining, reset] = /\r\nratelimit: .*remaining=(\d+), reset=(\d+)/i.exec(head) ?? []
  return { status: Number(head.slice(9, 12)), remaining: Number(remaining), resetSeconds: Number(reset) }
}
