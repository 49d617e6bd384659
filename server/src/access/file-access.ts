import type { FastifyRequest } from 'fastify'
import type { RunStatement } from '../db/database.ts'
import { fileTokenText } from '../files/file.ts'
import { findSubmissionForUser } from './access.queries.ts'
import { type Caller, userIdOf } from './caller.ts'
import { type FileAccessRow, findFileForUser } from './file-access.queries.ts'
import type { Permission } from './permission.ts'
import { mayReadAsSubmitter, sameText } from './submitter.ts'

type Deps = { run: RunStatement; sign(text: string): string }

export type ReachableFile = { file: FileAccessRow; permissions: ReadonlySet<string> }

/**
 * A file, if a person or a stranger may do with it what the permissions say. Until its submission is stored it is its
 * uploader's alone; then whoever may do the same with the submission may do it with the file, and its uploader has no
 * right of their own any more.
 */
export async function findReachableFile(
  { run, sign }: Deps,
  fileId: string,
  permissions: readonly Permission[],
  caller: Caller,
  request: FastifyRequest,
): Promise<ReachableFile | undefined> {
  const userId = userIdOf(caller)
  const found = await findFileForUser(run, fileId, userId)
  if (!found?.formActive) return undefined
  const { file } = found
  const reachable = { file, permissions: new Set(found.permissions) }
  if (file.submission_id === null) return isUploader(file, userId, request, sign) ? reachable : undefined
  if (permissions.every((each) => reachable.permissions.has(each))) return reachable
  const submission = await findSubmissionForUser(run, file.submission_id, userId)
  const submitter = submission && mayReadAsSubmitter(submission.submission, permissions, caller, request, sign)
  return submitter ? reachable : undefined
}

/** A person by their session; a stranger by the token of the reply, also once they have signed in. */
function isUploader(
  file: FileAccessRow,
  userId: string | null,
  request: FastifyRequest,
  sign: (text: string) => string,
): boolean {
  if (userId !== null && file.created_by_user_id === userId) return true
  const token = request.headers['x-file-token']
  return typeof token === 'string' && sameText(token, sign(fileTokenText(file.id)))
}
