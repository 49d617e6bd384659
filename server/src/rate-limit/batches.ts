type Waiting<Ask, Answer> = { ask: Ask; resolve(answer: Answer): void; reject(error: unknown): void }

/**
 * Turns single questions into batches. What is asked in one go, and what comes while a batch is under way, goes out
 * together with the next one; there is never more than one under way.
 * @param send answers a batch, in the order of its questions; if it fails, whoever waits hears of it
 * @param max questions in one batch at most
 */
export function inBatches<Ask, Answer>(
  send: (asks: Ask[]) => Promise<Answer[]>,
  max = 500,
): (ask: Ask) => Promise<Answer> {
  const waiting: Waiting<Ask, Answer>[] = []
  let sending = false

  async function sendNext(): Promise<void> {
    const batch = waiting.splice(0, max)
    try {
      const answers = await send(batch.map(({ ask }) => ask))
      for (const [index, answer] of answers.entries()) batch[index]?.resolve(answer)
    } catch (error) {
      // Those behind it would only wait for the same failure, one after the other.
      for (const each of [...batch, ...waiting.splice(0)]) each.reject(error)
    }
  }

  async function sendAll(): Promise<void> {
    if (sending) return
    sending = true
    // A moment for whoever asks in the same go.
    await Promise.resolve()
    while (waiting.length > 0) await sendNext()
    sending = false
  }

  return (ask) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    waiting.push({ ask, resolve, reject })
    void sendAll()
    return promise
  }
}
