import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Usage } from './key-usage.ts'

/** Adds usage to what is stored; that of a key which is gone is left out. */
export async function addUsage(db: Db, { rows, lastUses }: Usage): Promise<void> {
  await sql`
    insert into api_key_usage as kept (api_key_id, day, operation, calls, succeeded, client_errors, rate_limited, bytes_sent)
    select used.* from unnest(${rows.map((each) => each.keyId)}::bigint[], ${rows.map((each) => each.day)}::date[],
      ${rows.map((each) => each.operation)}::text[], ${rows.map((each) => each.calls)}::bigint[],
      ${rows.map((each) => each.succeeded)}::bigint[], ${rows.map((each) => each.clientErrors)}::bigint[],
      ${rows.map((each) => each.rateLimited)}::bigint[], ${rows.map((each) => each.bytesSent)}::bigint[]) used (id)
    where exists (select from api_key k where k.id = used.id)
    on conflict (api_key_id, day, operation) do update set calls = kept.calls + excluded.calls,
      succeeded = kept.succeeded + excluded.succeeded, client_errors = kept.client_errors + excluded.client_errors,
      rate_limited = kept.rate_limited + excluded.rate_limited, bytes_sent = kept.bytes_sent + excluded.bytes_sent`.execute(
    db,
  )
  await sql`
    insert into api_key_last_use as kept (api_key_id, secret_hash, at, address, client)
    select used.* from unnest(${lastUses.map((each) => each.keyId)}::bigint[],
      ${lastUses.map((each) => each.secretHash)}::bytea[], ${lastUses.map((each) => new Date(each.at))}::timestamptz[],
      ${lastUses.map((each) => each.address)}::text[], ${lastUses.map((each) => each.client)}::text[]) used (id, secret_hash)
    where exists (select from api_key k where k.id = used.id and used.secret_hash in (k.secret_hash, k.previous_secret_hash))
    on conflict (api_key_id, secret_hash) do update set at = excluded.at, address = excluded.address, client = excluded.client
    where excluded.at > kept.at`.execute(db)
}

export type DayOfUsage = {
  day: string
  calls: number
  succeeded: number
  clientErrors: number
  rateLimited: number
  bytesSent: number
}
export type OperationOfUsage = { operationId: string; calls: number }

/** A key's calls on each day since one, oldest first; days without any are absent. */
export async function usageByDay(db: Db, keyId: number, since: Date): Promise<DayOfUsage[]> {
  const { rows } = await sql<DayOfUsage>`
    select day::text as day, sum(calls)::bigint as calls, sum(succeeded)::bigint as succeeded,
      sum(client_errors)::bigint as "clientErrors", sum(rate_limited)::bigint as "rateLimited",
      sum(bytes_sent)::bigint as "bytesSent"
    from api_key_usage where api_key_id = ${keyId} and day >= ${dateOf(since)}::date group by day order by day`.execute(
    db,
  )
  return rows
}

/** What a key was used for most since a day. */
export async function topOperations(db: Db, keyId: number, since: Date, limit: number): Promise<OperationOfUsage[]> {
  const { rows } = await sql<OperationOfUsage>`
    select operation as "operationId", sum(calls)::bigint as calls from api_key_usage
    where api_key_id = ${keyId} and day >= ${dateOf(since)}::date
    group by operation order by sum(calls) desc, operation limit ${limit}`.execute(db)
  return rows
}

/** Removes usage of the days before one. */
export async function forgetUsage(db: Db, before: Date): Promise<void> {
  await sql`delete from api_key_usage where day < ${dateOf(before)}::date`.execute(db)
}

/** A day of UTC. */
function dateOf(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}
