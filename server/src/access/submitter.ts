import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { SubmissionAccessRow } from './access.queries.ts'
import type { Caller } from './caller.ts'
import type { Permission } from './permission.ts'

/** What its own submitter may do with a submission that is not deleted; changing it is possible while it is a draft. */
export function mayReadAsSubmitter(
  submission: SubmissionAccessRow,
  permissions: readonly Permission[],
  caller: Caller,
  request: FastifyRequest,
  sign: (text: string) => string,
): boolean {
  if (submission.deleted) return false
  const own = caller.kind === 'user' && submission.created_by_user_id === caller.id
  if (permissions.every((each) => each === 'submission_read')) return own || readableByLink(submission, request, sign)
  if (!own || !submission.draft) return false
  // What was sent back for revision is the team's too: its submitter changes it and does not make it vanish.
  const open = submission.status === null ? ['submission_update', 'submission_delete'] : ['submission_update']
  return permissions.every((each) => open.includes(each))
}

/** Whoever filled in a public form reads the submission again with the token of the reply, or by the shared address. */
function readableByLink(
  submission: SubmissionAccessRow,
  request: FastifyRequest,
  sign: (text: string) => string,
): boolean {
  if (!submission.form.identity_providers.includes('public')) return false
  if (submission.form.settings.enableSubmissionUrlSharing === true) return true
  const token = request.headers['x-submission-token']
  return typeof token === 'string' && sameText(token, sign(submissionTokenText(submission.id)))
}

/** What a submission's access token signs. */
export function submissionTokenText(submissionId: string): string {
  return `submission:${submissionId}`
}

/** Compares in constant time. */
export function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
