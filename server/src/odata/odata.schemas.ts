import { type Static, Type } from 'typebox'
import { Uuid } from '../http/schemas.ts'

const text = (description: string) => Type.Optional(Type.String({ description }))
const amount = (description: string) => Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, description }))
const choice = (description: string) => Type.Optional(Type.Boolean({ default: false, description }))

const format = { $format: text('`json`, with `odata.metadata=none|minimal|full` if wanted') }
const scope = {
  test: choice('Test submissions instead of live ones; a test key gets no others'),
  drafts: choice('Drafts too'),
  deleted: choice('Deleted submissions too'),
}
const shape = {
  $select: text('Names of properties, with commas between them'),
  $expand: text('Grids to bring along: `fields($select=crop)`'),
}
const filter = { $filter: text("A condition such as `amount gt 100 and startswith(name,'A')`") }

export const MetadataQuery = Type.Object({ ...format, ...scope })
export const EntityQuery = Type.Object({ ...shape, ...format, ...scope })
export const CountQuery = Type.Object({ ...filter, ...scope })
export const EntitiesQuery = Type.Object({
  ...shape,
  ...filter,
  $orderby: text('What to order by, such as `form_createdAt asc`; the newest submission first unless said'),
  $top: amount('Entities at most, over all pages'),
  $skip: amount('Entities to leave out at the start'),
  $count: choice('Tells how many there are in `@odata.count`'),
  $skiptoken: text('From an `@odata.nextLink`'),
  ...format,
  ...scope,
})
/** What an address of the feed may hold, for whatever it names. */
export type ODataQuery = Static<typeof EntitiesQuery>

export const ODataHeaders = Type.Object({
  'odata-maxversion': Type.Optional(Type.String({ description: '4.0 or higher' })),
  prefer: Type.Optional(Type.String({ description: '`odata.maxpagesize=100` makes pages smaller' })),
})

export const EntityParams = Type.Object({ formId: Uuid, formSubmissionId: Uuid })

const Entity = Type.Object(
  { submissionId: Type.Optional(Uuid) },
  { additionalProperties: true, description: 'The properties that `$metadata` tells' },
)
const context = { '@odata.context': Type.Optional(Type.String({ description: 'Unless `odata.metadata=none`' })) }

export const ODataService = Type.Object({
  ...context,
  value: Type.Array(Type.Object({ name: Type.String(), kind: Type.String(), url: Type.String() })),
})
export const ODataEntities = Type.Object({
  ...context,
  '@odata.count': Type.Optional(Type.Integer()),
  value: Type.Array(Entity),
  '@odata.nextLink': Type.Optional(Type.String({ description: 'The next page; absent from the last one' })),
})
export const ODataEntity = Type.Object(context, { additionalProperties: true })
