/** The statuses that a submission can have once it was submitted. */
export const submissionStatuses = ['SUBMITTED', 'ASSIGNED', 'COMPLETED', 'REVISING'] as const

/** What decides whether a submission may get a status. */
export type Reviewed = { draft: boolean; deleted: boolean; status: string | null }

export type StatusDecision = { kind: 'allowed'; draft: boolean } | { kind: 'refused'; why: string }

/** Sent back to its submitter, a submission is a draft again until it is submitted anew. */
const revising = 'REVISING'

/**
 * Whether the team may give a submission this status.
 * @param nextCodes where its present status leads
 */
export function decideStatus(submission: Reviewed, code: string, nextCodes: readonly string[]): StatusDecision {
  if (submission.deleted) return refused('It is deleted. Restore it first.')
  if (submission.status === null) return refused('It is a draft that was not submitted yet.')
  if (!nextCodes.includes(code)) return refused(`From ${submission.status} it goes to ${listed(nextCodes)}.`)
  return { kind: 'allowed', draft: code === revising }
}

function refused(why: string): StatusDecision {
  return { kind: 'refused', why }
}

function listed(codes: readonly string[]): string {
  return codes.length > 1 ? `${codes.slice(0, -1).join(', ')} or ${codes.at(-1)}` : (codes[0] ?? 'no other')
}
