import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A way to a server over which bad things can happen to what is said. */
export type Relay = {
  port: number
  /** Nothing gets through any more, in either direction, and nobody is told. */
  stall(): void
  /** As stall, for the connections that there are; they never recover, and new ones work. */
  lose(): void
  /** All connections are cut, and new ones refused. */
  cut(): Promise<void>
  /** Everything is as it should be, for connections that are still there and for new ones. */
  mend(): Promise<void>
  close(): Promise<void>
}

/** Opens a relay on a port of its own to a server on this machine. */
export async function openRelay(host: string, port: number): Promise<Relay> {
  const pairs = new Set<[Socket, Socket]>()
  const lost = new Set<[Socket, Socket]>()
  let stalled = false
  let listener: Server | undefined

  function accept(from: Socket): void {
    const to = connect(port, host)
    const pair: [Socket, Socket] = [from, to]
    pairs.add(pair)
    for (const [one, other] of [pair, [to, from] as const]) {
      one.on('error', () => undefined)
      one.on('data', (piece) => other.write(piece))
      one.on('close', () => {
        other.destroy()
        pairs.delete(pair)
      })
      if (stalled) one.pause()
    }
  }

  async function listen(at: number): Promise<number> {
    listener = createServer(accept).listen(at, '127.0.0.1')
    await once(listener, 'listening')
    const address = listener.address()
    return typeof address === 'object' && address ? address.port : 0
  }

  async function cut(): Promise<void> {
    const closing = listener
    listener = undefined
    for (const socket of [...pairs].flat()) socket.destroy()
    if (!closing) return
    closing.close()
    await once(closing, 'close')
  }

  const own = await listen(0)
  return {
    port: own,
    stall() {
      stalled = true
      for (const socket of [...pairs].flat()) socket.pause()
    },
    lose() {
      for (const pair of pairs) {
        for (const socket of pair) socket.pause()
        pairs.delete(pair)
        lost.add(pair)
      }
    },
    cut,
    async mend() {
      stalled = false
      for (const socket of [...pairs].flat()) socket.resume()
      if (!listener) await listen(own)
    },
    async close() {
      for (const socket of [...lost].flat()) socket.destroy()
      await cut()
    },
  }
}
