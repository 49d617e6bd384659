/**
 * Lets those who want to change the same thing wait for each other here, in memory: in the database each of them would hold
 * a connection while it waits, and others would find none.
 */
export type Turns = <T>(of: string, act: () => Promise<T>) => Promise<T>

export function openTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return async (of, act) => {
    const turn = (last.get(of) ?? Promise.resolve()).then(act, act)
    // What goes wrong is its caller's; the next one only waits for the end.
    const ended = turn.catch(() => undefined)
    last.set(of, ended)
    try {
      return await turn
    } finally {
      if (last.get(of) === ended) last.delete(of)
    }
  }
}
