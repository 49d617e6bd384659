import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { hitsInIndex } from './list-by-index.queries.ts'
import { type ListFilter, where } from './list-conditions.queries.ts'

/** How many rows a list has: two equal numbers where that is known. */
export type Total = { atLeast: number; atMost: number }

/** Rows are counted one by one up to here. */
export const countedMax = 10_000

export type Dbs = {
  db: Db
  /** Where a statement may take long, and is ended if it does. */
  slow: Db
}

/**
 * How many submissions a list has: from the kept counts where they tell, else by counting a part of it. There are never
 * more than `atMost`, so whoever turns pages by it reads all.
 */
export async function countSubmissions({ db, slow }: Dbs, formId: string, filter: ListFilter): Promise<Total> {
  const { test, draft, deleted, formVersionId, version, hasStatus, ...others } = filter
  const kept = { test, draft, deleted, formVersionId, version }
  if (Object.values(others).some((each) => each !== undefined)) {
    const found = await countOneByOne(slow, formId, filter)
    if (found <= countedMax) return exactly(found)
    return { atLeast: found, atMost: Math.max(found, await keptCount(db, formId, kept)) }
  }
  if (!hasStatus) return exactly(await keptCount(db, formId, kept))
  // What is no draft was submitted and has a status; of drafts those have one that were sent back for revision.
  const submitted = draft === true ? 0 : await keptCount(db, formId, { ...kept, draft: false })
  const inRevision = draft === false ? 0 : await countOneByOne(db, formId, { ...kept, draft: true, hasStatus })
  if (inRevision <= countedMax) return exactly(submitted + inRevision)
  return { atLeast: submitted + inRevision, atMost: await keptCount(db, formId, kept) }
}

export function exactly(count: number): Total {
  return { atLeast: count, atMost: count }
}

type Kept = Pick<ListFilter, 'test' | 'draft' | 'deleted' | 'formVersionId' | 'version'>

/** How many submissions of a form there are, from the counts that are kept: at no more cost for a million. */
export async function keptCount(db: Db, formId: string, filter: Kept): Promise<number> {
  const { rows } = await sql<{ count: number }>`select coalesce(sum(count), 0)::bigint as count
    from submission_count s where ${where(formId, filter)}`.execute(db)
  return rows[0]?.count ?? 0
}

async function countOneByOne(db: Db, formId: string, filter: ListFilter): Promise<number> {
  const limit = countedMax + 1
  const part = { beyond: () => sql`true`, oldestFirst: false, limit, offset: 0 }
  const counted = filter.drivenBy
    ? hitsInIndex(formId, filter, filter.drivenBy, part)
    : sql`(select from submission s where ${where(formId, filter)} limit ${limit}) hit`
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${counted}`.execute(db)
  return rows[0]?.count ?? 0
}
