import type { AddressInfo } from 'node:net'
import { EdmV4, OData } from '@odata/client'
import { parse } from '@sap-ux/edmx-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestForm } from './harness.ts'
import { type Entity, type Feed, farmFields, openFeed } from './odata-app.ts'

/** What programs of others make of the feed, over a real connection. */

let feed: Feed
let form: TestForm
let endpoint: string
const rowCount = 1203
beforeAll(async () => {
  feed = await openFeed()
  await feed.api.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = feed.api.app.server.address() as AddressInfo // a TCP server's address is no string
  form = await feed.addForm(...farmFields)
  endpoint = `http://127.0.0.1:${port}/app/api/v1/forms/${form.formId}/odata/`
  const path = `/forms/${form.formId}/versions/${form.versionId}/multiSubmission`
  const answers = Array.from({ length: rowCount }, (_, n) => ({
    name: `Name ${n} ‘é’`,
    acres: n / 8,
    organic: n % 2 === 0,
    since: new Date(1.7e12 + n * 1e6).toISOString(),
    owner: { name: 'O’Neil' },
    fields: n % 3 === 0 ? [{ crop: 'hay', harvests: [{ year: n }] }, { crop: `crop ${n}` }] : [],
  }))
  for (const data of [answers.slice(0, 700), answers.slice(700)]) {
    const reply = await feed.api.call('POST', path, { as: form.key, body: { submission: { data } } })
    expect(reply.statusCode, reply.body).toBe(201)
  }
})
afterAll(() => feed.api.close())

const client = () =>
  OData.New4({ serviceEndpoint: endpoint, credential: { username: form.formId, password: form.secret } })

type Named = { name: string }
type Way = Named & {
  targetTypeName: string
  referentialConstraint: { sourceProperty: string; targetProperty: string }[]
}
type Described = Named & {
  fullyQualifiedName: string
  keys: Named[]
  entityProperties: (Named & { type: string })[]
  navigationProperties: Way[]
}

/** The parser's types are in a package that it does not bring. */
function described(xml: string) {
  const { schema, version } = parse(xml)
  return {
    version,
    types: schema.entityTypes as Described[],
    sets: schema.entitySets as (Named & { entityTypeName: string })[],
  }
}

describe('an independent parser', () => {
  it('reads the types, keys and relations from the metadata', async () => {
    const metadata = described((await feed.get(form, '/$metadata')).body)
    expect(metadata.version).toBe('4.0')
    const types = metadata.types.map(({ name, keys, entityProperties, navigationProperties }) => ({
      name,
      keys: keys.map((key) => key.name),
      types: Object.fromEntries(entityProperties.map((each) => [each.name, each.type])),
      ways: navigationProperties.map((way) => [
        way.name,
        way.targetTypeName,
        way.referentialConstraint.map((each) => [each.sourceProperty, each.targetProperty]),
      ]),
    }))
    expect(types).toEqual([
      expect.objectContaining({
        name: 'Submission',
        keys: ['submissionId'],
        types: expect.objectContaining({ acres: 'Edm.Double', organic: 'Edm.Boolean', since: 'Edm.DateTimeOffset' }),
        ways: [['fields', 'Formgate.Submission_fields', []]],
      }),
      expect.objectContaining({
        name: 'Submission_fields',
        keys: ['rowId'],
        ways: [
          ['harvests', 'Formgate.Submission_fields_harvests', []],
          ['submission', 'Formgate.Submission', [['submissionId', 'submissionId']]],
        ],
      }),
      expect.objectContaining({
        name: 'Submission_fields_harvests',
        ways: [
          ['submission', 'Formgate.Submission', [['submissionId', 'submissionId']]],
          ['parent', 'Formgate.Submission_fields', [['parentRowId', 'rowId']]],
        ],
      }),
    ])
    expect(metadata.sets.map(({ name }) => name)).toEqual([
      'Submissions',
      'Submissions_fields',
      'Submissions_fields_harvests',
    ])
  })

  it('finds in each entity the properties that the metadata tells, and no others', async () => {
    const { types, sets } = described((await feed.get(form, '/$metadata')).body)
    for (const { name, entityTypeName } of sets) {
      const type = types.find((each) => each.fullyQualifiedName === entityTypeName)
      const [entity = {}] = await feed.values(form, `/${name}`, { $top: '1' })
      expect(Object.keys(entity)).toEqual(type?.entityProperties.map((each) => each.name))
    }
  })
})

describe('an independent client', () => {
  /** Page after page, as the links lead. */
  async function readAll(path: string): Promise<Entity[]> {
    const found: Entity[] = []
    let params = OData.newOptions().count(true)
    for (;;) {
      const page = await client().newRequest<Entity>({ collection: path, params })
      if (page.error) throw new Error(JSON.stringify(page))
      found.push(...(page.value ?? []))
      const next = (page as Record<string, unknown>)['@odata.nextLink']
      if (typeof next !== 'string') return found
      params = OData.newOptions().custom('$skiptoken', new URL(next).searchParams.get('$skiptoken') ?? '')
    }
  }

  it('reads all pages, and they are what the JSON export has', async () => {
    const entities = await readAll('Submissions')
    const exported = await feed.json(form)
    expect(entities).toHaveLength(rowCount)
    const ofExport = exported.map(({ form: { submissionId, createdAt }, name, acres, organic, since, owner }) => ({
      submissionId,
      form_createdAt: createdAt,
      name,
      acres,
      organic,
      since,
      owner_name: (owner as Entity).name,
    }))
    expect(
      entities.map((entity) => Object.fromEntries(Object.keys(ofExport[0] ?? {}).map((key) => [key, entity[key]]))),
    ).toEqual(ofExport)
    const rows = exported.flatMap((each) => (each.fields as Entity[]).map(({ crop }) => crop))
    expect((await readAll('Submissions_fields')).map(({ crop }) => crop)).toEqual(rows)
    const years = exported.flatMap((each) => (each.fields as Entity[]).flatMap(({ harvests }) => harvests ?? []))
    expect((await readAll('Submissions_fields_harvests')).map(({ year }) => ({ year }))).toEqual(years)
  })

  it('filters, orders and counts', async () => {
    const set = client().getEntitySet<Entity>('Submissions')
    const filter = OData.newFilter()
      .property('acres')
      .gt(100)
      .property('organic')
      .eq(true)
      .property('since')
      .gt(EdmV4.DateTimeOffset.from(new Date(1.7e12 + 900e6)))
    const expected = (await feed.json(form)).filter(
      ({ acres, organic, since }) => Number(acres) > 100 && organic && Date.parse(String(since)) > 1.7e12 + 900e6,
    )
    expect(expected.length).toBeGreaterThan(10)
    expect(await set.count(filter)).toBe(expected.length)
    const found = await set.query(OData.newOptions().filter(filter).orderby('acres', 'asc').select('name'))
    expect(found.map(({ name }) => name)).toEqual(expected.map(({ name }) => name).toSorted(byNumber))
    expect(await set.count()).toBe(rowCount)
  })

  it('reads one entity by its key, with its rows', async () => {
    const [row] = await feed.values(form, '/Submissions_fields')
    const set = client().getEntitySet<Entity>('Submissions')
    const id = EdmV4.Guid.from(String(row?.submissionId))
    const entity = await set.retrieve(id, OData.newOptions().expand('fields'))
    expect(entity?.fields).toHaveLength(2)
  })
})

const byNumber = (one: unknown, other: unknown) => Number(/\d+/.exec(String(one))) - Number(/\d+/.exec(String(other)))
