import { type RawBuilder, sql } from 'kysely'
import type { AskedField } from './submission.ts'

/** What narrows a list; an absent member does not. */
export type ListFilter = {
  /** Test submissions instead of live ones. */
  test: boolean
  submissionId?: string | undefined
  confirmationId?: string | undefined
  draft?: boolean | undefined
  deleted?: boolean | undefined
  createdBy?: string | undefined
  createdAt?: [Date, Date] | undefined
  updatedAt?: [Date, Date] | undefined
  submittedAt?: [Date, Date] | undefined
  formVersionId?: string | undefined
  version?: number | undefined
  hasStatus?: boolean | undefined
  status?: string | undefined
  assignedToUserId?: string | undefined
  search?: { text: string; fields: AskedField[]; columns: boolean } | undefined
  /** All of them hold. */
  answers?: AnswerCondition[] | undefined
  /** The one of `answers` whose index finds the rows. */
  drivenBy?: Driver | undefined
}

/** Submissions of which one of the answers that lie at the path is one of the values. */
export type AnswerCondition = {
  field: string
  /** As SQL/JSON. */
  path: string
  /** JSON text of a list. */
  values: string
  /** The index of the field, when there is one that is ready. */
  indexId: number | undefined
}
export type Driver = Pick<AnswerCondition, 'values'> & { indexId: number }

export type Sql = RawBuilder<unknown>

/** SQL: what a row `s` of `submission` must fulfil to be in a list. Literals where there is a partial index: a parameter might be anything. */
export function where(formId: string, filter: ListFilter): Sql {
  const conditions: Sql[] = [sql`s.form_id = ${formId}`, isSo(filter.test, sql`s.test`)]
  if (filter.submissionId !== undefined) conditions.push(sql`s.id = ${filter.submissionId}`)
  if (filter.confirmationId !== undefined) conditions.push(sql`s.confirmation_id = ${filter.confirmationId}`)
  if (filter.draft !== undefined) conditions.push(isSo(filter.draft, sql`s.draft`))
  if (filter.deleted !== undefined) conditions.push(isSo(filter.deleted, sql`s.deleted`))
  if (filter.createdBy !== undefined) conditions.push(sql`s.created_by ilike ${holding(filter.createdBy)}`)
  if (filter.createdAt !== undefined) conditions.push(within(sql`s.created_at`, filter.createdAt))
  if (filter.updatedAt !== undefined) conditions.push(within(sql`s.updated_at`, filter.updatedAt))
  if (filter.submittedAt !== undefined) conditions.push(within(sql`s.submitted_at`, filter.submittedAt))
  if (filter.formVersionId !== undefined) conditions.push(sql`s.form_version_id = ${filter.formVersionId}`)
  if (filter.version !== undefined)
    conditions.push(sql`s.form_version_id = (
    select id from form_version where form_id = ${formId} and version = ${filter.version})`)
  if (filter.hasStatus === true) conditions.push(sql`s.status is not null`)
  if (filter.status !== undefined) conditions.push(sql`s.status = ${filter.status}`)
  if (filter.assignedToUserId !== undefined) conditions.push(sql`s.assigned_to_user_id = ${filter.assignedToUserId}`)
  if (filter.search !== undefined) conditions.push(found(filter.search))
  conditions.push(...(filter.answers ?? []).map(answered))
  return sql.join(conditions, sql` and `)
}

function isSo(wanted: boolean, column: Sql): Sql {
  return wanted ? column : sql`not ${column}`
}

function within(column: Sql, [from, to]: [Date, Date]): Sql {
  return sql`${column} between ${from} and ${to}`
}

function found({ text, fields, columns }: NonNullable<ListFilter['search']>): Sql {
  const own = [sql`s.confirmation_id`, sql`s.created_by`, sql`s.status`]
  const places = [...(columns ? own : []), ...fields.map((field) => sql`(${answerAt(field)}) #>> '{}'`)]
  return sql`(${sql.join([sql`false`, ...places.map((place) => sql`${place} ilike ${holding(text)}`)], sql` or `)})`
}

/** A LIKE pattern for texts that hold this one, whatever characters it is made of. */
function holding(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}

function answered({ path, values }: AnswerCondition): Sql {
  return sql`jsonb_path_exists(s.submission, ${`${path} ? (@ == $v[*])`}::jsonpath, ${`{"v":${values}}`}::jsonb, true)`
}

/** SQL: one answer of a row `s` of `submission`. */
export function answerAt(field: AskedField): Sql {
  return sql`s.submission #> ${['data', ...field.path]}::text[]`
}
