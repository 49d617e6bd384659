import type { RunStatement, Statement } from '../db/database.ts'

/** The key of a form whose secret, or whose secret before the last rotation, has the hash that was asked for. */
export type CredentialRow = {
  key_id: number
  key_name: string
  /** What tells the calls of a key from those of the same key before it was regenerated. */
  generation: number
  /** Separated by spaces, as in RFC 6749 §3.3: a text is quicker to read than an array. */
  scopes: string
  test: boolean
  allowed_addresses: string[] | null
  own_limit: number | null
  /** What the owner of the server has set for the form, while that holds. */
  raised_limit: number | null
}

/** A submission with what its reply and its rules need of the form and the version; JSON columns as text. */
export type SubmissionAccessRow = {
  id: string
  form_id: string
  form_version_id: string
  confirmation_id: string
  draft: boolean
  deleted: boolean
  test: boolean
  status: string | null
  submission: string
  created_by: string
  created_by_user_id: string | null
  created_at: Date
  updated_by: string | null
  updated_at: Date
  form: FormAccessRow
  version: {
    version: number
    published: boolean
    created_by: string
    created_at: Date
    updated_by: string | null
    updated_at: Date
  }
}

/** A form as the guard and the replies need it. */
export type FormAccessRow = {
  id: string
  name: string
  description: string | null
  active: boolean
  labels: string[]
  identity_providers: string[]
  settings: Record<string, unknown>
  created_by: string
  created_at: Date
  updated_by: string | null
  updated_at: Date
}

export const keyColumns = `k.id as key_id, k.name as key_name, k.generation,
  array_to_string(k.scopes, ' ') as scopes, k.test, k.allowed_addresses, k.rate_limit as own_limit,
  case when f.raised_limit_until > now() then f.raised_limit end as raised_limit`

/** SQL: the key of an active form ($1) whose secret has this hash ($2) and works now, by the clock of the database. */
export const keyThatWorks = `k.form_id = $1 and f.active and k.enabled and k.revoked_at is null
  and (k.expires_at is null or k.expires_at > now())
  and (k.secret_hash = $2 or (k.previous_secret_hash = $2 and k.previous_valid_until > now()))`

const findCredentialStatement: Statement = {
  name: 'find-credential',
  text: `select ${keyColumns} from api_key k join form f on f.id = k.form_id where ${keyThatWorks}`,
}

/** The key that a secret's hash belongs to; undefined when the form is unknown or deleted, or its key does not work. */
export async function findCredential(
  run: RunStatement,
  formId: string,
  secretHash: Buffer,
): Promise<CredentialRow | undefined> {
  const [row] = await run<CredentialRow>(findCredentialStatement, [formId, secretHash])
  return row
}

const submissionColumns = `s.id as s_id, s.form_id as s_form_id, s.form_version_id, s.confirmation_id, s.draft, s.deleted, s.test as s_test, s.status,
  s.submission::text as submission, s.created_by as s_created_by, s.created_by_user_id,
  s.created_at as s_created_at, s.updated_by as s_updated_by, s.updated_at as s_updated_at,
  f.id as f_id, f.name, f.description, f.active, f.labels, f.identity_providers, f.settings, f.created_by as f_created_by,
  f.created_at as f_created_at, f.updated_by as f_updated_by, f.updated_at as f_updated_at,
  v.version, v.published, v.created_by as v_created_by, v.created_at as v_created_at, v.updated_by as v_updated_by,
  v.updated_at as v_updated_at`

const findCredentialAndSubmissionStatement: Statement = {
  name: 'find-credential-and-submission',
  text: `select ${keyColumns}, ${submissionColumns}
    from api_key k
    join form f on f.id = k.form_id
    left join submission s on s.form_id = f.id and s.id = $3 and (s.test or not k.test)
    left join form_version v on v.form_id = f.id and v.id = s.form_version_id
    where ${keyThatWorks}`,
}

/**
 * A key and, in the same trip, a submission of its form. That of another form is as unknown as none, and so is a live one
 * to a test key.
 */
