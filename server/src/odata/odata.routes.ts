import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accessOf, concernsTest } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import type { Db } from '../db/database.ts'
import { entityTagOf, hasAlready } from '../http/entity-tag.ts'
import { setHeaders } from '../http/headers.ts'
import { FormParams } from '../http/schemas.ts'
import { streamText } from '../http/stream.ts'
import { problems } from '../problem.ts'
import type { Definitions } from '../versions/definitions.ts'
import type { Writing } from './entity-text.ts'
import { type Asked, countOf, entitiesText, serviceText, singleText } from './feed.ts'
import { metadataJson } from './metadata-json.ts'
import { metadataXml } from './metadata-xml.ts'
import type { Model } from './model.ts'
import { modelsOf } from './models.ts'
import {
  CountQuery,
  EntitiesQuery,
  EntityParams,
  EntityQuery,
  MetadataQuery,
  ODataEntities,
  ODataEntity,
  ODataHeaders,
  type ODataQuery,
  ODataService,
} from './odata.schemas.ts'
import { countOptions, optionsIn, singleOptions } from './query-options.ts'
import { assertVersionTaken, metadataFormatFor, pageSizeIn, representationFor } from './representation.ts'
import { type Resource, resourceAt } from './resource-path.ts'

type Deps = {
  db: Db
  definitions: Definitions
  /** Where the caller finds the server. */
  addressFor(request: FastifyRequest): string
}
type FeedRequest = FastifyRequest<{ Params: { formId: string }; Querystring: ODataQuery }>

const tags = ['exports']
const access = formAccess(['form_read', 'submission_read'], { scope: 'submissions:read' })
const pageSizeMax = 1000

/** A form's submissions and the rows of its grids as OData 4.0, which spreadsheets and BI tools read by themselves. */
export function odataRoutes({ db, definitions, addressFor }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    const models = modelsOf(db, definitions)
    const rootOf = (request: FeedRequest) => `${addressFor(request)}${app.prefix}/forms/${request.params.formId}/odata`

    app.addHook('onSend', async (_request, reply) => setHeaders(reply, { 'OData-Version': '4.0' }))
    app.addHook('preHandler', async ({ headers }) => assertVersionTaken([headers['odata-maxversion']].flat()[0]))

    /** Answers whatever a path below the root names. */
    async function answer(request: FeedRequest, reply: FastifyReply, path: string): Promise<FastifyReply> {
      const model = await models.find(request.params.formId)
      if (path === '') return service(request, reply, model)
      const resource = resourceAt(path, model)
      if (!resource) throw problems.notFound('set, entity or property')
      if (resource.kind === 'count') return count(request, reply, model, resource)
      const { level, contentType } = representationFor(request.query.$format, request.headers.accept)
      const asked = askedFor(request, reply, { model, resource, path, writing: writingFor(request, model, level) })
      if (resource.kind === 'entities') return streamText(reply, await entitiesText(db, asked), contentType)
      return reply.type(contentType).send(await singleText(db, asked))
    }

    function service(request: FeedRequest, reply: FastifyReply, model: Model): FastifyReply {
      optionsIn(request.query, ['$format'])
      const { level, contentType } = representationFor(request.query.$format, request.headers.accept)
      return reply.type(contentType).send(serviceText(model, writingFor(request, model, level)))
    }

    async function count(request: FeedRequest, reply: FastifyReply, model: Model, resource: Resource) {
      const asked = askedFor(request, reply, {
        model,
        resource,
        path: '',
        writing: writingFor(request, model, 'minimal'),
      })
      return reply.type('text/plain;charset=utf-8').send(String(await countOf(db, asked)))
    }

    function writingFor(request: FeedRequest, model: Model, level: Writing['level']): Writing {
      const root = rootOf(request)
      const { test, drafts, deleted } = request.query
      const own = Object.entries({ test, drafts, deleted }).flatMap(([name, on]) =>
        on ? [[name, 'true'] as const] : [],
      )
      const link = (path: string, options: [string, string][]) => addressOf(`${root}/${path}`, [...own, ...options])
      return { model, level, root, link }
    }

    app.get(
      '/forms/:formId/odata',
      {
        config: { access },
        exposeHeadRoute: false,
        schema: {
          operationId: 'getODataService',
          summary: 'Get the OData service document',
          tags,
          description:
            'The root of the OData 4.0 feed, for Power BI, Excel and others: `Submissions`, and a set for the rows of each grid.',
          params: FormParams,
          querystring: MetadataQuery,
          headers: ODataHeaders,
          response: { 200: json('The sets', ODataService) },
        },
      },
      async (request, reply) => answer(request, reply, ''),
    )

    app.get(
      '/forms/:formId/odata/$metadata',
      {
        config: { access },
        exposeHeadRoute: false,
        schema: {
          operationId: 'getODataMetadata',
          summary: 'Get the OData metadata',
          tags,
          description: 'The types of the feed as CSDL: the fields of every version of the form.',
          params: FormParams,
          querystring: MetadataQuery,
          headers: ODataHeaders,
          response: {
            200: {
              description: 'CSDL, with an ETag',
              content: {
                'application/xml': { schema: Type.String({ description: 'CSDL XML 4.0' }) },
                'application/json': { schema: Type.Object({}, { additionalProperties: true }) },
              },
            },
            304: Type.Null({ description: 'It is what `If-None-Match` names' }),
          },
        },
      },
      async (request, reply) => {
        optionsIn(request.query, ['$format'])
        const format = metadataFormatFor(request.query.$format, request.headers.accept)
        const model = await models.find(request.params.formId)
        return sendMetadata(request, reply, format, format === 'json' ? metadataJson(model) : metadataXml(model))
      },
    )

    app.get(
      '/forms/:formId/odata/Submissions',
      {
        config: { access },
        exposeHeadRoute: false,
        schema: {
          operationId: 'listODataSubmissions',
          summary: 'List submissions by OData',
          tags,
          description:
            'A page of submissions, one property for each field. The rows of grids are sets of their own beside it, such as `Submissions_fields`, with the same options, or `Submissions(…)/fields` for those of one submission.',
          params: FormParams,
          querystring: EntitiesQuery,
          headers: ODataHeaders,
          response: { 200: json('A page', ODataEntities) },
        },
      },
      async (request, reply) => answer(request, reply, 'Submissions'),
    )

    app.get(
      '/forms/:formId/odata/Submissions/$count',
      {
        config: { access },
        exposeHeadRoute: false,
        schema: {
          operationId: 'countODataSubmissions',
          summary: 'Count submissions by OData',
          tags,
          params: FormParams,
          querystring: CountQuery,
          headers: ODataHeaders,
          response: {
            200: {
              description: 'The number',
              content: { 'text/plain': { schema: Type.String({ pattern: '^\\d+$' }) } },
            },
          },
        },
      },
      async (request, reply) => answer(request, reply, 'Submissions/$count'),
    )

    app.get(
      '/forms/:formId/odata/Submissions/:formSubmissionId',
      {
        config: { access },
        exposeHeadRoute: false,
        schema: {
          operationId: 'getODataSubmission',
          summary: 'Get a submission by OData',
          tags,
          description: 'Also as `Submissions({formSubmissionId})`, which OData clients use.',
          params: EntityParams,
          querystring: EntityQuery,
          headers: ODataHeaders,
          response: { 200: json('The submission', ODataEntity) },
        },
      },
      async (request, reply) => answer(request, reply, `Submissions(${request.params.formSubmissionId})`),
    )

    app.get(
      '/forms/:formId/odata/*',
      {
        config: { access },
        exposeHeadRoute: false,
        // OpenAPI cannot describe an address with brackets in it; `$metadata` does.
        schema: { hide: true, params: PathParams, querystring: EntitiesQuery, headers: ODataHeaders },
      },
      async (request, reply) => answer(request, reply, request.params['*']),
    )
  }
}

