import type { Db } from '../db/database.ts'
import { type Regular, regularly } from '../regularly.ts'
import { type FillStep, fillNext, forgetNext } from './indexed-fields.queries.ts'

/** A batch takes some tens of milliseconds, so that no writer waits for long. */
const batchSize = 1000
/** How soon an index is begun, also by a container that did not make it. */
const everyMs = 2000

/** Builds indexes that were asked for and takes away those that were removed, beside the requests; it goes on where a stopped server left off. */
export function fillingOf(db: Db, warn: (message: string) => void): Regular {
  let stopping = false
  const steps = [() => fillNext(db, batchSize), () => forgetNext(db, batchSize)]
  const regular = regularly(
    everyMs,
    async () => {
      for (const step of steps) for (let last: FillStep = 'more'; last !== 'nothing' && !stopping; ) last = await step()
    },
    (error) => warn(`Indexed fields were not worked on: ${error}`),
  )
  return {
    start: regular.start,
    stop() {
      stopping = true
      return regular.stop()
    },
  }
}
