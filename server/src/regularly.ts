export type Regular = {
  /** Runs at once and then again and again. */
  start(): void
  /** Waits for a run that is under way. */
  stop(): Promise<void>
}

/** Something to do now and then beside the requests. What fails is told, and tried again with the next run. */
export function regularly(everyMs: number, act: () => Promise<unknown>, failed: (error: unknown) => void): Regular {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> | undefined

  function run(): void {
    // A run that takes longer than the interval is not joined by a second one.
    running ??= act()
      .catch(failed)
      .finally(() => {
        running = undefined
      })
  }

  return {
    start() {
      run()
      timer = setInterval(run, everyMs)
      // It must not keep a process alive that has nothing else to do.
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
