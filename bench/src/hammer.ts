import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

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

/** Calls as fast as the answers come, from many clients at once, each on connections of its own that are kept. */
export async function hammer(options: HammerOptions): Promise<Call[]> {
  const agent = new Agent({ keepAlive: true })
  const endsAt = performance.now() + options.durationMs
  const calls: Call[] = []
  let isOver = false

  async function client(number: number): Promise<void> {
    for (let turn = number; ; turn++) {
      const address = options.addresses[turn % options.addresses.length] ?? ''
      const call = await ask(agent, address, options)
      calls.push(call)
      const lateMs = performance.now() - endsAt
      isOver ||= lateMs > (call.status === 200 ? options.graceMs : 0)
      if (isOver) return
      if (call.status === 429 && options.pauseMs > 0) await sleep(options.pauseMs)
    }
  }

  await Promise.all(Array.from({ length: options.clients }, (_, number) => client(number)))
  agent.destroy()
  return calls
}

type Target = Pick<HammerOptions, 'path' | 'authorization'>

/** One call. @throws when there is no answer */
export function ask(agent: Agent, address: string, { path, authorization }: Target): Promise<Call> {
  const sentAt = performance.now()
  return new Promise((resolve, reject) => {
    request(`${address}${path}`, { agent, headers: { authorization } }, (response) => {
      response.resume()
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response
        const [, remaining, reset] = /remaining=(\d+), reset=(\d+)/.exec(String(headers.ratelimit)) ?? []
        const answeredAt = performance.now()
        resolve({ status, remaining: Number(remaining), resetSeconds: Number(reset), sentAt, answeredAt })
      })
    })
      .on('error', reject)
      .end()
  })
}
