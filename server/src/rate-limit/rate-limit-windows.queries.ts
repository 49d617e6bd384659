import type { RunStatement, Statement } from '../db/database.ts'
import type { RateLimitWindow } from './rate-limit.ts'

/** So many units of one key, asked for at once under one limit. */
export type UnitsAsked = { key: string; max: number; windowMs: number; units: number }
/** A window after some of the units were admitted; `count` holds them already. */
export type UnitsTaken = { key: string; id: string; count: number; admitted: number; endsInMs: number }
export type UnitsReturned = { key: string; windowId: string; units: number }

const microseconds = (at: string) => `(extract(epoch from ${at}) * 1000000)::bigint`

/**
 * The clock is read once for each row, and again after a wait for a row's lock: a call that has waited is counted in the
 * window that runs when its turn comes. Rows are locked in the order of their keys, so that two processes never wait for
 * each other in a circle.
 */
const takeUnitsStatement: Statement = {
  name: 'take-rate-limit-units',
  text: `insert into rate_limit_window as w (key, window_id, window_ms, max, count, taken, ends_at)
    select key, ${microseconds('at')}, window_ms, max, least(units, max), least(units, max),
      at + window_ms * interval '1 millisecond'
    from unnest($1::text[], $2::int[], $3::int[], $4::int[]) as asked (key, max, window_ms, units),
      (select clock_timestamp() as at offset 0) clock
    order by key collate "C"
    on conflict (key) do update set (window_id, window_ms, max, count, taken, ends_at) = (
      select
        case when over then ${microseconds('at')} else w.window_id end,
        case when over then excluded.window_ms else w.window_ms end,
        excluded.max,
        case when over then 0 else w.count end + fitting,
        fitting,
        case when over then at + excluded.window_ms * interval '1 millisecond' else w.ends_at end
      from (select clock_timestamp() as at offset 0) clock,
        lateral (select w.ends_at <= at as over offset 0) window_state,
        lateral (select greatest(0, least(excluded.taken, excluded.max - case when over then 0 else w.count end)) as fitting) room
    )
    returning key, window_id::text as id, count, taken as admitted,
      (extract(epoch from ends_at - clock_timestamp()) * 1000)::float8 as "endsInMs"`,
}

/** Takes as many units of each key as fit under its limit, in one statement. @param asked with no key twice */
export function takeUnits(run: RunStatement, asked: UnitsAsked[]): Promise<UnitsTaken[]> {
  return run<UnitsTaken>(takeUnitsStatement, [
    asked.map(({ key }) => key),
    asked.map(({ max }) => max),
    asked.map(({ windowMs }) => windowMs),
    asked.map(({ units }) => units),
  ])
}

const returnUnitsStatement: Statement = {
  name: 'return-rate-limit-units',
  text: `with returned as (
      select w.key, r.units
      from unnest($1::text[], $2::text[], $3::int[]) as r (key, window_id, units)
      join rate_limit_window w on w.key = r.key and w.window_id::text = r.window_id
      where w.ends_at > clock_timestamp()
      order by w.key collate "C"
      for update of w
    )
    update rate_limit_window w set count = greatest(0, w.count - returned.units)
    from returned where w.key = returned.key`,
}

/** Gives units back to windows that still run. @param returned with no key twice */
export async function returnUnits(run: RunStatement, returned: UnitsReturned[]): Promise<void> {
  await run(returnUnitsStatement, [
    returned.map(({ key }) => key),
    returned.map(({ windowId }) => windowId),
    returned.map(({ units }) => units),
  ])
}

const findWindowStatement: Statement = {
  name: 'find-rate-limit-window',
  text: `select window_id::text as id, count, (extract(epoch from ends_at - clock_timestamp()) * 1000)::float8 as "endsInMs"
    from rate_limit_window where key = $1 and ends_at > clock_timestamp()`,
}

export async function findWindow(run: RunStatement, key: string): Promise<RateLimitWindow | undefined> {
  const [window] = await run<RateLimitWindow>(findWindowStatement, [key])
  return window
}

const deleteEndedStatement: Statement = {
  name: 'delete-ended-rate-limit-windows',
  text: `with ended as (
      select key from rate_limit_window where ends_at <= clock_timestamp()
      order by ends_at limit $1 for update skip locked
    )
    delete from rate_limit_window w using ended where w.key = ended.key returning w.key`,
}

/** Deletes windows that are over, so many at most; passes over those that somebody counts in at this moment. */
export async function deleteEndedWindows(run: RunStatement, max: number): Promise<number> {
  return (await run(deleteEndedStatement, [max])).length
}
