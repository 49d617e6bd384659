import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { ok, type TestForm } from './harness.ts'
import { type Feed, farmFields, openFeed } from './odata-app.ts'

let feed: Feed
let form: TestForm
let id: string
beforeAll(async () => {
  feed = await openFeed()
  form = await feed.addForm(...farmFields)
  id = await feed.store(form, { name: 'Ada', fields: [{ crop: 'hay', harvests: [{ year: 2024 }] }] })
})
afterAll(() => feed.api.close())

describe('a mistake', () => {
  it.each([
    ['/Submissions', { $apply: 'groupby((name))' }, '$apply: is not offered here'],
    ['/Submissions', { $search: 'a' }, '$search: is not offered here'],
    ['/Submissions', { filter: "name eq 'a'" }, 'filter: is written $filter'],
    ['/Submissions', { $filter: "nme eq 'a'" }, 'nme, which is no property of Submission'],
    ['/Submissions', { $filter: "soundex(name) eq 'a'" }, 'soundex, which is none of the functions'],
    ['/Submissions', { $filter: "acres eq 'a'" }, 'compares a number with a string'],
    ['/Submissions', { $filter: `submissionId eq '${randomUUID()}'` }, 'a Guid stands without quotes'],
    ['/Submissions', { $filter: 'name' }, 'asks whether a string is true'],
    ['/Submissions', { $filter: 'organic gt false' }, 'which of two booleans is greater'],
    ['/Submissions', { $filter: "contains(misfits,'a')" }, 'can be shown and not be looked for'],
    ['/Submissions', { $filter: 'fields/any(f:f/size gt 1)' }, '$filter'],
    ['/Submissions', { $filter: 'since gt 2023-02-29' }, '2023-02-29, which is no such date'],
    ['/Submissions', { $orderby: 'nme' }, 'nme, which is no property'],
    ['/Submissions', { $select: 'nme' }, 'nme, which is no property'],
    ['/Submissions', { $expand: 'nme' }, 'nme, which is no grid'],
    ['/Submissions_fields', { $expand: 'submission' }, 'only grids can be expanded'],
    ['/Submissions', { $top: '-1' }, '$top: must be >= 0'],
    ['/Submissions', { $skiptoken: 'x' }, '@odata.nextLink'],
    ['/Submissions', { $format: 'atom' }, '$format'],
    ['/Submissions/$count', { $top: '1' }, '$top: is not offered here'],
    ['', { $filter: 'a' }, '$filter: is not offered here'],
  ])('at %s with %j is named', async (path, query, message) => {
    const reply = await feed.get(form, path, query as Record<string, string>)
    expectProblem(reply, 400, 'invalid_query')
    expect(reply.json().detail).toContain(message)
  })

  it('in a place from another order is named', async () => {
    await feed.store(form, { name: 'Bea' })
    const first = ok(
      await feed.get(form, '/Submissions', { $orderby: 'name' }, form.key, { prefer: 'odata.maxpagesize=1' }),
    )
    const $skiptoken = new URL(first['@odata.nextLink']).searchParams.get('$skiptoken') ?? ''
    expectProblem(await feed.get(form, '/Submissions', { $skiptoken }), 400, 'invalid_query')
  })

  it('in an address leads nowhere', async () => {
    for (const path of [
      '/Nothing',
      '/Submissions(1)',
      '/$batch',
      '/Submissions_fields/',
      `/Submissions(${id})/nothing`,
    ]) {
      expect((await feed.get(form, path)).statusCode).toBe(404)
    }
  })

  it('in OData-MaxVersion is named', async () => {
    const reply = await feed.get(form, '', {}, form.key, { 'odata-maxversion': '3.0' })
    expectProblem(reply, 400, 'invalid_headers')
  })
})

describe('a key', () => {
  it('opens nothing of another form, and cannot tell it from what does not exist', async () => {
    const other = await feed.addForm(...farmFields)
    for (const path of ['/Submissions_fields', `/Submissions(${id})`, `/Submissions(${id})/fields`]) {
      expect((await feed.get(form, path, {}, other.key)).statusCode).toBe(401)
    }
    for (const path of [
      '/Submissions(ID)',
      '/Submissions(ID)/fields',
      "/Submissions_fields('ID.1')",
      "/Submissions_fields('ID.1')/harvests",
    ]) {
      const foreign = await feed.get(other, path.replace('ID', id))
      const unknown = await feed.get(other, path.replace('ID', randomUUID()))
      expect(foreign.statusCode).toBe(404)
      expect(foreign.body).toBe(unknown.body)
    }
    expect(await feed.values(other, '/Submissions', { $filter: `submissionId eq ${id}` })).toEqual([])
    expect(await feed.values(other, '/Submissions_fields')).toEqual([])
  })

  it('for tests sees test submissions, and no others', async () => {
    const own = await feed.addForm(...farmFields)
    const path = `/forms/${own.formId}/apiKeys`
    const scopes = ['submissions:read', 'submissions:write']
    const made = ok(
      await feed.api.call('POST', path, { as: feed.api.owner, body: { name: 'Test', scopes, test: true } }),
    )
    const testKey = { formId: own.formId, secret: made.secret }
    await feed.api.submit(own, { name: 'live', fields: [{ crop: 'live' }] })
    await feed.api.submit({ ...own, key: testKey }, { name: 'test', fields: [{ crop: 'test' }] })
    const seen = async (as: typeof testKey, query = {}) => [
      ok(await feed.get(own, '/Submissions', { $count: 'true', $select: 'name', ...query }, as)),
      ok(await feed.get(own, '/Submissions_fields', { $select: 'crop', ...query }, as)),
    ]
    for (const answers of [
      await seen(testKey),
      await seen(testKey, { test: 'false' }),
      await seen(own.key, { test: 'true' }),
    ]) {
      expect(answers).toMatchObject([{ '@odata.count': 1, value: [{ name: 'test' }] }, { value: [{ crop: 'test' }] }])
    }
    expect(await seen(own.key)).toMatchObject([
      { '@odata.count': 1, value: [{ name: 'live' }] },
      { value: [{ crop: 'live' }] },
    ])
  })

  it('gets drafts and deleted submissions only when it asks for them', async () => {
    const own = await feed.addForm(...farmFields)
    await feed.api.submit(own, { name: 'draft' }, { draft: true })
    const deleted = await feed.api.submit(own, { name: 'deleted' })
    ok(await feed.api.call('DELETE', `/submissions/${deleted}`, { as: feed.api.owner }))
    await feed.api.submit(own, { name: 'plain' })
    const seen = async (query: Record<string, string>) => {
      const { value, '@odata.count': count } = ok(await feed.get(own, '/Submissions', { $count: 'true', ...query }))
      expect(count).toBe(value.length)
      return value.map(({ name }: { name: string }) => name)
    }
    expect(await seen({})).toEqual(['plain'])
    expect(await seen({ drafts: 'true', deleted: 'true' })).toEqual(['plain', 'deleted', 'draft'])
    expect((await feed.get(own, `/Submissions(${deleted})`)).statusCode).toBe(404)
  })
})
