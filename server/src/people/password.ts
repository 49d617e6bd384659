import * as betterAuth from 'better-auth/crypto'

/**
 * Hashing a password takes a tenth of a second on a thread of Node's pool, on purpose. Four at once would take the whole
 * pool, and a new connection to the database, whose login needs it too, would wait behind everybody who tries to sign in.
 */
const atOnceMax = 2

/** better-auth's hash of a password (scrypt). */
export const hashPassword = atMost(atOnceMax, betterAuth.hashPassword)
/** Whether a password fits a hash; in constant time. */
export const verifyPassword = atMost(atOnceMax, betterAuth.verifyPassword)

/** Runs a function at most so many times at once; later calls wait their turn. */
export function atMost<Argument, Result>(max: number, run: (argument: Argument) => Promise<Result>) {
  const waiting: (() => void)[] = []
  let running = 0

  return async (argument: Argument): Promise<Result> => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await run(argument)
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
