import { type Places, placesFor } from '../http/places.ts'
import type { Place } from './cursor.ts'

/** Where somebody waits: after a place of a form's feed. */
export type Following = { formId: string; test: boolean; after: Place }

/** Those who wait each have a place, for as long as their request is open. */
export type Followers = Places & {
  readonly isStopped: boolean
  /**
   * Resolves when there are changes after the place, when the time is over, when nobody waits any more, or when the server
   * stops; whoever waited looks for itself.
   */
  wait(following: Following, options: { ms: number; signal: AbortSignal }): Promise<void>
  /** Lets all go, and nobody waits from now on. */
  stop(): void
}

const lookEveryMs = 500
const placesMax = { ofForm: 50, ofAll: 5000 }

type Waiting = Following & { resolve: () => void }

/**
 * Looks for all who wait with one statement, twice a second: nobody holds a connection, and a write costs nothing for being
 * followed. (NOTIFY would make all writers commit one after another.)
 * @param find which of these have changes, by their positions in the list
 */
export function followersWith(find: (all: Following[]) => Promise<number[]>): Followers {
  const waiting = new Set<Waiting>()
  const { enter } = placesFor(placesMax)
  let timer: NodeJS.Timeout | undefined
  let isStopped = false

  async function look(): Promise<void> {
    const all = [...waiting]
    // They ask the database themselves when their time is over, and see then what is wrong with it.
    const positions = await find(all).catch(() => [])
    for (const position of positions) all[position]?.resolve()
    timer = undefined
    lookSoon()
  }

  function lookSoon(): void {
    if (waiting.size > 0) timer ??= setTimeout(look, lookEveryMs)
  }

  return {
    get isStopped() {
      return isStopped
    },
    enter,
    async wait(following, { ms, signal }) {
      if (isStopped || signal.aborted || ms <= 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const own: Waiting = { ...following, resolve }
      const timeout = setTimeout(resolve, ms)
      signal.addEventListener('abort', own.resolve, { once: true })
      waiting.add(own)
      lookSoon()
      await promise
      clearTimeout(timeout)
      signal.removeEventListener('abort', own.resolve)
      waiting.delete(own)
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
      for (const { resolve } of waiting) resolve()
    },
  }
}
