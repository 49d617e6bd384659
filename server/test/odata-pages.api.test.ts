import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ok, type TestForm } from './harness.ts'
import { type Entity, type Feed, farmFields, openFeed } from './odata-app.ts'

let feed: Feed
let form: TestForm
const rowCount = 2500
beforeAll(async () => {
  feed = await openFeed()
  form = await feed.addForm(...farmFields)
  // Many of a millisecond, few distinct numbers, some without any, two rows in each grid.
  await sql`insert into submission (id, form_id, form_version_id, status, submission, created_by, created_at)
    select gen_random_uuid(), ${form.formId}, ${form.versionId}, 'SUBMITTED',
      jsonb_build_object('data', jsonb_build_object('name', n::text, 'acres', nullif(n % 50, 0), 'organic', n % 2 = 0,
        'fields', jsonb_build_array(jsonb_build_object('crop', n || 'a'), jsonb_build_object('crop', n || 'b')))),
      'test', now() - (n / 7) * interval '1 ms'
    from generate_series(1, ${sql.lit(rowCount)}) n`.execute(feed.api.database.db)
})
afterAll(() => feed.api.close())

const idsIn = (pages: Entity[][]) => pages.flat().map(({ submissionId, rowId }) => rowId ?? submissionId)

describe('pages', () => {
  it('have 1,000 entities, and together every one once, the newest first', async () => {
    const pages = await feed.all(form)
    expect(pages.map((page) => page.length)).toEqual([1000, 1000, 500])
    expect(new Set(idsIn(pages)).size).toBe(rowCount)
    const times = pages.flat().map(({ form_createdAt }) => String(form_createdAt))
    expect(times).toEqual(times.toSorted().toReversed())
  })

  it('of a grid together have every row once, in its order', async () => {
    const pages = await feed.all(form, '/Submissions_fields')
    expect(pages.map((page) => page.length)).toEqual([1000, 1000, 1000, 1000, 1000])
    expect(new Set(idsIn(pages)).size).toBe(2 * rowCount)
    expect(pages.flat().map(({ row }) => row)).toEqual(
      Array.from({ length: 2 * rowCount }, (_, place) => (place % 2) + 1),
    )
  })

  it.each([
    ['/Submissions', 'acres'],
    ['/Submissions', 'acres desc'],
    ['/Submissions', 'organic desc,acres,name desc'],
    ['/Submissions', 'form_createdAt'],
    ['/Submissions', 'form_createdAt desc,name'],
    ['/Submissions', 'length(name) desc'],
    ['/Submissions', 'submissionId'],
    ['/Submissions_fields', 'form_createdAt'],
    ['/Submissions_fields', 'submission/acres,crop'],
    ['/Submissions_fields', 'rowId desc'],
  ])('of %s by %s have every entity once, in the order of a single page', async (path, $orderby) => {
    const $filter = path === '/Submissions' ? "endswith(name,'5')" : "endswith(crop,'5a')"
    const [whole] = await feed.all(form, path, { $orderby, $filter })
    const pages = await feed.all(form, path, { $orderby, $filter }, { prefer: 'odata.maxpagesize=60' })
    expect(pages.map((page) => page.length)).toEqual([60, 60, 60, 60, 10])
    expect(pages.flat()).toEqual(whole)
    expect(new Set(idsIn(pages)).size).toBe(250)
  })

  it('miss none and bring none twice while others are added and deleted', async () => {
    const own = await feed.addForm(...farmFields)
    for (let count = 0; count < 10; count += 1) await feed.store(own, { name: `old ${count}` }, new Date(1e12 + count))
    const first = ok(await feed.get(own, '/Submissions', {}, own.key, { prefer: 'odata.maxpagesize=4' }))
    await feed.store(own, { name: 'new' })
    await sql`delete from submission where id = ${first.value[3].submissionId}`.execute(feed.api.database.db)
    const { searchParams } = new URL(first['@odata.nextLink'])
    const rest = await feed.all(own, '/Submissions', Object.fromEntries(searchParams))
    expect([first.value, ...rest].flat().map(({ name }) => name)).toEqual(
      Array.from({ length: 10 }, (_, place) => `old ${9 - place}`),
    )
  })

  it('end after $top, begin after $skip, and count all that there are', async () => {
    const query = { $top: '1500', $skip: '700', $count: 'true', $select: 'submissionId', $filter: 'acres ne null' }
    const first = ok(await feed.get(form, '/Submissions', query))
    expect(first['@odata.count']).toBe(rowCount * 0.98)
    const pages = await feed.all(form, '/Submissions', query)
    expect(pages.map((page) => page.length)).toEqual([1000, 500])
    const everything = idsIn(await feed.all(form, '/Submissions', { $filter: 'acres ne null' }))
    expect(idsIn(pages)).toEqual(everything.slice(700, 2200))
    expect(await feed.all(form, '/Submissions', { $top: '0' })).toEqual([[]])
  })

  it('carry the whole question on, and nothing that was answered', async () => {
    const query = {
      $filter: "contains(name,'+ &')  or organic",
      $select: 'name',
      $count: 'true',
      $skip: '1',
      test: 'false',
      drafts: 'true',
    }
    const { '@odata.nextLink': link } = ok(await feed.get(form, '/Submissions', query))
    const { pathname, searchParams } = new URL(link)
    const { $skiptoken, ...others } = Object.fromEntries(searchParams)
    expect(pathname).toBe(`/app/api/v1/forms/${form.formId}/odata/Submissions`)
    expect(others).toEqual({ drafts: 'true', $filter: query.$filter, $select: 'name' })
    expect($skiptoken).toMatch(/^[\w-]+$/)
  })

  it('are cut short where submissions are large', async () => {
    const own = await feed.addForm(...farmFields)
    for (let count = 0; count < 6; count += 1)
      await feed.store(own, { name: randomBytes(1_200_000).toString('base64') })
    const pages = await feed.all(own, '/Submissions', { $select: 'name' })
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.flat()).toHaveLength(6)
    expect(await feed.all(own, '/Submissions', { $select: 'submissionId' })).toHaveLength(1)
  })

  it('tell how many there are from the counts that are kept', async () => {
    const own = await feed.addForm(...farmFields)
    for (const name of ['a', 'b', 'c']) await feed.api.submit(own, { name })
    expect((await feed.get(own, '/Submissions/$count')).body).toBe('3')
    await sql`update submission_count set count = count * 10 where form_id = ${own.formId}`.execute(
      feed.api.database.db,
    )
    expect((await feed.get(own, '/Submissions/$count')).body).toBe('30')
    expect((await feed.get(own, '/Submissions/$count', { $filter: "name ne 'a'" })).body).toBe('2')
  })

  it('cost the same wherever they are', async () => {
    for (const type of [
      'submission s',
      `submission s cross join lateral jsonb_array_elements(s.submission #> '{data,fields}') with ordinality r1 (fields, row)`,
    ]) {
      const order = type.includes('r1') ? ', r1.row' : ''
      const { rows } = await sql<{
        'QUERY PLAN': string
      }>`explain select s.id from ${sql.raw(type)} where s.form_id = ${sql.lit(form.formId)}
        and not s.test and (s.created_at, s.id) <= (now(), gen_random_uuid()) order by s.created_at desc, s.id desc ${sql.raw(order)} limit 10`.execute(
        feed.api.database.db,
      )
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index .*submission_newest_first/)
    }
  })
})
