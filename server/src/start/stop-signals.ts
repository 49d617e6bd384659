/** What a person or a supervisor asks for by signals, as two promises. */
export type StopSignals = {
  /** Stop, after what is under way. */
  asked: Promise<void>
  /** Stop without waiting for it. */
  hurried: Promise<void>
}

/** One Ctrl-C arrives several times: from the terminal, from npm and from the launcher. Only a later one means haste. */
const oneAndTheSameMs = 1000

/** Listen for the signals that end a server, from now until the process ends. */
export function listenForStop(): StopSignals {
  const asked = Promise.withResolvers<void>()
  const hurried = Promise.withResolvers<void>()
  let askedAt: number | undefined
  const onSignal = () => {
    askedAt ??= Date.now()
    if (Date.now() - askedAt > oneAndTheSameMs) hurried.resolve()
    asked.resolve()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  // A closed terminal takes our output along; without this, the next line we print would end us in mid-drain.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined)
  return { asked: asked.promise, hurried: hurried.promise }
}
