import { sql } from 'kysely'
import { isUuid } from '../http/uuid.ts'
import { problems } from '../problem.ts'
import { expressionSql } from './filter.queries.ts'
import type { Expression, Ordering } from './filter.ts'
import { type EntityType, type Model, propertyNamed } from './model.ts'
import { rowNumberSql, type Sql, type Typed } from './properties.queries.ts'
import type { SkipToken } from './skip-token.ts'

type Key = { value: Sql; type: 'numeric' | 'text' | 'uuid'; descending: boolean; nullable: boolean }
/** What entities are ordered by: keys, then the submission's making, then the numbers of rows. No two are at one place. */
export type Order = { keys: Key[]; descending: boolean; depth: number }

type Names = { type: EntityType; model: Model }

const human = sql`collate "und-x-icu"`
/** So much of a text counts in an order: it goes into the address of the next page. */
const textMax = 100

/** The order of a request; the newest submission first unless it says otherwise. @throws Problem 400 */
export function orderOf(orderBy: Ordering[], names: Names): Order {
  const depth = names.type.steps.length
  const [first] = orderBy
  // The order that has an index, in either direction.
  if (!first || (orderBy.length === 1 && isCreation(first.expression, names))) {
    return { keys: [], descending: first?.descending ?? true, depth }
  }
  const option = '$orderby'
  const keys = orderBy.map(({ expression, descending }) =>
    toKey(expressionSql(expression, { ...names, option }), descending),
  )
  return { keys, descending: true, depth }
}

function isCreation(expression: Expression, { type }: Names): boolean {
  if (expression.kind !== 'property' || expression.path.length !== 1) return false
  const property = propertyNamed(type, expression.path[0] ?? '')
  return property?.kind === 'metadata' && property.member === 'createdAt'
}

function toKey({ sql: value, type, nullable }: Typed, descending: boolean): Key {
  switch (type) {
    case 'string':
      return { value: sql`left(${value}, ${textMax})`, type: 'text', descending, nullable }
    case 'guid':
      return { value, type: 'uuid', descending, nullable }
    case 'number':
      return { value: sql`(${value})::numeric`, type: 'numeric', descending, nullable }
    case 'boolean':
      return { value: sql`(${value})::int::numeric`, type: 'numeric', descending, nullable }
    case 'date':
      return { value: sql`(${value} - date '1970-01-01')::numeric`, type: 'numeric', descending, nullable }
    case 'dateTime':
      return { value: sql`extract(epoch from ${value})`, type: 'numeric', descending, nullable }
  }
}

/** Null comes before every value (OData 4.0 protocol §11.2.5.2). */
export function orderSql({ keys, descending, depth }: Order): Sql {
  const direction = (down: boolean) => (down ? sql`desc nulls last` : sql`asc nulls first`)
  // The index is plainly descending: `nulls last` would not fit it.
  const made = descending ? sql`s.created_at desc, s.id desc` : sql`s.created_at, s.id`
  const rows = Array.from({ length: depth }, (_, index) => rowNumberSql(index + 1))
  return sql.join([...keys.map((key) => sql`${compared(key)} ${direction(key.descending)}`), made, ...rows])
}

function compared({ value, type }: Key): Sql {
  return type === 'text' ? sql`${value} ${human}` : value
}

/** SQL: behind a place in the order. @throws Problem 400 for a place that is of another order */
export function afterSql(order: Order, { createdAt, id, rows, keys }: SkipToken): Sql {
  if (keys.length !== order.keys.length || rows.length !== order.depth) throw mistake()
  const place = sql`(${createdAt}::timestamptz, ${id}::uuid)`
  const [before, beforeOrAt] = order.descending ? [sql`<`, sql`<=`] : [sql`>`, sql`>=`]
  const numbers = rows.map((_, index) => rowNumberSql(index + 1))
  const made: Step = {
    behind: sql`(s.created_at, s.id) ${before} ${place}`,
    behindOrAt: sql`(s.created_at, s.id) ${beforeOrAt} ${place}`,
  }
  const inGrid = sql`(${sql.join(numbers)}) > (${sql.join(rows.map((row) => sql`${row}::int`))})`
  const steps = [...order.keys.map((key, index) => keyStep(key, keys[index] ?? null)), made]
  return behind(steps, rows.length > 0 ? inGrid : undefined)
}

/** SQL: what comes behind a value in one of the orders, and the same with the value itself. */
type Step = { behind: Sql; behindOrAt: Sql }

/** An order by several keys: behind in the first, or at the same place there and behind in the next. */
function behind([step, ...rest]: Step[], last: Sql | undefined): Sql {
  if (!step) return last ?? sql`false`
  if (rest.length === 0 && !last) return sql`(${step.behind})`
  return sql`(${step.behindOrAt} and (${step.behind} or ${behind(rest, last)}))`
}

function keyStep(key: Key, value: string | null): Step {
  const own = compared(key)
  if (value === null) {
    return key.descending
      ? { behind: sql`false`, behindOrAt: sql`${key.value} is null` }
      : { behind: sql`${key.value} is not null`, behindOrAt: sql`true` }
  }
  const at = valueSql(key, value)
  if (!key.descending)
    return { behind: sql`coalesce(${own} > ${at}, false)`, behindOrAt: sql`coalesce(${own} >= ${at}, false)` }
  return { behind: sql`coalesce(${own} < ${at}, true)`, behindOrAt: sql`coalesce(${own} <= ${at}, true)` }
}

function valueSql({ type }: Key, value: string): Sql {
  if (type === 'uuid' && !isUuid(value)) throw mistake()
  if (type === 'numeric' && !/^-?\d{1,2000}(\.\d{1,2000})?$/.test(value)) throw mistake()
  return sql`${value}::${sql.raw(type)}`
}

function mistake(): Error {
  return problems.invalidQuery([{ path: '$skiptoken', message: 'belongs to another $orderby, or to another set' }])
}
