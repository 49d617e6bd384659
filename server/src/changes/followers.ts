import type { Place } from './cursor.ts'

/** Where somebody waits: after a place of a form's feed. */
export type Following = { formId: string; test: boolean; after: Place }

export type Followers = {
  /**
   * Takes a place among those who wait, for as long as a request is open.
   * @returns how to leave it; undefined when the form, or the process, has no more
   */
  enter(formId: string): (() => void) | undefined
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
/** How many may be waiting in this process at once, and of those for one form: nobody takes all places from others. */
const placesMax = 5000
const placesOfFormMax = 50

type Waiting = Following & { resolve: () => void }

/**
 * Looks for all who wait with one statement, twice a second: nobody holds a connection, and a write costs nothing for being
 * followed. (NOTIFY would make all writers commit one after another.)
 * @param find which of these have changes, by their positions in the list
 */
export function followersWith(find: (all: Following[]) => Promise<number[]>): Followers {
  const waiting = new Set<Waiting>()
  const placesOf = new Map<string, number>()
  let places = 0
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

  function leave(formId: string): void {
    places -= 1
    const left = (placesOf.get(formId) ?? 0) - 1
    if (left > 0) placesOf.set(formId, left)
    else placesOf.delete(formId)
  }

  return {
    get isStopped() {
      return isStopped
    },
    enter(formId) {
      const taken = placesOf.get(formId) ?? 0
      if (taken >= placesOfFormMax || places >= placesMax) return undefined
      places += 1
      placesOf.set(formId, taken + 1)
      return () => leave(formId)
    },
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
