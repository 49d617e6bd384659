import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { functionNames } from '../src/odata/functions.ts'
import { inTime } from '../src/odata/odata.queries.ts'
import type { TestForm } from './harness.ts'
import { type Entity, type Feed, farmFields, openFeed } from './odata-app.ts'

let feed: Feed
let form: TestForm
beforeAll(async () => {
  feed = await openFeed()
  form = await feed.addForm(...farmFields)
  await feed.store(form, {
    name: 'Ada',
    acres: 12.5,
    organic: true,
    since: '2024-05-01T12:00:00-07:00',
    owner: { name: "O'Neil" },
  })
  await feed.store(form, { name: 'bob', acres: '3', organic: false, since: '2024-04-30', colours: ['red', 'blue'] })
  await feed.store(form, { name: 'Éva', acres: -1, fields: [{ crop: 'hay', harvests: [{ year: 2024 }] }] })
  await feed.store(form, { name: '', acres: 'many', organic: 'true', since: '2023-02-29', form: 1 })
  await feed.store(form, { name: '100% _\\ ;--', owner: 'nobody' })
})
afterAll(() => feed.api.close())

const names = async ($filter: string, path = '/Submissions') =>
  (await feed.values(form, path, { $filter })).map(({ name, crop, year }) => name ?? crop ?? year).sort()

describe('a filter', () => {
  it.each([
    ["name eq 'Ada'", ['Ada']],
    ["name ne 'Ada' and acres ne null", ['bob', 'Éva']],
    ["name in ('Ada', 'bob', null)", ['Ada', 'bob']],
    ['acres gt 3', ['Ada']],
    ['acres ge 3', ['Ada', 'bob']],
    ['acres eq 3.0', ['bob']],
    ['acres lt 0 or acres in (3,4)', ['bob', 'Éva']],
    ['not (acres gt 3)', ['', '100% _\\ ;--', 'bob', 'Éva']],
    ['organic', ['Ada']],
    ['organic eq false', ['bob']],
    ['organic ne true', ['', '100% _\\ ;--', 'bob', 'Éva']],
    ["owner_name eq 'O''Neil'", ['Ada']],
    ["contains(name,'d')", ['Ada']],
    ["contains(name,'%')", ['100% _\\ ;--']],
    ["contains(name,'_\\')", ['100% _\\ ;--']],
    ["startswith(tolower(name),'é')", ['Éva']],
    ["endswith(name,'b') and length(name) eq 3", ['bob']],
    ["indexof(name,'a') eq 2", ['Ada', 'Éva']],
    ["concat(trim(name),'!') eq 'Ada!'", ['Ada']],
    ["toupper(name) eq 'BOB'", ['bob']],
    ["name lt 'b' and name gt ''", ['100% _\\ ;--', 'Ada']],
    ['contains(colours,\'"red"\')', ['bob']],
    ['since eq 2024-05-01T19:00:00Z', ['Ada']],
    ['since ge 2024-05-01', ['Ada']],
    ['since lt 2024-05-01T00:00:00 02:00', ['bob']],
    ['since eq null and acres ne null', ['Éva']],
    ['year(since) eq 2024 and month(since) eq 4 and day(since) eq 30', ['bob']],
    ['date(since) eq 2024-05-01 and hour(since) eq 19 and minute(since) eq 0 and second(since) eq 0', ['Ada']],
    ['round(acres) eq 13 or floor(acres) eq -1 or ceiling(acres) eq 3', ['Ada', 'bob', 'Éva']],
    ['form_createdAt gt 2024-01-01 and form_createdAt le now() and length(name) eq 3', ['Ada', 'bob', 'Éva']],
    ["form_version eq 1 and form_status eq 'SUBMITTED' and form_draft eq false and name eq 'Ada'", ['Ada']],
    ["form_email eq null and form_assignee eq null and form_fullName eq 'test' and name eq 'Ada'", ['Ada']],
    ["name eq 'x'' or 1=1 --'", []],
    ['null eq null and acres gt null', []],
  ])('finds by %s', async (filter, expected) => {
    expect(await names(filter)).toEqual(expected)
  })

  it('finds rows by their own properties and those of what they belong to', async () => {
    expect(await names("crop eq 'hay' and row eq 1", '/Submissions_fields')).toEqual(['hay'])
    expect(await names("submission/name eq 'Éva'", '/Submissions_fields_harvests')).toEqual([2024])
    expect(await names("parent/crop eq 'hay' and endswith(parentRowId,'.1')", '/Submissions_fields_harvests')).toEqual([
      2024,
    ])
    expect(await names('submission/form_createdAt lt 2024-01-01', '/Submissions_fields')).toEqual([])
    const [row] = await feed.values(form, '/Submissions_fields')
    expect(
      await names(`rowId eq '${row?.rowId}' and submissionId eq ${row?.submissionId}`, '/Submissions_fields'),
    ).toEqual(['hay'])
  })

  it('counts what it finds', async () => {
    const reply = await feed.get(form, '/Submissions/$count', { $filter: 'acres ge 3' })
    expect([reply.headers['content-type'], reply.body]).toEqual(['text/plain;charset=utf-8', '2'])
    expect((await feed.get(form, '/Submissions_fields/$count')).body).toBe('1')
  })

  it('that takes too long is a problem with a name', async () => {
    const slow = inTime(feed.api.database.db, (tx) => sql`select pg_sleep(5)`.execute(tx), 50)
    await expect(slow).rejects.toMatchObject({ status: 400, code: 'query_too_slow' })
    expect(await names("name eq 'Ada'")).toEqual(['Ada'])
  })
})

