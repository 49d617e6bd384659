import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Usage } from './key-usage.ts'

/** Adds usage to what is stored, all or nothing; that of a key which is gone is left out. */
export function addUsage(db: Db, usage: Usage): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await addRows(tx, usage)
    await addLastUses(tx, usage)
  })
}

/** In one order for all containers, so that two of them never wait for each other in a circle. */
async function addRows(tx: Db, { rows }: Usage): Promise<void> {
  await sql`
    insert into api_key_usage as kept (api_key_id, day, operation, calls, succeeded, client_errors, rate_limited, bytes_sent)
    select used.* from unnest(${rows.map((each) => each.keyId)}::bigint[], ${rows.map((each) => each.day)}::date[],
      ${rows.map((each) => each.operation)}::text[], ${rows.map((each) => each.calls)}::bigint[],
      ${rows.map((each) => each.succeeded)}::bigint[], ${rows.map((each) => each.clientErrors)}::bigint[],
      ${rows.map((each) => each.rateLimited)}::bigint[], ${rows.map((each) => each.bytesSent)}::bigint[]) used (id, day, operation)
    where exists (select from api_key k where k.id = used.id)
    order by used.id, used.day, used.operation
    on conflict (api_key_id, day, operation) do update set calls = kept.calls + excluded.calls,
      succeeded = kept.succeeded + excluded.succeeded, client_errors = kept.client_errors + excluded.client_errors,
      rate_limited = kept.rate_limited + excluded.rate_limited, bytes_sent = kept.bytes_sent + excluded.bytes_sent`.execute(
    tx,
  )
}

/** Of secrets that still work, or of the key as a whole once it is revoked: its secrets have left no hash then. */
async function addLastUses(tx: Db, { lastUses }: Usage): Promise<void> {
  await sql`
    insert into api_key_last_use as kept (api_key_id, secret_hash, at, address, client)
    select distinct on (id, hash) id, hash, at, address, client from (
      select k.id, case when k.revoked_at is null then used.secret_hash else '' end as hash, used.at, used.address, used.client
      from unnest(${lastUses.map((each) => each.keyId)}::bigint[],
        ${lastUses.map((each) => each.secretHash)}::bytea[], ${lastUses.map((each) => new Date(each.at))}::timestamptz[],
        ${lastUses.map((each) => each.address)}::text[], ${lastUses.map((each) => each.client)}::text[])
        used (key_id, secret_hash, at, address, client)
      join api_key k on k.id = used.key_id
        and (k.revoked_at is not null or used.secret_hash in (k.secret_hash, k.previous_secret_hash))
    ) named
    order by id, hash, at desc
    on conflict (api_key_id, secret_hash) do update set at = excluded.at, address = excluded.address, client = excluded.client
    where excluded.at > kept.at`.execute(tx)
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

/** Removes usage of the days before one, and what is known of secrets that were replaced. */
export async function forgetUsage(db: Db, before: Date): Promise<void> {
  await sql`delete from api_key_usage where day < ${dateOf(before)}::date`.execute(db)
  await sql`delete from api_key_last_use l using api_key k where k.id = l.api_key_id
    and l.secret_hash <> k.secret_hash and l.secret_hash is distinct from k.previous_secret_hash`.execute(db)
}

/** A day of UTC. */
function dateOf(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}
