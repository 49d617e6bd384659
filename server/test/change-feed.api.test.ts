import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { forgetChanges, renewFeed, renewFeedOfOtherCluster } from '../src/changes/changes.queries.ts'
import { plainAnswers } from './definitions.ts'
import { expectProblem } from './expect-problem.ts'
import { type Api, type As, ok, type TestForm } from './harness.ts'
import { type KeysApi, openKeysApi } from './keys-app.ts'

// Transactions of other databases on the same server hold the feed up, and other tests have long ones.
vi.setConfig({ testTimeout: 60_000, expect: { poll: { timeout: 30_000 } } })

let keys: KeysApi
let api: Api
let form: TestForm
beforeAll(async () => {
  keys = await openKeysApi()
  api = keys.api
})
beforeEach(async () => {
  form = await api.addForm()
})
afterAll(() => api.close())

type Change = { cursor: string; kind: string; submissionId: string; submission?: { submission: object } }
type Page = { changes: Change[]; next: string; more: boolean }

const ask = (query: Record<string, string> = {}, as: As = form.key, of = form) =>
  api.call('GET', `/forms/${of.formId}/changes`, { as, query })
const read = async (query: Record<string, string> = {}, as: As = form.key): Promise<Page> => ok(await ask(query, as))
const kindsIn = ({ changes }: Page) => changes.map(({ kind, submissionId }) => [kind, submissionId])

async function readAll(count: number, query: Record<string, string> = {}, as: As = form.key): Promise<Page> {
  await expect.poll(async () => (await read(query, as)).changes.length).toBeGreaterThanOrEqual(count)
  return read(query, as)
}

const change = (method: string, id: string, path = '', body?: unknown) =>
  api.call(method, `/submissions/${id}${path}`, { as: api.owner, ...(body === undefined ? {} : { body }) })

describe('the feed', () => {
  it('tells of making, changing, deleting and restoring a submission, and of its status, in their order', async () => {
    const id = await api.submit(form)
    const draft = await api.submit(form, plainAnswers, { draft: true })
    ok(await change('PUT', id, '', { submission: { data: plainAnswers } }))
    ok(await change('PUT', draft, '', { draft: false, submission: { data: plainAnswers } }))
    ok(await change('POST', id, '/status', { code: 'COMPLETED' }))
    ok(await change('DELETE', id))
    ok(await change('PUT', `${id}/restore`, '', { deleted: false }))
    const page = await readAll(7)
    expect(kindsIn(page)).toEqual([
      ['created', id],
      ['created', draft],
      ['updated', id],
      ['updated', draft],
      ['status', id],
      ['deleted', id],
      ['restored', id],
    ])
    expect(page.changes.map((each) => Object(each).status)).toEqual([
      'SUBMITTED',
      null,
      'SUBMITTED',
      'SUBMITTED',
      'COMPLETED',
      'COMPLETED',
      'COMPLETED',
    ])
    expect(page.changes[1]).toMatchObject({ draft: true, changedBy: 'api-key:Default' })
    expect(page.more).toBe(false)
  })

  it('tells of each of many that are written, deleted and restored at once', async () => {
    const path = `/forms/${form.formId}/versions/${form.versionId}/multiSubmission`
    const body = { submission: { data: [plainAnswers, plainAnswers, plainAnswers] } }
    const made = ok(await api.call('POST', path, { as: form.key, body }))
    const ids: string[] = made.map(({ id }: { id: string }) => id)
    const all = `/submissions/${ids[0]}/${form.formId}/submissions`
    ok(await api.call('DELETE', all, { as: api.owner, body: { submissionIds: ids } }))
    ok(await api.call('PUT', `${all}/restore`, { as: api.owner, body: { submissionIds: ids } }))
    const { changes } = await readAll(9)
    expect(changes.slice(0, 3).map(({ submissionId }) => submissionId)).toEqual(ids)
    expect(changes.map(({ kind }) => kind)).toEqual(
      ['created', 'deleted', 'restored'].flatMap((kind) => [kind, kind, kind]),
    )
  })

  it('goes on at `next`, and at the cursor of any change', async () => {
    const ids = [await api.submit(form), await api.submit(form), await api.submit(form)]
    const all = await readAll(3)
    const first = await read({ limit: '2' })
    expect([first.changes, first.more]).toEqual([all.changes.slice(0, 2), true])
    const rest = await read({ after: first.next })
    expect([rest.changes, rest.more]).toEqual([all.changes.slice(2), false])
    expect(kindsIn(await read({ after: all.changes[0]?.cursor ?? '' }))).toEqual([
      ['created', ids[1]],
      ['created', ids[2]],
    ])
    expect((await read({ after: rest.next })).changes).toEqual([])
  })

  it('brings the submissions as they are now when they are asked for', async () => {
    const id = await api.submit(form)
    const answers = { ...plainAnswers, name: 'Changed' }
    ok(await change('PUT', id, '', { submission: { data: answers } }))
    const { changes } = await readAll(2, { include: 'submission' })
    for (const each of changes) expect(each.submission).toMatchObject({ id, submission: { data: answers } })
    expect((await read()).changes[0]).not.toHaveProperty('submission')
  })

  it('ends a page early where the submissions are large, and says that there are more', async () => {
    const ids: string[] = []
    for (let count = 0; count < 8; count++) {
      // The first ones are small as they are stored, and large as text.
      const note = count < 4 ? '\u0001'.repeat(300_000) : randomBytes(600_000).toString('base64')
      ids.push(await api.submit(form, { ...plainAnswers, note }))
    }
    await readAll(8)
    const pages = [await read({ include: 'submission' })]
    while (pages.at(-1)?.more) pages.push(await read({ include: 'submission', after: pages.at(-1)?.next ?? '' }))
    expect(pages.map(({ changes }) => changes.length)).toEqual([3, 5])
    expect(pages.flatMap(({ changes }) => changes.map(({ submissionId }) => submissionId))).toEqual(ids)
  })

  it('begins now with after=now', async () => {
    await api.submit(form)
    await readAll(1)
    const { changes, next } = await read({ after: 'now' })
    expect(changes).toEqual([])
    const id = await api.submit(form)
    expect(kindsIn(await readAll(1, { after: next }))).toEqual([['created', id]])
  })

  it('holds back what comes after a transaction that still runs, and then shows both', async () => {
    const { next } = await read({ after: 'now' })
    const client = new pg.Client({ connectionString: api.database.url })
    await client.connect()
    await client.query('begin')
    await client.query(
      `insert into submission_change (form_id, submission_id, kind, draft, test, changed_by)
       values ($1, gen_random_uuid(), 'created', false, false, 'slow')`,
      [form.formId],
    )
    const id = await api.submit(form)
    expect((await read({ after: next })).changes).toEqual([])
    await client.query('commit')
    await client.end()
    const { changes } = await readAll(2, { after: next })
    expect(changes.map((each) => Object(each).changedBy)).toEqual(['slow', 'api-key:Default'])
    expect(changes[1]?.submissionId).toBe(id)
  })
})

