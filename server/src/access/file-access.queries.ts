import type { RunStatement, Statement } from '../db/database.ts'
import { type CredentialRow, keyColumns, keyThatWorks, permissionsOf } from './access.queries.ts'

/** A file with what its reply and its rules need. */
export type FileAccessRow = {
  id: string
  form_id: string
  submission_id: string | null
  storage_name: string
  original_name: string
  mime_type: string
  size: number
  created_by_user_id: string | null
  created_at: Date
}

const fileColumns = `file.id, file.form_id, file.submission_id, file.storage_name, file.original_name, file.mime_type,
  file.size, file.created_by_user_id, file.created_at`

const findCredentialAndFileStatement: Statement = {
  name: 'find-credential-and-file',
  text: `select ${keyColumns}, ${fileColumns}
    from api_key k
    join form f on f.id = k.form_id
    left join file on file.form_id = f.id and file.id = $3 and file.submission_id is not null
      and (not k.test or exists (select from submission s where s.id = file.submission_id and s.test))
    where ${keyThatWorks}`,
}

/** A key and, in the same trip, a submitted file that it may reach; another form's is as unknown as none. */
export async function findCredentialAndFile(
  run: RunStatement,
  formId: string,
  secretHash: Buffer,
  fileId: string,
): Promise<{ credential: CredentialRow | undefined; file: FileAccessRow | undefined }> {
  const [row] = await run<CredentialRow & FileAccessRow>(findCredentialAndFileStatement, [formId, secretHash, fileId])
  // A left join without a match: every column of the file is null then.
  return { credential: row, file: row && (row.id as string | null) !== null ? row : undefined }
}

const findFileForUserStatement: Statement = {
  name: 'find-file-for-user',
  text: `select ${fileColumns}, f.active as form_active, ${permissionsOf('f.id', '$2')} as permissions
    from file join form f on f.id = file.form_id
    where file.id = $1`,
}

/** A file and what a person (or nobody: null) may do with its form by role. */
export async function findFileForUser(
  run: RunStatement,
  fileId: string,
  userId: string | null,
): Promise<{ file: FileAccessRow; formActive: boolean; permissions: string[] } | undefined> {
  const [row] = await run<FileAccessRow & { form_active: boolean; permissions: string[] }>(findFileForUserStatement, [
    fileId,
    userId,
  ])
  return row && { file: row, formActive: row.form_active, permissions: row.permissions }
}
