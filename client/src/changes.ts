import { type Connection, queryOf } from './connection.ts'
import { FormgateError } from './formgate-error.ts'
import type { components } from './schema.ts'
import { initOf } from './submissions.ts'

type Schemas = components['schemas']
/** What happened to a submission. To go on right after it, keep its `cursor`. */
export type Change = Schemas['Change']

export type FollowOptions = {
  /** A cursor that was kept, or `now`; from the oldest change that the server keeps when undefined. */
  after?: string
  /** Each change brings its submission, as it is now. */
  include?: 'submission'
  /** Changes of test submissions. */
  test?: boolean
  /** Changes in one call, up to 1,000. */
  limit?: number
  /** Whether to wait for more when all are read; true unless said. */
  follow?: boolean
  /** Told where to go on once all changes before were taken, also when there were none. */
  onCursor?: (cursor: string) => void | Promise<void>
  /**
   * The cursor is too old, or the server was restored from a backup: read everything anew here, and return the cursor from
   * which to go on. Without it the iterator throws the error `cursor_expired`.
   */
  onExpired?: (error: FormgateError) => string | Promise<string>
  signal?: AbortSignal
}

/** How long one call waits for a change; a proxy may cut what is silent for a minute. */
const waitSeconds = 30

/** The changes of a form, oldest first, each once. */
export async function* followChanges(
  connection: Connection,
  options: FollowOptions = {},
): AsyncGenerator<Change, void, undefined> {
  const { onCursor, follow = true } = options
  let { after } = options
  let wait = 0
  for (;;) {
    const page = await pageAfter(connection, options, after, wait)
    yield* page.changes
    after = page.next
    await onCursor?.(after)
    if (!page.more && !follow) return
    wait = page.more ? 0 : waitSeconds
  }
}

async function pageAfter(
  connection: Connection,
  options: FollowOptions,
  after: string | undefined,
  wait: number,
): Promise<Schemas['Changes']> {
  const { include, test, limit = 1000, signal, onExpired } = options
  const path = `/forms/${encodeURIComponent(connection.formId)}/changes`
  const ask = async (from: string | undefined) => {
    const query = queryOf({ after: from, limit, include, test, wait: wait || undefined })
    return (await connection.json<Schemas['Changes']>(path + query, initOf(signal))).value
  }
  try {
    return await ask(after)
  } catch (error) {
    if (!(error instanceof FormgateError && error.status === 410 && onExpired)) throw error
    return ask(await onExpired(error))
  }
}