it('finds and orders what is shown, whatever was sent', async () => {
  const own = await feed.addForm(...farmFields)
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom('1e99', '1e999', ' 7 ', '.5', '5.', '-0', 'NaN', '1,5', '٣', '', 'x'),
  )
  const instant = fc.oneof(
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.constantFrom(
      '2024-02-30',
      '2024-02-29',
      '2023-02-29T10:00',
      '2024-12-31T23:59:59.999999-14:00',
      '0999-01-01',
      '2024-05-01T24:00:00Z',
      '2024-5-1',
      '12:00',
      '',
      '2024-05-01T12:00:00+1400',
      '2024-01-01T00:00:00+14:59',
    ),
  )
  const anything = fc.oneof(
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('a', 'Ä', '2024-01-01', '5'),
    fc.constant({ a: [1] }),
    fc.constant([]),
  )
  const mixed = (some: fc.Arbitrary<unknown>) => fc.oneof({ weight: 4, arbitrary: some }, anything)
  const answers = fc.record(
    { name: mixed(fc.constantFrom('a', 'B', 'é')), acres: mixed(number), organic: anything, since: mixed(instant) },
    { requiredKeys: [] },
  )
  for (const each of fc.sample(answers, { numRuns: 150, seed: 7 })) await feed.store(own, each)
  const all = await feed.values(own)
  for (const name of ['name', 'acres', 'organic', 'since']) {
    const shown = all.filter((entity) => entity[name] !== null)
    const idsOf = (entities: Entity[]) => entities.map(({ submissionId }) => submissionId)
    expect(idsOf(await feed.values(own, '/Submissions', { $filter: `${name} ne null` }))).toEqual(idsOf(shown))
    const sorted = (await feed.values(own, '/Submissions', { $orderby: name })).map((entity) => entity[name])
    expect(sorted.slice(0, all.length - shown.length).every((value) => value === null)).toBe(true)
    if (name === 'name') continue
    const values = sorted
      .slice(all.length - shown.length)
      .map((value) => (typeof value === 'string' ? Date.parse(value) : Number(value)))
    expect(values).toEqual(values.toSorted((one, other) => one - other))
  }
}, 60_000)

it('answers any filter and order with entities or with a mistake, never with a failure', async () => {
  const properties = {
    '/Submissions': [
      'name',
      'acres',
      'organic',
      'since',
      'colours',
      'submissionId',
      'form_version',
      'form_email',
      'form_createdAt',
      'form_draft',
      'misfits',
    ],
    '/Submissions_fields_harvests': [
      'year',
      'rowId',
      'parentRowId',
      'row',
      'submission/acres',
      'parent/size',
      'form_createdAt',
    ],
  }
  const literals = [
    "'x'",
    "''",
    '1',
    '-2.5e30',
    '1e999',
    'true',
    'null',
    '2024-02-29',
    '2024-02-29T10:00:00.1234567Z',
    form.formId,
    "'\u0007é😀'",
  ]
  const asked = fc.constantFrom('/Submissions', '/Submissions_fields_harvests').chain((path) => {
    const { some } = fc.letrec<{ some: string; value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 2 },
        fc.constantFrom(...properties[path as keyof typeof properties]),
        fc.constantFrom(...literals),
        fc
          .tuple(fc.constantFrom(...functionNames), fc.array(tie('value'), { maxLength: 2 }))
          .map(([name, parts]) => `${name}(${parts})`),
      ),
      some: fc.oneof(
        { maxDepth: 3 },
        fc
          .tuple(tie('value'), fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'), tie('value'))
          .map((parts) => parts.join(' ')),
        tie('value'),
        fc
          .tuple(tie('value'), fc.constantFrom(...literals), fc.constantFrom(...literals))
          .map(([item, ...list]) => `${item} in (${list})`),
        fc
          .tuple(tie('some'), fc.constantFrom('and', 'or'), tie('some'))
          .map(([one, word, other]) => `(${one}) ${word} (${other})`),
        tie('some').map((inner) => `not (${inner})`),
      ),
    }))
    return fc.record({ path: fc.constant(path), name: fc.constantFrom('$filter', '$orderby'), text: some })
  })
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(asked, async ({ path, name, text }) => {
      const { statusCode } = await feed.get(form, path, { [name]: text })
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
      expect([200, 400], text).toContain(statusCode)
    }),
    { numRuns: 600 },
  )
  expect(statuses.get(200)).toBeGreaterThan(30)
}, 120_000)
