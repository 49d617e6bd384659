import { problems } from '../problem.ts'

/**
 * Two people may have one thing open: who names what they have seen never overwrites what they have not.
 * @throws Problem 412 `changed_meanwhile`
 */
export function assertUnchanged(headers: { 'if-match'?: string }, updatedAt: Date | undefined): void {
  const expected = headers['if-match']
  if (expected !== undefined && updatedAt && expected !== `"${updatedAt.toISOString()}"`) {
    throw problems.changedMeanwhile()
  }
}
