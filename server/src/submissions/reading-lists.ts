import { enclosed, jsonArray } from '../http/stream.ts'
import type { ListFilter } from './list-conditions.queries.ts'
import { countSubmissions, type Dbs, exactly, type Total } from './list-counts.queries.ts'
import { explained, inTime, mayBeSlow } from './slow-lists.ts'
import type { AskedField } from './submission.ts'
import { linkOf, listItemText, type PageRequest } from './submission-list.ts'
import { type ListRow, type ListSort, pageOfSubmissions, submissionsOfForm } from './submission-lists.queries.ts'

export type List = {
  formId: string
  fields: AskedField[]
  filter: ListFilter
  sort: ListSort | undefined
  /** The names of the fields that were asked for. */
  asked: ReadonlySet<string>
}

type Reply = { headers: Record<string, string>; text: AsyncGenerator<string> }

/** All of a list: as a bare array in its own order or, where pages were switched on, as one page. */
export function wholeList({ db, slow }: Dbs, list: List, page: 'all' | undefined): AsyncGenerator<string> {
  const { formId, filter, fields } = list
  const sort = page === 'all' ? list.sort : undefined
  const from = mayBeSlow(filter, sort !== undefined) ? slow : db
  let count = 0
  const counted = async function* (rows: AsyncIterable<ListRow[]>) {
    for await (const batch of rows) {
      count += batch.length
      yield batch.map(itemText(list))
    }
  }
  const array = jsonArray(counted(inTime(submissionsOfForm(from, formId, filter, fields, sort), filter)))
  return page === 'all' ? enclosed('{"results":', array, () => `,"total":${count}}`) : array
}

/** One page of a list. @param address path and query of the request */
export async function listPage(dbs: Dbs, list: List, page: PageRequest, address: string): Promise<Reply> {
  const { filter } = list
  try {
    const { rows, more, total } = await readPage(dbs, list, page)
    return {
      headers: {
        Link: linkOf(address, { page, rows, more, sorted: list.sort !== undefined }),
        ...(total.atLeast < total.atMost
          ? { 'Total-Bounds': `at-least=${total.atLeast}, at-most=${total.atMost}` }
          : {}),
      },
      text: enclosed('{"results":', jsonArray(once(rows.map(itemText(list)))), `,"total":${total.atMost}}`),
    }
  } catch (error) {
    throw explained(error, filter)
  }
}

async function readPage(dbs: Dbs, list: List, page: PageRequest) {
  const { formId, filter, sort } = list
  const from = mayBeSlow(filter, sort !== undefined, page) ? dbs.slow : dbs.db
  const { rows, more } = await pageOfSubmissions(from, formId, filter, { ...list, page })
  const total = endingWith(page, rows.length, more) ?? (await countSubmissions(dbs, formId, filter))
  return { rows, more, total }
}

/** The last page by number tells how many rows there are. */
function endingWith(page: PageRequest, rows: number, more: boolean): Total | undefined {
  if (page.kind !== 'number' || more || (rows === 0 && page.number > 0)) return undefined
  return exactly(page.number * page.limit + rows)
}

function itemText({ asked }: List): (row: ListRow) => string {
  return (row) => listItemText(row, asked)
}

async function* once(texts: string[]): AsyncGenerator<string[]> {
  yield texts
}
