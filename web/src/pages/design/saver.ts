export type SaveState =
  /** As it was opened: nothing to save. */
  | { kind: 'unchanged' }
  | { kind: 'waiting' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: string }
  | { kind: 'failed'; error: unknown }
  /** Somebody else changed it meanwhile: a person has to decide. */
  | { kind: 'conflict' }

type SaverOptions = {
  /** What the server has. */
  saved: string
  /** Stores the text; resolves to when. */
  store(text: string): Promise<{ at: string }>
  /** Keeps what is not saved yet in the browser, at once. */
  keep(text: string): void
  /** Nothing is unsaved any more. */
  forget(): void
  isConflict(error: unknown): boolean
  /** Whether the same may succeed by itself later. */
  isPassing(error: unknown): boolean
  tell(state: SaveState): void
  delayMs?: number
  retryMs?: number
}

export type Saver = {
  change(text: string): void
  /** Saves what is not saved; resolves to whether all is. */
  flush(): Promise<boolean>
  /** This is what the server has now: somebody decided about a conflict, or published. */
  settle(saved: string, state: SaveState): void
  pending(): boolean
  start(): void
  /** Nothing is saved by itself any more; `flush` still does. */
  stop(): void
}

/**
 * Saves a definition a moment after its last change, one call at a time, and never what the server has already. What
 * could not be saved stays kept in the browser, and is tried again when that may help.
 */
export function saverOf(options: SaverOptions): Saver {
  const { store, keep, forget, isConflict, isPassing, tell, delayMs = 1500, retryMs = 15_000 } = options
  let saved = options.saved
  let latest = saved
  let running: Promise<boolean> | undefined
  let inConflict = false
  let stopped = false
  let settled: SaveState = { kind: 'unchanged' }
  let timer: ReturnType<typeof setTimeout> | undefined

  const later = (ms: number) => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(() => void flush(), ms)
  }

  async function save(): Promise<boolean> {
    while (latest !== saved) {
      const text = latest
      tell({ kind: 'saving' })
      try {
        const { at } = await store(text)
        saved = text
        if (latest !== saved) continue
        forget()
        settled = { kind: 'saved', at }
        tell(settled)
      } catch (error) {
        inConflict = isConflict(error)
        tell(inConflict ? { kind: 'conflict' } : { kind: 'failed', error })
        if (!inConflict && isPassing(error)) later(retryMs)
        return false
      }
    }
    return true
  }

  function flush(): Promise<boolean> {
    clearTimeout(timer)
    if (inConflict) return Promise.resolve(false)
    running ??= save().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    change(text) {
      if (text === latest) return
      latest = text
      if (text === saved && !running) {
        // Back to what the server has.
        clearTimeout(timer)
        forget()
        tell(settled)
        return
      }
      keep(text)
      if (inConflict) return
      if (!running) tell({ kind: 'waiting' })
      later(delayMs)
    },
    flush,
    settle(text, state) {
      saved = text
      settled = state
      inConflict = false
      if (latest === saved) tell(settled)
    },
    pending: () => latest !== saved,
    start: () => {
      stopped = false
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}
