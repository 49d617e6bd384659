import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { NewSecret } from './api-keys.queries.ts'

/** When, from where and with what program a secret was used last; the time as PostgreSQL writes it into JSON. */
export type LastUseJson = { at: string; address: string; client: string | null }

export type NamedKeyRow = {
  id: number
  form_id: string
  name: string
  secret_sealed: string
  test: boolean
  scopes: string[]
  enabled: boolean
  expires_at: Date | null
  /** By the clock of the database, which the guard goes by. */
  expired: boolean
  allowed_addresses: string[] | null
  rate_limit: number | null
  /** What the owner of the server has set for the form, while that holds. */
  raised_limit: number | null
  generation: number
  previous_hint: string | null
  previous_valid_until: Date | null
  rotated_at: Date | null
  revoked_at: Date | null
  revoked_by: string | null
  revoked_reason: string | null
  created_by: string
  created_at: Date
  updated_by: string | null
  updated_at: Date
  calls_today: number
  last_use: LastUseJson | null
  previous_last_use: LastUseJson | null
}

/** What can be set of a key. */
export type KeySettings = {
  name: string
  scopes: string[]
  enabled: boolean
  expires_at: Date | null
  allowed_addresses: string[] | null
  rate_limit: number | null
}

const lastUseOf = (secret: RawBuilder<unknown>) => sql`(
  select jsonb_build_object('at', l.at, 'address', l.address, 'client', l.client)
  from api_key_last_use l where l.api_key_id = k.id and l.secret_hash = ${secret})`

const keyColumns = sql`k.id, k.form_id, k.name, k.secret_sealed, k.test, k.scopes, k.enabled, k.expires_at,
  coalesce(k.expires_at <= now(), false) as expired, k.allowed_addresses, k.rate_limit,
  (select f.raised_limit from form f where f.id = k.form_id and f.raised_limit_until > now()) as raised_limit, k.generation, k.rotated_at, k.revoked_at, k.revoked_by, k.revoked_reason, k.created_by, k.created_at, k.updated_by, k.updated_at,
  case when k.previous_valid_until > now() then k.previous_hint end as previous_hint,
  case when k.previous_valid_until > now() then k.previous_valid_until end as previous_valid_until,
  (select coalesce(sum(u.calls), 0)::bigint from api_key_usage u
    where u.api_key_id = k.id and u.day = (now() at time zone 'utc')::date) as calls_today,
  ${lastUseOf(sql`k.secret_hash`)} as last_use, ${lastUseOf(sql`k.previous_secret_hash`)} as previous_last_use`

/** The keys of a form, Default first, then by name; revoked ones last. */
export async function keysOfForm(db: Db, formId: string, revoked: boolean): Promise<NamedKeyRow[]> {
  const { rows } = await sql<NamedKeyRow>`select ${keyColumns} from api_key k
    where k.form_id = ${formId} and (${revoked}::boolean or k.revoked_at is null)
    order by k.revoked_at nulls first, k.name <> 'Default', k.name collate "und-x-icu", k.id`.execute(db)
  return rows
}

/** A key of this form. */
export async function findKey(db: Db, formId: string, keyId: number): Promise<NamedKeyRow | undefined> {
  const { rows } = await sql<NamedKeyRow>`select ${keyColumns} from api_key k
    where k.form_id = ${formId} and k.id = ${keyId}`.execute(db)
  return rows[0]
}

/** The names of a form's keys that are not revoked. */
export function namesOfKeys(db: Db, formId: string): Promise<{ id: number; name: string }[]> {
  return db
    .selectFrom('api_key')
    .select(['id', 'name'])
    .where('form_id', '=', formId)
    .where('revoked_at', 'is', null)
    .execute()
}

export async function insertKey(
  db: Db,
  formId: string,
  secret: NewSecret,
  { test, author, ...settings }: Omit<KeySettings, 'enabled'> & { test: boolean; author: string },
): Promise<number> {
  const { id } = await db
    .insertInto('api_key')
    .values({ form_id: formId, ...secret, ...settings, test, created_by: author })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Changes what is named; false when there is no such key, or it is revoked. */
export async function changeKey(
  db: Db,
  formId: string,
  keyId: number,
  change: Partial<KeySettings>,
  author: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('api_key')
    .set({ ...change, updated_by: author, updated_at: sql`now()` })
    .where('form_id', '=', formId)
    .where('id', '=', keyId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Puts a new secret in place; the old one works for so many hours more. A secret older than that stops at once. */
export async function rotateKey(
  db: Db,
  formId: string,
  keyId: number,
  secret: NewSecret,
  previous: { hint: string; overlapHours: number },
  author: string,
): Promise<void> {
  await sql`update api_key set previous_secret_hash = secret_hash, previous_hint = ${previous.hint},
      previous_valid_until = now() + ${previous.overlapHours} * interval '1 hour',
      secret_hash = ${secret.secret_hash}, secret_sealed = ${secret.secret_sealed}, rotated_at = now(),
      updated_by = ${author}, updated_at = now()
    where form_id = ${formId} and id = ${keyId} and revoked_at is null`.execute(db)
}

/** Ends the overlap of a rotation now; false when none runs. */
export async function endPreviousSecret(db: Db, formId: string, keyId: number, author: string): Promise<boolean> {
  const result =
    await sql`update api_key set previous_secret_hash = null, previous_hint = null, previous_valid_until = null,
      updated_by = ${author}, updated_at = now()
    where form_id = ${formId} and id = ${keyId} and previous_valid_until > now()`.execute(db)
  return (result.numAffectedRows ?? 0n) > 0n
}

/** Revokes a key for good: it stays for the record, its secrets do not. False when it was revoked before. */
export async function revokeKey(
  db: Db,
  formId: string,
  keyId: number,
  reason: string | null,
  author: string,
): Promise<boolean> {
  const revoked = await revokeKeys(db, sql`form_id = ${formId} and id = ${keyId}`, reason, author)
  return revoked.length > 0
}

/** Revokes all keys of a form, and gives the ids of those that were not revoked before. */
export function revokeKeysOfForm(db: Db, formId: string, reason: string, author: string): Promise<number[]> {
  return revokeKeys(db, sql`form_id = ${formId}`, reason, author)
}

/** An empty hash is the hash of nothing, so no secret opens it. The last use stays under it; call it in a transaction. */
async function revokeKeys(
  db: Db,
  which: RawBuilder<unknown>,
  reason: string | null,
  author: string,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`update api_key set secret_hash = '', secret_sealed = '',
      previous_secret_hash = null, previous_hint = null, previous_valid_until = null, revoked_at = now(),
      revoked_by = ${author}, revoked_reason = ${reason}
    where ${which} and revoked_at is null returning id`.execute(db)
  const ids = rows.map(({ id }) => id).sort((a, b) => a - b)
  await sql`
    with ended as (delete from api_key_last_use where api_key_id = any(${ids}::bigint[]) returning *)
    insert into api_key_last_use (api_key_id, secret_hash, at, address, client)
    select distinct on (api_key_id) api_key_id, ''::bytea, at, address, client from ended
    order by api_key_id, at desc`.execute(db)
  return ids
}
