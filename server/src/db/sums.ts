import { type RawBuilder, sql } from 'kysely'

/** SQL: the sum of a value over the rows that come before each row in an order. */
export function sumBefore(value: RawBuilder<unknown>, order: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(sum(${value}) over (order by ${order} rows unbounded preceding) - ${value})`
}
