import { sql } from 'kysely'
import { problems } from '../problem.ts'
import type { Comparison, Expression, Literal } from './filter.ts'
import { functionSql } from './functions.queries.ts'
import { type EntityType, type Model, propertyNamed, singleNavigations } from './model.ts'
import { propertySql, type Sql, type Typed } from './properties.queries.ts'
import { instantText } from './values.ts'

/** Where names in an expression are looked up. @param option which part of the address the expression stands in */
export type Names = { type: EntityType; model: Model; option: string }

const human = sql`collate "und-x-icu"`

/** SQL: a condition. Values of the filter are parameters, never text of the statement. @throws Problem 400 */
export function conditionSql(expression: Expression, names: Names): Sql {
  return asBoolean(expressionSql(expression, names), names)
}

/** SQL: an expression and what it gives. @throws Problem 400 that names what is unknown or does not fit */
export function expressionSql(expression: Expression, names: Names): Typed {
  switch (expression.kind) {
    case 'literal':
      return literalSql(expression, names)
    case 'property':
      return pathSql(expression.path, names)
    case 'call':
      return functionSql(
        expression.name,
        expression.parts.map((part) => expressionSql(part, names)),
        names.option,
      )
    case 'compare':
      return comparisonSql(expression, names)
    case 'in':
      return anyOf(expression.item, expression.list, names)
    case 'not':
      return boolean(sql`(not ${conditionSql(expression.inner, names)})`)
    default: {
      const conditions = expression.parts.map((part) => conditionSql(part, names))
      return boolean(sql`(${sql.join(conditions, expression.kind === 'or' ? sql` or ` : sql` and `)})`)
    }
  }
}

function boolean(condition: Sql): Typed {
  return { sql: condition, type: 'boolean', nullable: true }
}

function asBoolean({ sql: condition, type }: Typed, names: Names): Sql {
  if (type !== 'boolean') throw mistake(names, `asks whether a ${type} is true; compare it with something`)
  return condition
}

/** A property, or one of what a row belongs to: `submission/form_status`. */
function pathSql(path: string[], names: Names): Typed {
  let type = names.type
  for (const step of path.slice(0, -1)) {
    const way = singleNavigations(type, names.model).find(({ name }) => name === step)
    if (!way) throw mistake(names, `names ${path.join('/')}, and ${type.name} has no single ${step}`)
    type = way.target
  }
  const name = path.at(-1) ?? ''
  const property = propertyNamed(type, name)
  if (!property) throw mistake(names, `names ${name}, which is no property of ${type.name}`)
  const found = propertySql(type, property)
  if (!found) throw mistake(names, `names ${name}, which can be shown and not be looked for`)
  return found
}

const literalTypes = {
  boolean: 'boolean',
  date: 'date',
  dateTime: 'timestamptz',
  guid: 'uuid',
  number: 'numeric',
  string: 'text',
}

function literalSql({ type, text }: Literal, names: Names): Typed {
  if (type === 'null') throw mistake(names, 'holds null where only eq and ne may compare with it')
  const value = type === 'date' || type === 'dateTime' ? instantValue(text, type, names) : text
  return { sql: sql`${value}::${sql.raw(literalTypes[type])}`, type, nullable: false }
}

function instantValue(text: string, type: 'date' | 'dateTime', names: Names): string {
  // Values have six digits behind the second's point at most, so more of them say nothing.
  const usual = text
    .replace(/ (?=\d\d:\d\d$)/, '+')
    .replace('z', 'Z')
    .replace(/(\.\d{6})\d+/, '$1')
  const instant = instantText(usual)
  if (instant === undefined) throw mistake(names, `holds ${text}, which is no such date of the years 1000 to 9999`)
  return type === 'date' ? text : instant
}

type Compared = { operator: Comparison; left: Expression; right: Expression }

function comparisonSql({ operator, left, right }: Compared, names: Names): Typed {
  if (isNull(left)) return nullSql(operator, right, names)
  if (isNull(right)) return nullSql(operator, left, names)
  const [one, other] = alike(expressionSql(left, names), expressionSql(right, names), names)
  return boolean(compared(operator, one, other, names))
}

function isNull(expression: Expression): boolean {
  return expression.kind === 'literal' && expression.type === 'null'
}

/** Nothing is greater or less than null (OData 4.0 URL conventions §5.1.1.1.3). */
function nullSql(operator: Comparison, other: Expression, names: Names): Typed {
  const isEqual = operator === 'eq'
  if (!isEqual && operator !== 'ne') return boolean(sql`false`)
  if (isNull(other)) return boolean(isEqual ? sql`true` : sql`false`)
  const { sql: value } = expressionSql(other, names)
  return boolean(isEqual ? sql`(${value} is null)` : sql`(${value} is not null)`)
}

/** A date that is compared with a date-time means the day's first moment in UTC. */
function alike(left: Typed, right: Typed, names: Names): [Typed, Typed] {
  if (left.type === right.type) return [left, right]
  if (left.type === 'date' && right.type === 'dateTime') return [asInstant(left), right]
  if (left.type === 'dateTime' && right.type === 'date') return [left, asInstant(right)]
  const hint = [left.type, right.type].includes('guid') ? '; a Guid stands without quotes' : ''
  throw mistake(names, `compares a ${left.type} with a ${right.type}${hint}`)
}

function asInstant({ sql: date, nullable }: Typed): Typed {
  return { sql: sql`(${date}::timestamp at time zone 'UTC')`, type: 'dateTime', nullable }
}

const order = { gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` }

/** In OData null equals null, and whatever else is asked of null is false, where SQL says null. */
function compared(operator: Comparison, left: Typed, right: Typed, names: Names): Sql {
  const nullable = left.nullable || right.nullable
  if (operator === 'eq')
    return nullable ? sql`(${left.sql} is not distinct from ${right.sql})` : sql`(${left.sql} = ${right.sql})`
  if (operator === 'ne') return sql`(${left.sql} is distinct from ${right.sql})`
  if (left.type === 'boolean') throw mistake(names, `asks with ${operator} which of two booleans is greater`)
  const condition = sql`${left.sql} ${order[operator]} ${right.sql} ${left.type === 'string' ? human : sql``}`
  return nullable ? sql`coalesce(${condition}, false)` : sql`(${condition})`
}

function anyOf(item: Expression, list: Literal[], names: Names): Typed {
  const equal = list.map((each) => comparisonSql({ operator: 'eq', left: item, right: each }, names).sql)
  return boolean(sql`(${sql.join(equal, sql` or `)})`)
}

function mistake({ option }: Names, message: string): Error {
  return problems.invalidQuery([{ path: option, message }])
}
