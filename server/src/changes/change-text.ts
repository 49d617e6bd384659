import { withMember } from '../http/json-text.ts'
import { submissionText } from '../submissions/submission.ts'
import { type ChangeRow, type ChangesPage, type ChangeWithSubmission, cutTo } from './changes.queries.ts'
import { cursorOf } from './cursor.ts'

/** Brings changes with their submissions, as many of the first ones as fit into a piece. */
export type ReadSubmissions = (changes: ChangeRow[]) => Promise<ChangeWithSubmission[]>

/** A page is cut short once its text is longer, for whoever reads it may hold it whole. */
const pageCharacters = 4_000_000

/** A change as JSON text; a submission's answers go through as the text that the database gave. */
function changeText(row: ChangeRow & { submission?: ChangeWithSubmission['submission'] }, feed: string): string {
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

/**
 * The texts of a page's changes in pieces, so that never more than one of them is in memory.
 * @returns the page as far as it was shown
 */
async function* piecesOf(page: ChangesPage, read: ReadSubmissions | undefined): AsyncGenerator<string[], ChangesPage> {
  const { rows, feed } = page
  let characters = 0
  for (let shown = 0; shown < rows.length; ) {
    const piece = read ? await read(rows.slice(shown)) : rows
    const texts = piece.map((row) => changeText(row, feed))
    yield texts
    shown += piece.length
    characters += texts.reduce((sum, text) => sum + text.length, 0)
    if (characters > pageCharacters && shown < rows.length) return cutTo(page, shown)
  }
  return page
}

/** A page of the feed as JSON text. */
export async function* changesText(page: ChangesPage, read: ReadSubmissions | undefined): AsyncGenerator<string> {
  const pieces = piecesOf(page, read)
  let separator = '{"changes":['
  let piece = await pieces.next()
  for (; !piece.done; piece = await pieces.next()) {
    yield separator + piece.value.join(',')
    separator = ','
  }
  const { next, more } = piece.value
  yield `${separator === ',' ? '' : separator}],"next":${JSON.stringify(cursorOf(next))},"more":${more}}`
}

/**
 * A page as server-sent events (WHATWG HTML §9.2). The last of them has an id and nothing else: it moves the place from
 * which a client goes on, and keeps the connection busy.
 * @returns the page as far as it was shown
 */
export async function* eventsText(
  page: ChangesPage,
  read: ReadSubmissions | undefined,
): AsyncGenerator<string, ChangesPage> {
  const pieces = piecesOf(page, read)
  let shown = 0
  let piece = await pieces.next()
  for (; !piece.done; piece = await pieces.next()) {
    const start = shown
    shown += piece.value.length
    yield piece.value.map((text, place) => eventText(text, page, start + place)).join('')
  }
  yield `id: ${cursorOf(piece.value.next)}\n\n`
  return piece.value
}

function eventText(text: string, { rows, feed }: ChangesPage, place: number): string {
  const row = rows[place]
  return row ? `id: ${cursorOf({ feed, xid: row.xid, id: row.id })}\nevent: change\ndata: ${text}\n\n` : ''
}