export async function findCredentialAndSubmission(
  run: RunStatement,
  formId: string,
  secretHash: Buffer,
  submissionId: string,
): Promise<{ credential: CredentialRow | undefined; submission: SubmissionAccessRow | undefined }> {
  const [row] = await run<CredentialRow & SubmissionColumns>(findCredentialAndSubmissionStatement, [
    formId,
    secretHash,
    submissionId,
  ])
  return { credential: row, submission: toSubmission(row) }
}

const findSubmissionForUserStatement: Statement = {
  name: 'find-submission-for-user',
  text: `select ${submissionColumns}, ${permissionsOf('f.id', '$2')} as permissions
    from submission s
    join form f on f.id = s.form_id
    join form_version v on v.id = s.form_version_id
    where s.id = $1`,
}

/** A submission and what a person (or nobody: null) may do with its form by role. */
export async function findSubmissionForUser(
  run: RunStatement,
  submissionId: string,
  userId: string | null,
): Promise<{ submission: SubmissionAccessRow; permissions: string[] } | undefined> {
  const [row] = await run<SubmissionColumns & { permissions: string[] }>(findSubmissionForUserStatement, [
    submissionId,
    userId,
  ])
  const submission = toSubmission(row)
  return row && submission ? { submission, permissions: row.permissions } : undefined
}

const findFormForUserStatement: Statement = {
  name: 'find-form-for-user',
  text: `select f.active, f.identity_providers, ${permissionsOf('f.id', '$2')} as permissions from form f where f.id = $1`,
}

/** A form's state and what a person (or nobody: null) may do with it by role. */
export async function findFormForUser(
  run: RunStatement,
  formId: string,
  userId: string | null,
): Promise<{ active: boolean; identity_providers: string[]; permissions: string[] } | undefined> {
  const rows = await run<{ active: boolean; identity_providers: string[]; permissions: string[] }>(
    findFormForUserStatement,
    [formId, userId],
  )
  return rows[0]
}

/** An SQL expression: what a user may do with a form by role. */
export function permissionsOf(form: string, user: string): string {
  return `array(select distinct rp.permission from form_role_user u join role_permission rp on rp.role = u.role
    where u.form_id = ${form} and u.user_id = ${user}::uuid)`
}

type SubmissionColumns = Omit<
  SubmissionAccessRow,
  'id' | 'form_id' | 'test' | 'created_by' | 'created_at' | 'updated_by' | 'updated_at' | 'form' | 'version'
> &
  Omit<FormAccessRow, 'id' | 'created_by' | 'created_at' | 'updated_by' | 'updated_at'> & {
    s_id: string | null
    s_form_id: string
    s_test: boolean
    s_created_by: string
    s_created_at: Date
    s_updated_by: string | null
    s_updated_at: Date
    f_id: string
    f_created_by: string
    f_created_at: Date
    f_updated_by: string | null
    f_updated_at: Date
    version: number
    published: boolean
    v_created_by: string
    v_created_at: Date
    v_updated_by: string | null
    v_updated_at: Date
  }

function toSubmission(row: SubmissionColumns | undefined): SubmissionAccessRow | undefined {
  if (!row?.s_id) return undefined
  return {
    id: row.s_id,
    form_id: row.s_form_id,
    form_version_id: row.form_version_id,
    confirmation_id: row.confirmation_id,
    draft: row.draft,
    deleted: row.deleted,
    test: row.s_test,
    status: row.status,
    submission: row.submission,
    created_by: row.s_created_by,
    created_by_user_id: row.created_by_user_id,
    created_at: row.s_created_at,
    updated_by: row.s_updated_by,
    updated_at: row.s_updated_at,
    form: toForm(row),
    version: {
      version: row.version,
      published: row.published,
      created_by: row.v_created_by,
      created_at: row.v_created_at,
      updated_by: row.v_updated_by,
      updated_at: row.v_updated_at,
    },
  }
}

function toForm(row: SubmissionColumns): FormAccessRow {
  return {
    id: row.f_id,
    name: row.name,
    description: row.description,
    active: row.active,
    labels: row.labels,
    identity_providers: row.identity_providers,
    settings: row.settings,
    created_by: row.f_created_by,
    created_at: row.f_created_at,
    updated_by: row.f_updated_by,
    updated_at: row.f_updated_at,
  }
}
