/** What did not come in time. */
export class Late extends Error {}

const slices = 4

/**
 * Waits for an answer, but not for ever. Only time in which this process could have seen the answer counts: a loop that
 * was busy for longer than a slice of the deadline uses up one slice, and what has come meanwhile is read before judging.
 * @throws Late after the deadline
 */
export async function within<T>(deadlineMs: number, answer: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  let left = slices
  const wait = (): NodeJS.Timeout => setTimeout(onSlice, deadlineMs / slices)
  function onSlice(): void {
    left -= 1
    if (left > 0) timer = wait()
    // Timers come before input and output in a turn of the loop, and this comes after them.
    else setImmediate(() => reject(new Late(`No answer within ${deadlineMs} ms.`)))
  }
  let timer = wait()
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