const PathParams = Type.Object({ ...FormParams.properties, '*': Type.String() })

function json<Schema>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } }
}

type About = Pick<Asked, 'model' | 'resource' | 'path' | 'writing'>

function askedFor(request: FeedRequest, reply: FastifyReply, about: About): Asked {
  const { query, params, headers } = request
  const takes = { entities: undefined, entity: singleOptions, count: countOptions }[about.resource.kind]
  const found = optionsIn(query, takes)
  const options = { ...found, test: concernsTest(accessOf(request).caller, found.test) }
  const preferred = pageSizeIn(headers.prefer)
  if (preferred !== undefined && about.resource.kind === 'entities') showApplied(reply, preferred)
  const pageSize = Math.min(preferred ?? found.after?.pageSize ?? pageSizeMax, pageSizeMax)
  const written = Object.entries(query).map(([name, value]) => [name, String(value)] as [string, string])
  return { ...about, formId: params.formId, options, query: written, pageSize }
}

/** The limiter may have answered another preference already (RFC 7240 §3). */
function showApplied(reply: FastifyReply, pageSize: number): void {
  const others = [reply.raw.getHeader('Preference-Applied') ?? []].flat()
  setHeaders(reply, { 'Preference-Applied': [...others, `odata.maxpagesize=${pageSize}`].join(', '), Vary: 'Prefer' })
}

function addressOf(path: string, options: (readonly [string, string])[]): string {
  const query = options.map(
    ([name, value]) => `${encodeURIComponent(name).replace('%24', '$')}=${encodeURIComponent(value)}`,
  )
  return query.length > 0 ? `${path}?${query.join('&')}` : path
}

function sendMetadata(
  request: FastifyRequest,
  reply: FastifyReply,
  format: 'json' | 'xml',
  text: string,
): FastifyReply {
  const tag = entityTagOf(text)
  // Kept by the caller alone, and looked at again each time.
  setHeaders(reply, { ETag: tag, 'Cache-Control': 'private, no-cache', Vary: 'Accept' })
  if (hasAlready(request.headers, tag)) return reply.code(304).send()
  return reply.type(`application/${format};charset=utf-8`).send(text)
}
