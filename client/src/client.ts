import { type Change, type FollowOptions, followChanges } from './changes.ts'
import { type Connection, connect, type FormgateOptions } from './connection.ts'
import { type Exports, exportsOf } from './exports.ts'
import { initOf, type Submissions, submissionsOf } from './submissions.ts'

export type { Change, FollowOptions } from './changes.ts'
export type { FormgateOptions } from './connection.ts'
export type { ExportManifest, ExportQuery, ExportStatus } from './exports.ts'
export { FormgateError } from './formgate-error.ts'
export type { Patience, Wait } from './patient-fetch.ts'
export type { components, operations, paths } from './schema.ts'
export type { CreateOptions, ListedSubmission, ListOptions, StoredSubmission } from './submissions.ts'

type AnyAnswers = Record<string, unknown>

/**
 * A form's data by its API key.
 * @template Sent the answers that the form asks for; of the form's own document, `components['schemas']['Answers']`
 * @template Stored the answers that are read back; `StoredAnswers` there
 */
export type FormgateClient<Sent = AnyAnswers, Stored = AnyAnswers> = {
  formId: string
  submissions: Submissions<Sent, Stored>
  changes: {
    /** The changes of the form, oldest first, each once. */
    follow(options?: FollowOptions): AsyncGenerator<Change, void, undefined>
  }
  exports: Exports
  /** The form's own OpenAPI document. */
  openapi(options?: { signal?: AbortSignal }): Promise<Record<string, unknown>>
  /** Every other operation by its path, typed; answers `{ data, error, response }` as openapi-fetch does. */
  api: Connection['api']
  /** For those who build on it: any call of this form's key. */
  connection: Connection
}

/** Makes a client; nothing is asked of the server before it is used. @throws TypeError for an address that is none */
export function createFormgateClient<Sent = AnyAnswers, Stored = AnyAnswers>(
  options: FormgateOptions,
): FormgateClient<Sent, Stored> {
  const connection = connect(options)
  return {
    formId: options.formId,
    connection,
    api: connection.api,
    submissions: submissionsOf<Sent, Stored>(connection),
    changes: { follow: (following) => followChanges(connection, following) },
    exports: exportsOf(connection),
    async openapi({ signal } = {}) {
      const path = `/forms/${encodeURIComponent(options.formId)}/openapi.json`
      return (await connection.json<Record<string, unknown>>(path, initOf(signal))).value
    },
  }
}
