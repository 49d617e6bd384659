import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/database.ts'

/** Longer ones are kept by their beginning: an index takes no value beyond 2,704 bytes. */
const keyLength = 500

/**
 * SQL: a part of a statement that writes submissions, which keeps their answers' top-level keys.
 * @param written a name of rows with a `form_id` and a `submission`
 */
export function notingKeys(written: RawBuilder<unknown>): RawBuilder<unknown> {
  // In one order, so that two who bring the same new keys wait for each other instead of failing.
  return sql`, keyed as (
      insert into answer_key (form_id, key)
      select distinct w.form_id, left(found.name, ${sql.lit(keyLength)}) as key from ${written} w
      cross join lateral jsonb_object_keys(
        case jsonb_typeof(w.submission->'data') when 'object' then w.submission->'data' else '{}' end) found(name)
      where not exists (
        select from answer_key k where k.form_id = w.form_id and k.key = left(found.name, ${sql.lit(keyLength)}))
      order by 1, 2 on conflict do nothing
    )`
}

/** Whether any submission of a form has, or ever had, an answer with another top-level key than these. */
export async function hasOtherKeys(db: Db, formId: string, known: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ other: boolean }>`select exists (
    select from answer_key where form_id = ${formId} and key <> all(${known}::text[])) as other`.execute(db)
  return rows[0]?.other === true
}
