import type { Db } from '../db/database.ts'
import { problems } from '../problem.ts'
import { entityText, type Writing } from './entity-text.ts'
import type { Model } from './model.ts'
import { countEntities, type Entities, isInFeed, pageOfEntities } from './odata.queries.ts'
import { pageText } from './page-text.ts'
import type { QueryOptions } from './query-options.ts'
import type { Resource } from './resource-path.ts'
import { contextSelection, membersOf, needsAnswers, type Shape, shapeOf } from './shape.ts'
import { skipTokenOf } from './skip-token.ts'

/** What a request of the feed is about. */
export type Asked = {
  formId: string
  model: Model
  resource: Resource
  options: QueryOptions
  writing: Writing
  /** The address of the request, below the feed's root, and the options in it. */
  path: string
  query: [string, string][]
  /** Entities in a page at most. */
  pageSize: number
}

/**
 * A page of a set as JSON text. Everything that can go wrong does so before the text begins.
 * @throws Problem 400 and 404
 */
export async function entitiesText(db: Db, asked: Asked): Promise<AsyncGenerator<string>> {
  const { resource, options, writing, pageSize } = asked
  const shape = shapeOf(resource.type, options, asked.model)
  const entities = entitiesOf(asked)
  await assertHolder(db, entities)
  const count = options.count ? await countEntities(db, entities) : undefined
  const limit = Math.min(pageSize, options.top ?? pageSize)
  const { orderBy, after, skip } = options
  const wanted = { orderBy, after, skip, limit, members: membersOf(shape), answers: needsAnswers(shape) }
  const page = limit === 0 ? { found: [], more: false } : await pageOfEntities(db, entities, wanted)
  const head = [...contextOf(asked, shape, ''), ...(count === undefined ? [] : [`"@odata.count":${count}`])]
  const nextLink = (shown: number) => nextLinkOf(asked, page, shown)
  return pageText({ head, found: page.found, nextLink }, shape, writing)
}

/** A single entity as JSON text. @throws Problem 404 when there is none */
export async function singleText(db: Db, asked: Asked): Promise<string> {
  const shape = shapeOf(asked.resource.type, asked.options, asked.model)
  const wanted = {
    orderBy: [],
    after: undefined,
    skip: 0,
    limit: 1,
    members: membersOf(shape),
    answers: needsAnswers(shape),
  }
  const { found } = await pageOfEntities(db, entitiesOf(asked), wanted)
  const [first] = found
  if (!first) throw problems.notFound(asked.resource.type.parent ? 'row' : 'submission')
  const [context] = contextOf(asked, shape, '/$entity')
  const text = entityText(first.entity, shape, asked.writing)
  return context === undefined ? text : `{${context}${text === '{}' ? '' : ','}${text.slice(1)}`
}

/** How many entities a set has. @throws Problem 400 and 404 */
export async function countOf(db: Db, asked: Asked): Promise<number> {
  const entities = entitiesOf(asked)
  await assertHolder(db, entities)
  return countEntities(db, entities)
}

/** The service document as JSON text: the sets that there are (OData JSON Format 4.0 §5). */
export function serviceText({ types }: Model, { level, root }: Writing): string {
  const value = types.map(({ set }) => ({ name: set, kind: 'EntitySet', url: encodeURIComponent(set) }))
  return JSON.stringify({ ...(level === 'none' ? {} : { '@odata.context': `${root}/$metadata` }), value })
}

function entitiesOf({ formId, model, resource, options }: Asked): Entities {
  const { filter, test, drafts, deleted } = options
  return { formId, model, type: resource.type, within: resource.within, filter, test, drafts, deleted }
}

/** Rows of a submission that is not there are no empty list. */
async function assertHolder(db: Db, entities: Entities): Promise<void> {
  if (entities.within && !(await isInFeed(db, entities, entities.within.submissionId)))
    throw problems.notFound('submission')
}

function contextOf({ resource, writing }: Asked, shape: Shape, suffix: string): string[] {
  if (writing.level === 'none') return []
  const context = `${writing.root}/$metadata#${encodeURIComponent(resource.type.set)}${contextSelection(shape)}${suffix}`
  return [`"@odata.context":${JSON.stringify(context)}`]
}

type FoundPage = Awaited<ReturnType<typeof pageOfEntities>>

/** Each page begins behind the last entity of the one before, wherever that is by then. */
function nextLinkOf(asked: Asked, { found, more }: FoundPage, shown: number): string | undefined {
  const last = found[shown - 1]
  const top = asked.options.top === undefined ? undefined : asked.options.top - shown
  if (!last || (!more && shown === found.length) || top === 0) return undefined
  const { place, createdAt } = last.entity
  const token = { createdAt, id: place.submissionId, rows: place.rows, keys: last.keys, pageSize: asked.pageSize }
  const kept = asked.query.filter(
    ([name]) => !['$top', '$skip', '$count', '$skiptoken', 'test', 'drafts', 'deleted'].includes(name),
  )
  const rest: [string, string][] = top === undefined ? kept : [...kept, ['$top', String(top)]]
  return asked.writing.link(encodeURI(asked.path), [...rest, ['$skiptoken', skipTokenOf(token)]])
}
