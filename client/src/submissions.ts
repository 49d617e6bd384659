import { type Connection, queryOf } from './connection.ts'
import { FormgateError } from './formgate-error.ts'
import type { components, paths } from './schema.ts'

type Schemas = components['schemas']
type ListQuery = NonNullable<paths['/app/api/v1/forms/{formId}/submissions']['get']['parameters']['query']>

/** A row of the list, with the answers that `fields` names. */
export type ListedSubmission = Schemas['SubmissionListItem']
/** A submission with its answers. */
export type StoredSubmission<Stored> = Omit<Schemas['Submission'], 'submission'> & {
  submission: { data: Stored; state?: string; metadata?: Record<string, unknown> }
}
/** What to list: everything of the API's list but its pages, which the iterator asks for. */
export type ListOptions = Omit<ListQuery, 'paginationEnabled' | 'page' | 'after' | 'before' | 'itemsPerPage'> & {
  /** Rows of one call, up to 10,000; 1,000 unless said. */
  pageSize?: number
  signal?: AbortSignal
}
type Page = { results: ListedSubmission[] }
export type CreateOptions = {
  /** The form's published version unless said. */
  versionId?: string
  draft?: boolean
  /** Names this submission for 24 hours: a repeat with it stores nothing more. A new one unless said. */
  idempotencyKey?: string
  signal?: AbortSignal
}

export type Submissions<Sent, Stored> = {
  /** All submissions, newest first, a page at a time; while others add submissions none is missed or comes twice. */
  list(options?: ListOptions): AsyncGenerator<ListedSubmission, void, undefined>
  get(id: string, options?: { signal?: AbortSignal }): Promise<StoredSubmission<Stored>>
  /**
   * Stores one. A call that is cut off is repeated with the same key, so that it is stored once.
   * @throws FormgateError `invalid_submission`, with what is wrong in `errors`
   */
  create(answers: Sent, options?: CreateOptions): Promise<StoredSubmission<Stored>>
  /** Marks one as deleted. */
  delete(id: string, options?: { signal?: AbortSignal }): Promise<void>
}

/** The published version may change; older ones take submissions too, so this need not be exact. */
const versionKeptMs = 300_000

export function submissionsOf<Sent, Stored>(connection: Connection): Submissions<Sent, Stored> {
  const path = `/forms/${encodeURIComponent(connection.formId)}`
  let known: { id: string; until: number } | undefined

  async function publishedVersion(init: RequestInit): Promise<string> {
    if (known && known.until > Date.now()) return known.id
    const { value } = await connection.json<Schemas['FormFields']>(`${path}/fields`, init)
    const { versionId, published } = value
    if (versionId === null || !published) {
      throw new FormgateError({ code: 'form_closed', detail: 'No version of this form is published.' })
    }
    known = { id: versionId, until: Date.now() + versionKeptMs }
    return versionId
  }

  return {
    async *list({ pageSize = 1000, signal, ...query } = {}) {
      const first = queryOf({ ...query, paginationEnabled: true, itemsPerPage: pageSize, page: 0 })
      for (let next: string | undefined = first; next !== undefined; ) {
        const page: { value: Page; headers: Headers } = await connection.json(
          `${path}/submissions${next}`,
          initOf(signal),
        )
        yield* page.value.results
        next = nextQuery(page.headers.get('link'))
      }
    },
    async get(id, { signal } = {}) {
      const at = `/submissions/${encodeURIComponent(id)}`
      const { value } = await connection.json<{ submission: StoredSubmission<Stored> }>(at, initOf(signal))
      return value.submission
    },
    async create(answers, { versionId, draft = false, idempotencyKey = crypto.randomUUID(), signal } = {}) {
      const version = versionId ?? (await publishedVersion(initOf(signal)))
      const at = `${path}/versions/${encodeURIComponent(version)}/submissions`
      const { value } = await connection.json<StoredSubmission<Stored>>(at, {
        ...initOf(signal),
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
        body: JSON.stringify({ draft, submission: { data: answers } }),
      })
      return value
    },
    async delete(id, { signal } = {}) {
      const init = { ...initOf(signal), method: 'DELETE' }
      await (await connection.send(`/submissions/${encodeURIComponent(id)}`, init)).body?.cancel()
    },
  }
}

export function initOf(signal: AbortSignal | undefined): RequestInit {
  return signal ? { signal } : {}
}

/**
 * The query of the next page (RFC 8288). Only the query is taken: a server behind a proxy may not know its own address, and
 * the key goes to the one that we were given.
 */
export function nextQuery(link: string | null): string | undefined {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(/<([^>]*)>([^,<]*)/g)) {
    if (/;\s*rel="?next"?/.test(parameters)) return new URL(target, 'http://any').search
  }
  return undefined
}
