import { type RawBuilder, sql } from 'kysely'
import type { MetadataName } from '../exports/metadata.ts'
import type { ValueType } from '../exports/value-type.ts'
import type { EntityType, Property } from './model.ts'
import { storedPath } from './paths.ts'
import { instantPattern, numberPattern } from './values.ts'

export type Sql = RawBuilder<unknown>
/** What SQL's values of a property are, in a filter. */
export type SqlType = 'boolean' | 'dateTime' | 'guid' | 'number' | 'string'
export type Typed = { sql: Sql; type: SqlType | 'date'; nullable: boolean }

const newestAssignee = (column: 'name' | 'email') => sql`(select a.${sql.ref(column)} from (
    select t.assigned_to_user_id from submission_status t where t.submission_id = s.id order by t.created_at desc limit 1
  ) newest join app_user a on a.id = newest.assigned_to_user_id)`
const submitter = (column: 'name' | 'email') =>
  sql`(select u.${sql.ref(column)} from app_user u where u.id = s.created_by_user_id)`

/** SQL: what is known about the submission `s` beside its answers. */
export const metadataSql: Record<MetadataName, Sql> = {
  submissionId: sql`s.id`,
  confirmationId: sql`s.confirmation_id`,
  formName: sql`(select f.name from form f where f.id = s.form_id)`,
  version: sql`(select v.version from form_version v where v.id = s.form_version_id)`,
  createdAt: sql`s.created_at`,
  // Nobody signed in: the row names its author, `public` or the API key.
  fullName: sql`coalesce(${submitter('name')}, s.created_by)`,
  username: sql`s.created_by`,
  email: submitter('email'),
  submittedAt: sql`s.submitted_at`,
  status: sql`s.status`,
  assignee: newestAssignee('name'),
  assigneeEmail: newestAssignee('email'),
  draft: sql`s.draft`,
  deleted: sql`s.deleted`,
  updatedAt: sql`s.updated_at`,
}

const typeOf: Record<Property['type'], SqlType> = {
  'Edm.Boolean': 'boolean',
  'Edm.DateTimeOffset': 'dateTime',
  'Edm.Double': 'number',
  'Edm.Guid': 'guid',
  'Edm.Int32': 'number',
  'Edm.String': 'string',
}

/**
 * SQL: a property of an entity type, where `s` is the submission and `r1`, `r2` … are the rows of its grids.
 * @returns undefined for what is put together when it is shown, and nothing can look for
 */
export function propertySql(type: EntityType, property: Property): Typed | undefined {
  const typed = (value: Sql): Typed => ({ sql: value, type: typeOf[property.type], nullable: property.nullable })
  const depth = type.steps.length
  switch (property.kind) {
    case 'metadata':
      return typed(metadataSql[property.member])
    case 'answer':
      return typed(
        answerSql(sql`${holderSql(type)} #> ${pathInHolder(type, property.path)}::text[]`, property.valueType),
      )
    case 'rowId':
      return typed(rowIdSql(depth))
    case 'parentRowId':
      return typed(rowIdSql(depth - 1))
    case 'row':
      return typed(rowNumberSql(depth))
    default:
      return undefined
  }
}

/** SQL: the JSON that an entity's answers stand in. */
export function holderSql({ steps }: EntityType): Sql {
  return steps.length === 0 ? sql`s.submission` : sql`${rowName(steps.length)}.fields`
}

function pathInHolder({ steps }: EntityType, path: string[]): string[] {
  return steps.length === 0 ? ['data', ...storedPath(path)] : path
}

const rowName = (depth: number) => sql.raw(`r${depth}`)
export const rowNumberSql = (depth: number): Sql => sql`${rowName(depth)}.row`

function rowIdSql(depth: number): Sql {
  const numbers = Array.from({ length: depth }, (_, index) => sql` || '.' || ${rowNumberSql(index + 1)}`)
  return sql`(s.id::text${sql.join(numbers, sql``)})`
}

/** What was a container in another version is a single row. */
const asRows = (list: Sql) => sql`(select case jsonb_typeof(list) when 'array' then list
    when 'object' then jsonb_build_array(list) else '[]'::jsonb end from (select ${list} as list) one)`

/** SQL: the submissions `s`, each with every row of the grids on the way to the type. */
export function fromSql(type: EntityType): Sql {
  const joins = type.steps.map((step, index) => {
    const above = index === 0 ? sql`s.submission` : sql`${rowName(index)}.fields`
    const path = index === 0 ? ['data', ...storedPath(step)] : step
    return sql`cross join lateral jsonb_array_elements(${asRows(sql`${above} #> ${path}::text[]`)})
      with ordinality ${rowName(index + 1)} (fields, row)`
  })
  return sql`submission s ${sql.join(joins, sql` `)}`
}

/** SQL: an answer as a value of its type, as values.ts shows it; null where it does not fit. */
function answerSql(value: Sql, valueType: ValueType): Sql {
  return sql`(select ${castOf[valueType]} from (select value, jsonb_typeof(value) as type, value #>> '{}' as text
    from (select ${value} as value) given) answer)`
}

const isNumber = sql`type = 'number' or (type = 'string' and text ~ ${sql.lit(numberPattern)})`
/** The first of the month and so many days: 30 February is no error, but lies in another month. */
const isInstant = sql`type = 'string' and text ~ ${sql.lit(instantPattern)}`
const isDay = sql`extract(month from (left(text, 7) || '-01')::date + (substr(text, 9, 2)::int - 1)) = substr(text, 6, 2)::int`
/** Without an offset it is meant in UTC. */
const inUtc = sql`(case when text ~ '(Z|[+-][0-9]{2}:[0-9]{2})$' then text else text || case when text like '%T%' then 'Z' else 'T00:00:00Z' end end)::timestamptz`

const castOf: Record<ValueType, Sql> = {
  text: sql`case when type in ('string', 'number', 'boolean') then text end`,
  number: sql`case when ${isNumber} then text::numeric end`,
  boolean: sql`case when type = 'boolean' then text::boolean end`,
  dateTime: sql`case when ${isInstant} then case when ${isDay} then ${inUtc} end end`,
  json: sql`case when type <> 'null' then value::text end`,
}
