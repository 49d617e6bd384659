import { problems } from '../problem.ts'

/**
 * A place in a feed: after the change `id` of the transaction `xid`. Both are texts, for PostgreSQL counts further than a
 * number of JavaScript does.
 */
export type Place = { feed: string; xid: string; id: string }

const cursorPattern = /^([0-9a-f]{8})\.(\d{1,20})\.(\d{1,19})$/
const xidMax = 2n ** 64n - 1n
/** Also stands for "after all of the transaction's". */
export const idMax = 2n ** 63n - 1n

export function cursorOf({ feed, xid, id }: Place): string {
  return `${feed}.${xid}.${id}`
}

/** @throws Problem 400 `invalid_query` for what no reply of ours ever held */
export function placeIn(cursor: string): Place {
  const [, feed, xid, id] = cursorPattern.exec(cursor) ?? []
  if (feed === undefined || xid === undefined || id === undefined || BigInt(xid) > xidMax || BigInt(id) > idMax) {
    throw problems.invalidQuery([{ path: 'after', message: 'must be a cursor from a reply, or "now"' }])
  }
  return { feed, xid, id }
}
