import { withMember } from '../http/json-text.ts'
import { submissionText } from '../submissions/submission.ts'
import type { ChangeRow, ChangesPage } from './changes.queries.ts'
import { cursorOf } from './cursor.ts'

/** A change as JSON text; a submission's answers go through as the text that the database gave. */
export function changeText(row: ChangeRow, feed: string): string {
  const shown = {
    cursor: cursorOf({ feed, xid: row.xid, id: row.id }),
    kind: row.kind,
    submissionId: row.submission_id,
    draft: row.draft,
    status: row.status,
    changedBy: row.changed_by,
    changedAt: row.changed_at.toISOString(),
  }
  const text = JSON.stringify(shown)
  return row.submission ? withMember(text, 'submission', submissionText(row.submission)) : text
}

/** A page of the feed as JSON text. */
export function changesText({ rows, feed, next, more }: ChangesPage): string {
  const changes = rows.map((row) => changeText(row, feed))
  return `{"changes":[${changes.join(',')}],"next":${JSON.stringify(cursorOf(next))},"more":${more}}`
}

/**
 * A page as server-sent events (WHATWG HTML §9.2). The last of them has an id and nothing else: it moves the place from
 * which a client goes on, and keeps the connection busy.
 */
export function eventsText({ rows, feed, next }: ChangesPage): string {
  const events = rows.map(
    (row) => `id: ${cursorOf({ feed, xid: row.xid, id: row.id })}\nevent: change\ndata: ${changeText(row, feed)}\n\n`,
  )
  return `${events.join('')}id: ${cursorOf(next)}\n\n`
}
