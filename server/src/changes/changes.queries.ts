import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { sumBefore } from '../db/sums.ts'
import type { SubmissionRow } from '../submissions/submission.ts'
import { idMax, type Place } from './cursor.ts'

export const changeKinds = ['created', 'updated', 'status', 'deleted', 'restored'] as const
export type ChangeKind = (typeof changeKinds)[number]

export type ChangeRow = {
  xid: string
  id: string
  kind: ChangeKind
  submission_id: string
  draft: boolean
  status: string | null
  changed_by: string
  changed_at: Date
}
/** The submission is undefined when it is gone for good by now. */
export type ChangeWithSubmission = ChangeRow & { submission: SubmissionRow | undefined }

export type ChangesPage = {
  rows: ChangeRow[]
  /** The name of the feed. */
  feed: string
  /** Changes up to this transaction are kept no longer. */
  forgottenXid: string
  /** The newest transaction that the page could show. */
  horizonXid: string
  /** After the rows or, when these are all, after every change that there can be by now. */
  next: Place
  /** Whether there are more at once. */
  more: boolean
}

type Sql = RawBuilder<unknown>

/**
 * SQL: a part of a statement that writes submissions, which notes the change in the same transaction.
 * @param changed where the rows come from: a name with the columns of `submission`
 */
export function notingChanges(changed: Sql, kind: ChangeKind, author: string): Sql {
  return sql`, noted as (
      insert into submission_change (form_id, submission_id, kind, draft, test, status, changed_by)
      select form_id, id, ${kind}::text, draft, test, status, ${author}::text from ${changed}
    )`
}

export type PageOptions = {
  formId: string
  test: boolean
  /** From the oldest change that is kept when undefined. */
  after: Place | undefined
  limit: number
}

/**
 * The changes of a form after a place, oldest first. Only those of transactions that are older than every running one are
 * shown: nothing can come before them any more, so whoever goes on at `next` misses none and sees none twice.
 */
export async function pageOfChanges(db: Db, { formId, test, after, limit }: PageOptions): Promise<ChangesPage> {
  // One statement, so that the horizon and the rows are of one snapshot.
  const { rows } = await sql<Found>`
    select feed.name as feed, feed.forgotten_xid::text, feed.xmin::text as horizon, page.*
    from (select name, forgotten_xid, pg_snapshot_xmin(pg_current_snapshot()) as xmin from change_feed) feed
    left join lateral (
      select c.xid::text, c.id::text, c.kind, c.submission_id, c.draft, c.status, c.changed_by, c.changed_at
      from submission_change c
      where c.form_id = ${formId} and c.test = ${test} and c.xid < feed.xmin
        and (c.xid, c.id) > (${after?.xid ?? '0'}::xid8, ${after?.id ?? '0'}::bigint)
      order by c.xid, c.id limit ${limit + 1}
    ) page on true`.execute(db)
  return toPage(rows, limit)
}

/** A form without changes gives one row, of the feed alone. */
type Found = { feed: string; forgotten_xid: string; horizon: string } & ({ xid: null } | ChangeRow)

function toPage(found: Found[], limit: number): ChangesPage {
  const [first] = found
  if (!first) throw new Error('The table change_feed has lost its row.')
  const all = found.flatMap((row) => (row.xid === null ? [] : [row]))
  const horizonXid = String(BigInt(first.horizon) - 1n)
  const page: ChangesPage = {
    rows: all,
    feed: first.feed,
    forgottenXid: first.forgotten_xid,
    horizonXid,
    next: { feed: first.feed, xid: horizonXid, id: String(idMax) },
    more: false,
  }
  return all.length > limit ? cutTo(page, limit) : page
}

/** A page without its last rows. */
export function cutTo(page: ChangesPage, count: number): ChangesPage {
  const rows = page.rows.slice(0, count)
  const last = rows.at(-1)
  return { ...page, rows, next: last ? { feed: page.feed, xid: last.xid, id: last.id } : page.next, more: true }
}

/** How much of the text of submissions is read at once; one that is larger comes alone. */
const textBytes = 1_000_000
const textRows = 50

/** The first of some changes with their submissions as they are now, as many as fit into a piece: at least one. */
export async function withSubmissions(db: Db, formId: string, changes: ChangeRow[]): Promise<ChangeWithSubmission[]> {
  const wanted = changes.slice(0, textRows)
  const { rows } = await sql<SubmissionRow & { place: number }>`
    select * from (
      select s.id, s.form_version_id, s.confirmation_id, s.draft, s.deleted, s.test, answers.text as submission, s.created_by, s.created_at,
        s.updated_by, s.updated_at, w.place::int,
        ${sumBefore(sql`octet_length(answers.text)`, sql`w.place`)} as bytes_before
      from unnest(${wanted.map((each) => each.submission_id)}::uuid[]) with ordinality w (id, place)
      join submission s on s.id = w.id and s.form_id = ${formId}
      -- Kept apart by the offset, so that each text is made once.
      cross join lateral (select s.submission::text as text offset 0) answers
    ) piece where bytes_before < ${textBytes} order by place`.execute(db)
  const last = rows.at(-1)?.place ?? wanted.length
  const byPlace = new Map(rows.map((row) => [row.place, row]))
  return wanted.slice(0, last).map((change, index) => ({ ...change, submission: byPlace.get(index + 1) }))
}

/** Whether there are changes after each of some places. @returns the positions in the list of those that have */
export async function placesWithChanges(
  db: Db,
  places: { formId: string; test: boolean; after: Place }[],
): Promise<number[]> {
  const { rows } = await sql<{ position: number }>`
    select w.position::int from unnest(${places.map(({ formId }) => formId)}::uuid[], ${places.map(({ test }) => test)}::boolean[],
      ${places.map(({ after }) => after.xid)}::text[], ${places.map(({ after }) => after.id)}::bigint[])
      with ordinality w (form_id, test, xid, id, position)
    where exists (select from submission_change c where c.form_id = w.form_id and c.test = w.test
      and (c.xid, c.id) > (w.xid::xid8, w.id) and c.xid < pg_snapshot_xmin(pg_current_snapshot()))`.execute(db)
  return rows.map(({ position }) => position - 1)
}

/** A change's time is that of its transaction's start, so a few that are younger may go with the old ones. */
const longestTransaction = sql`interval '1 day'`

/** Deletes the changes from before a time. Whoever asks for what came after one of them is told that it is gone. */
export function forgetChanges(db: Db, before: Date): Promise<void> {
  return db.transaction().execute(async (tx) => {
    // The row's lock lets one container at a time do it.
    const { rows } = await sql<{ name: string }>`select name from change_feed for update skip locked`.execute(tx)
    if (rows.length === 0) return
    await sql`update change_feed set seen_xid = pg_current_xact_id(), forgotten_xid = greatest(forgotten_xid::text::numeric, coalesce((
      select xid from submission_change where changed_at < ${before} order by xid desc limit 1), '0')::text::numeric)::text::xid8`.execute(
      tx,
    )
    await sql`delete from submission_change where changed_at < ${before}::timestamptz + ${longestTransaction}
      and xid <= (select forgotten_xid from change_feed)`.execute(tx)
  })
}

/** Begins a new feed where the rows come from another cluster, whose transactions had other numbers. */
export async function renewFeedOfOtherCluster(db: Db): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql`select from change_feed where seen_xid > pg_current_xact_id() for update`.execute(tx)
    if (rows.length > 0) await renewFeed(tx)
  })
}

/** Begins a new feed: every cursor of the old one is told so. */
export async function renewFeed(db: Db): Promise<void> {
  await sql`select renew_change_feed()`.execute(db)
}
