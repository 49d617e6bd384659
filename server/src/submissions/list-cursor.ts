import { isUuid } from '../http/uuid.ts'
import { problems } from '../problem.ts'

/** A place in a list that is ordered by its rows' creation, newest first: that of one of them. */
export type ListCursor = { createdAt: Date; id: string }

const cursorPattern = /^([0-9a-z]{1,9})\.([0-9a-f-]{36})$/

export function listCursorOf(row: { created_at: Date; id: string }): string {
  return `${row.created_at.getTime().toString(36)}.${row.id}`
}

/** @throws Problem 400 `invalid_query` for what no reply of ours ever held */
export function listCursorIn(text: string, name: string): ListCursor {
  const [, time = '', id = ''] = cursorPattern.exec(text) ?? []
  const milliseconds = Number.parseInt(time, 36)
  // Nine digits reach the year 5188.
  if (!isUuid(id) || Number.isNaN(milliseconds)) {
    throw problems.invalidQuery([{ path: name, message: 'must be a cursor from the Link of a reply' }])
  }
  return { createdAt: new Date(milliseconds), id }
}
