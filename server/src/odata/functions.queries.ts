import { sql } from 'kysely'
import { problems } from '../problem.ts'
import { type FunctionName, functionNames, isFunctionName, signatures } from './functions.ts'
import type { Sql, Typed } from './properties.queries.ts'

const human = sql`collate "und-x-icu"`

/** A part of a date-time as clocks in UTC show it. */
const partOf = (part: string) => (value: Sql) =>
  sql`floor(extract(${sql.raw(part)} from (${value} at time zone 'UTC')))`

const makers: Record<FunctionName, (...values: Sql[]) => Sql> = {
  contains: (text, part) => sql`(strpos(${text}, ${part}) > 0)`,
  startswith: (text, part) => sql`starts_with(${text}, ${part})`,
  endswith: (text, part) => sql`(right(${text}, length(${part})) = ${part})`,
  length: (text) => sql`length(${text})::numeric`,
  indexof: (text, part) => sql`(strpos(${text}, ${part}) - 1)::numeric`,
  tolower: (text) => sql`lower(${text} ${human})`,
  toupper: (text) => sql`upper(${text} ${human})`,
  trim: (text) => sql`btrim(${text}, E' \\t\\n\\r')`,
  concat: (one, other) => sql`(${one} || ${other})`,
  year: partOf('year'),
  month: partOf('month'),
  day: partOf('day'),
  hour: partOf('hour'),
  minute: partOf('minute'),
  second: partOf('second'),
  date: (value) => sql`(${value} at time zone 'UTC')::date`,
  now: () => sql`now()`,
  round: (value) => sql`round((${value})::numeric)`,
  floor: (value) => sql`floor((${value})::numeric)`,
  ceiling: (value) => sql`ceil((${value})::numeric)`,
}

/** SQL: a call of a function. @throws Problem 400 that names an unknown function, or what it takes */
export function functionSql(name: string, parts: Typed[], option: string): Typed {
  if (!isFunctionName(name)) {
    throw mistake(option, `calls ${name}, which is none of the functions ${functionNames.join(', ')}`)
  }
  const { takes, gives } = signatures[name]
  const fits = takes.length === parts.length && takes.every((type, index) => parts[index]?.type === type)
  if (!fits) throw mistake(option, `calls ${name} with other parts than (${takes.join(', ')})`)
  return {
    sql: makers[name](...parts.map((part) => part.sql)),
    type: gives,
    nullable: parts.some((part) => part.nullable),
  }
}

function mistake(option: string, message: string): Error {
  return problems.invalidQuery([{ path: option, message }])
}
