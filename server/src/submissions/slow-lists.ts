import { isCancelled } from '../db/cancelled.ts'
import { problems } from '../problem.ts'
import type { ListFilter } from './list-conditions.queries.ts'
import type { PageRequest } from './submission-list.ts'

/** After so long the database gives a list up. */
export const slowListMs = 5000
/** So many at once in a container; others wait, and no other call waits for them. */
export const slowListsMax = 4
/** So long they wait. */
export const slowListsWaitMs = 10_000

/** A page that begins this far into a list, by number, passes over all rows before it. */
const farOffset = 10_000

/** Whether a list may have to read many rows for each one that it shows: what it asks for has no index that is kept for every form. */
export function mayBeSlow(filter: ListFilter, isSorted: boolean, page?: PageRequest | 'all'): boolean {
  const { test, draft, deleted, formVersionId, version, submissionId, hasStatus, ...others } = filter
  const offset = typeof page === 'object' && page.kind === 'number' ? page.number * page.limit : 0
  return isSorted || offset > farOffset || Object.values(others).some((each) => each !== undefined)
}

/** The same rows; when they take too long, the problem says what would help. */
export async function* inTime<Row>(rows: AsyncIterable<Row>, filter: ListFilter): AsyncGenerator<Row> {
  try {
    yield* rows
  } catch (error) {
    throw explained(error, filter)
  }
}

/** What ended a list, as whoever asked for it should see it. */
export function explained(error: unknown, filter: ListFilter): unknown {
  if (isCancelled(error)) {
    const withoutIndex = (filter.answers ?? []).filter(({ indexId }) => indexId === undefined)
    return withoutIndex.length > 0
      ? problems.filterNeedsIndex(withoutIndex.map(({ field }) => field))
      : problems.listTooSlow(slowListMs / 1000)
  }
  // The pool has no code for it.
  if (error instanceof Error && error.message === 'timeout exceeded when trying to connect') {
    return problems.unavailable('Too many lists that read many submissions are asked for at the same time.')
  }
  return error
}
