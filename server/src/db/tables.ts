import type { ColumnType, Generated } from 'kysely'

type Stamps = {
  created_by: string
  created_at: Generated<Date>
  updated_by: Generated<string | null>
  updated_at: Generated<Date>
}

/** A json or jsonb column: read parsed, written as JSON text. */
type Json<T> = ColumnType<T, string, string>

/** The row types of every table; column names as in SQL. */
export type Tables = {
  app_user: {
    id: string
    name: string
    email: string
    email_verified: Generated<boolean>
    image: string | null
    server_owner: Generated<boolean>
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  auth_session: {
    id: string
    user_id: string
    token: string
    expires_at: Date
    ip_address: string | null
    user_agent: string | null
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  auth_account: {
    id: string
    user_id: string
    account_id: string
    provider_id: string
    password: string | null
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  auth_verification: {
    id: string
    identifier: string
    value: string
    expires_at: Date
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  invitation: {
    id: string
    email: string
    token_hash: Buffer
    invited_by: string | null
    form_id: string | null
    roles: Generated<string[]>
    created_at: Generated<Date>
    expires_at: Date
    accepted_at: Date | null
    withdrawn_at: Date | null
  }
  server_setting: { name: string; value: string }
  permission: { code: string; display: string; description: string }
  role: { code: string; display: string; description: string }
  role_permission: { role: string; permission: string }
  form: Stamps & {
    id: string
    name: string
    description: string | null
    active: Generated<boolean>
    labels: Generated<string[]>
    identity_providers: Generated<string[]>
    settings: Json<Record<string, unknown>>
    raised_limit: Generated<number | null>
    raised_limit_until: Generated<Date | null>
    raised_limit_reason: Generated<string | null>
    raised_limit_by: Generated<string | null>
  }
  form_role_user: { form_id: string; user_id: string; role: string; created_by: string; created_at: Generated<Date> }
  form_version: Stamps & {
    id: string
    form_id: string
    version: number
    schema: Json<Record<string, unknown>>
    published: Generated<boolean>
  }
  form_draft: Stamps & {
    id: string
    form_id: string
    form_version_id: string | null
    schema: Json<Record<string, unknown>>
  }
  status_code: { code: string; display: string; next_codes: string[] }
  form_status_code: { id: string; form_id: string; code: string; created_by: string; created_at: Generated<Date> }
  api_key: Stamps & {
    id: Generated<number>
    form_id: string
    name: Generated<string>
    secret_hash: Buffer
    secret_sealed: string
    scopes: Generated<string[]>
    expires_at: Date | null
    test: Generated<boolean>
    enabled: Generated<boolean>
    allowed_addresses: string[] | null
    rate_limit: number | null
    previous_secret_hash: Buffer | null
    previous_hint: string | null
    previous_valid_until: Date | null
    generation: Generated<number>
    revoked_at: Date | null
    revoked_by: string | null
    revoked_reason: string | null
    rotated_at: Date | null
  }
  api_key_usage: {
    api_key_id: number
    day: Date
    operation: string
    calls: number
    succeeded: number
    client_errors: number
    rate_limited: number
    bytes_sent: number
  }
  api_key_last_use: { api_key_id: number; secret_hash: Buffer; at: Date; address: string; client: string | null }
  submission: Stamps & {
    id: string
    form_id: string
    form_version_id: string
    confirmation_id: ColumnType<string, never, never>
    draft: Generated<boolean>
    deleted: Generated<boolean>
    test: Generated<boolean>
    late_entry: Generated<boolean>
    status: string | null
    submission: Json<Record<string, unknown>>
    created_by_user_id: string | null
    submitted_at: Date | null
    /** Whom the newest status names. */
    assigned_to_user_id: Generated<string | null>
  }
  answer_key: { form_id: string; key: string }
  submission_status: {
    id: string
    submission_id: string
    code: string
    assigned_to_user_id: string | null
    action_date: Date | null
    created_by: string
    created_at: Generated<Date>
  }
  submission_edit: {
    id: Generated<number>
    submission_id: string
    kind: string
    draft: boolean
    created_by: string
    created_at: Generated<Date>
  }
  submission_count: {
    form_id: string
    form_version_id: string
    draft: boolean
    deleted: boolean
    test: boolean
    shard: number
    count: number
  }
  indexed_field: {
    id: Generated<number>
    form_id: string
    field: string
    path: string
    filled_before: Generated<Date>
    filled_before_id: Generated<string>
    filled_rows: Generated<number>
    ready_at: Date | null
    removed_at: Date | null
    created_by: string
    created_at: Generated<Date>
  }
  submission_answer: { indexed_field_id: number; value: Buffer; created_at: Date; submission_id: string }
  file: {
    id: string
    form_id: string
    submission_id: string | null
    storage_name: string
    original_name: string
    mime_type: string
    size: number
    created_by: string
    created_by_user_id: string | null
    network: string | null
    created_at: Generated<Date>
  }
  file_removal: { storage_name: string; due_at: Generated<Date> }
  idempotency_key: {
    form_id: string
    caller: string
    operation: string
    key: string
    body_hash: Buffer
    response: string | null
    created_at: Generated<Date>
  }
  audit_event: {
    id: Generated<number>
    at: Generated<Date>
    action: string
    actor: string
    actor_user_id: string | null
    form_id: string | null
    details: Json<Record<string, unknown>>
  }
}
