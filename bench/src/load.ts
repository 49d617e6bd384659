import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Load, LoadAnswer, Measured } from './load-process.ts'

export type { Load, Measured } from './load-process.ts'

export type LoadGenerator = {
  /** @throws when a reply is not the one expected, or a connection breaks */
  measure(load: Load): Promise<Measured>
  pid: number | undefined
  stop(): Promise<void>
}

/** One process generates all load, so that its code is warm when it counts. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork(new URL('load-process.ts', import.meta.url), { serialization: 'advanced' })
  return {
    pid: child.pid,
    async measure(load) {
      child.send(load)
      const [answer] = (await once(child, 'message')) as [LoadAnswer]
      if ('failure' in answer) throw new Error(answer.failure)
      return answer.measured
    },
    async stop() {
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}
