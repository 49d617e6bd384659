import type { Db } from '../db/database.ts'
import { placesOfFields } from '../indexed-fields/field-places.ts'
import { indexedFieldsOf } from '../indexed-fields/indexed-fields.queries.ts'
import { problems } from '../problem.ts'
import type { Definitions } from '../versions/definitions.ts'
import type { AskedFilter } from './answer-filter.ts'
import { bestIndex } from './list-by-index.queries.ts'
import type { AnswerCondition, ListFilter } from './list-conditions.queries.ts'

type Deps = { db: Db; definitions: Definitions }

/** Finds the fields of a form by which a list is filtered. @throws Problem 400 that names those which no version of it has */
export async function answerConditions(
  deps: Deps,
  formId: string,
  asked: AskedFilter[],
): Promise<Pick<ListFilter, 'answers' | 'drivenBy'>> {
  if (asked.length === 0) return {}
  const indexed = new Map((await indexedFieldsOf(deps.db, formId)).map((field) => [field.field, field]))
  const others = asked.map(({ field }) => field).filter((field) => !indexed.has(field))
  const places = await placesOfFields(deps, formId, others)
  const answers = asked.flatMap(({ field, values }): AnswerCondition[] => {
    const index = indexed.get(field)
    const place = index ?? places.get(field)
    return place ? [{ field, path: place.path, values, indexId: index?.ready_at ? index.id : undefined }] : []
  })
  if (answers.length < asked.length) throw unknownFields(others.filter((field) => !places.has(field)))
  return { answers, drivenBy: await bestIndex(deps.db, answers) }
}

function unknownFields(fields: string[]) {
  return problems.invalidQuery(
    fields.map((field) => ({ path: `filter[${field}]`, message: `names ${field}, which no version of the form has` })),
  )
}
