import type { Clock } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { forgetOldKeys } from '../submissions/idempotency.queries.ts'
import { deleteEndedSessions } from './people.queries.ts'

export const sweepEveryMs = 60 * 60 * 1000

/** Deletes the rows whose time is over: they open nothing any more. Any number of containers may do so at once. */
export async function sweepEnded(db: Db, clock: Clock): Promise<void> {
  await deleteEndedSessions(db, new Date(clock()))
  await forgetOldKeys(db)
}