describe('a reader', () => {
  it('sees nothing of other forms, whatever cursor it brings', async () => {
    const other = await api.addForm()
    const { next } = await read({ after: 'now' })
    await api.submit(other)
    const id = await api.submit(form)
    expect(kindsIn(await readAll(1, { after: next }))).toEqual([['created', id]])
    const others: Page = ok(await ask({}, other.key, other))
    for (const each of others.changes) expect((await read({ after: each.cursor })).changes.length).toBeLessThan(2)
    expectProblem(await ask({}, form.key, other), 401, 'unauthorized')
  })

  it('sees test submissions alone with a test key, and else only when it asks for them', async () => {
    const test = await keys.addKey(form, {
      name: 'Try',
      test: true,
      scopes: ['form:read', 'submissions:read', 'submissions:write'],
    })
    const tried = ok(await keys.submitAs(form, test.as)).id
    const live = await api.submit(form)
    expect(kindsIn(await readAll(1))).toEqual([['created', live]])
    expect(kindsIn(await readAll(1, {}, test.as))).toEqual([['created', tried]])
    expect(kindsIn(await readAll(1, { test: 'true' }))).toEqual([['created', tried]])
  })

  it.each([
    { query: { after: 'yesterday' } },
    { query: { after: '0a1b2c3d.99999999999999999999.1' } }, // beyond 64 bits
    { query: { after: '0a1b2c3d.5.9999999999999999999' } },
    { query: { limit: '0' } },
    { query: { limit: '1001' } },
    { query: { wait: '61' } },
    { query: { include: 'everything' } },
  ])('is told what is wrong with $query', async ({ query }) => {
    expectProblem(await ask(Object(query)), 400, 'invalid_query')
  })

  it('is told when what came after its cursor is not kept any more', async () => {
    await api.submit(form)
    const { changes } = await readAll(1)
    const cursor = changes[0]?.cursor ?? ''
    await forgetChanges(api.database.db, new Date(Date.now() + 1000))
    expectProblem(await ask({ after: cursor }), 410, 'cursor_expired')
    expect((await read()).changes).toEqual([])
    const { next } = await read({ after: 'now' })
    const id = await api.submit(form)
    expect(kindsIn(await readAll(1, { after: next }))).toEqual([['created', id]])
  })

  it('is told when the database was moved to a cluster that has counted fewer transactions', async () => {
    const { next } = await read({ after: 'now' })
    await renewFeedOfOtherCluster(api.database.db)
    expect((await ask({ after: next })).statusCode).toBe(200)
    await api.database.pool.query("update change_feed set seen_xid = '9000000000000'")
    await renewFeedOfOtherCluster(api.database.db)
    expectProblem(await ask({ after: next }), 410, 'cursor_expired')
  })

  it('is told that a place which was never given out is none', async () => {
    const { next } = await read({ after: 'now' })
    const [feed = ''] = next.split('.')
    expectProblem(await ask({ after: `${feed}.9000000000000.1` }), 410, 'cursor_expired')
  })

  it('is told when the feed began anew', async () => {
    const { next } = await read({ after: 'now' })
    await renewFeed(api.database.db)
    expectProblem(await ask({ after: next }), 410, 'cursor_expired')
  })
})
