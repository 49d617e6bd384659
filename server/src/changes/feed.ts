import type { Db } from '../db/database.ts'
import { problems } from '../problem.ts'
import { type ChangesPage, type PageOptions, pageOfChanges } from './changes.queries.ts'
import type { Place } from './cursor.ts'
import type { Followers } from './followers.ts'

/** A page of the feed. @throws Problem 410 when what comes after the place is not kept any more */
export async function readFeed(db: Db, options: PageOptions): Promise<ChangesPage> {
  const page = await pageOfChanges(db, options)
  if (options.after && !isKept(options.after, page)) throw problems.cursorExpired()
  return page
}

/** A place beyond the horizon was never given out by this feed. */
function isKept({ feed, xid }: Place, page: ChangesPage): boolean {
  return feed === page.feed && BigInt(xid) > BigInt(page.forgottenXid) && BigInt(xid) <= BigInt(page.horizonXid)
}

/** Where the feed ends right now: whoever goes on from there gets what comes from now on. */
export async function endOfFeed(db: Db, options: Pick<PageOptions, 'formId' | 'test'>): Promise<Place> {
  const { next } = await pageOfChanges(db, { ...options, after: undefined, limit: 0 })
  return next
}

export type FollowDeps = { db: Db; followers: Followers }
export type FollowOptions = PageOptions & {
  waitMs: number
  signal: AbortSignal
}

/** A page of the feed, waited for when there is none yet. */
export async function followFeed({ db, followers }: FollowDeps, options: FollowOptions): Promise<ChangesPage> {
  const page = await readFeed(db, options)
  if (page.rows.length > 0 || options.waitMs === 0) return page
  const { formId, test, waitMs: ms, signal } = options
  await followers.wait({ formId, test, after: page.next }, { ms, signal })
  if (signal.aborted) return page
  return readFeed(db, { ...options, after: page.next })
}
