import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Api, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let form: TestForm
const count = 25
beforeAll(async () => {
  api = await openApi()
  form = await addForm()
})
afterAll(() => api.close())

type Item = { submissionId: string }
type Links = Partial<Record<'first' | 'prev' | 'next', string>>
type Page = { ids: string[]; total: number; links: Links }

/** Several rows in each millisecond: their order is then that of their ids. */
async function addForm(): Promise<TestForm> {
  const made = await api.addForm()
  await sql`insert into submission (id, form_id, form_version_id, submission, created_by, created_at)
    select gen_random_uuid(), ${made.formId}, ${made.versionId}, '{"data":{}}', 'test', timestamptz '2026-01-01' + (n / 4) * interval '1 ms'
    from generate_series(1, ${sql.lit(count)}) n`.execute(api.database.db)
  return made
}

const ask = (path: string) => api.call('GET', path, { as: form.key })

async function read(path: string): Promise<Page> {
  const response = await ask(path)
  const { results, total } = ok(response)
  const links = [...String(response.headers.link ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)]
  return {
    ids: results.map(({ submissionId }: Item) => submissionId),
    total,
    links: Object.fromEntries(links.map(([, address, rel]) => [rel, address])),
  }
}

const first = (query = '') =>
  `/app/api/v1/forms/${form.formId}/submissions?paginationEnabled=true&itemsPerPage=4${query}`
const all = async () => ok(await ask(`/forms/${form.formId}/submissions`)).map(({ submissionId }: Item) => submissionId)

async function follow(rel: 'prev' | 'next', from: Page): Promise<string[][]> {
  const pages: string[][] = []
  for (let page = from; page.links[rel] !== undefined; ) {
    page = await read(page.links[rel] ?? '')
    pages.push(page.ids)
  }
  return pages
}

describe('the links of a page', () => {
  it('lead through the whole list, each row once, and back again', async () => {
    const start = await read(first())
    const forth = await follow('next', start)
    expect([start.ids, ...forth].flat()).toEqual(await all())
    let last = start
    while (last.links.next !== undefined) last = await read(last.links.next)
    const back = await follow('prev', last)
    expect([...back.toReversed(), last.ids].flat()).toEqual(await all())
  })

  it('name no page where there is none', async () => {
    expect((await read(first())).links.prev).toBeUndefined()
    expect((await read(first().replace('itemsPerPage=4', 'itemsPerPage=25'))).links.next).toBeUndefined()
  })

  it('keep to their rows when others come meanwhile', async () => {
    const own = await api.addForm()
    for (let each = 0; each < 4; each++) await api.submit(own)
    const path = `/app/api/v1/forms/${own.formId}/submissions?paginationEnabled=true&itemsPerPage=2`
    const response = await api.call('GET', path, { as: own.key })
    await api.submit(own)
    const [, next = ''] = /<([^>]+)>; rel="next"/.exec(String(response.headers.link)) ?? []
    const shown = [...ok(response).results, ...ok(await api.call('GET', next, { as: own.key })).results]
    expect(new Set(shown.map(({ submissionId }: Item) => submissionId)).size).toBe(4)
  })

  it('carry filters and fields on, and tell the whole number on each page', async () => {
    const start = await read(first('&createdBy=test&fields=name'))
    expect(start.total).toBe(count)
    expect(start.links.next).toContain('createdBy=test&fields=name')
    expect((await read(start.links.next ?? '')).total).toBe(count)
  })

  it('go by numbers where the list is sorted otherwise', async () => {
    const sorted = '&sortBy%5Bcolumn%5D=createdBy'
    const start = await read(first(sorted))
    expect(start.links.next).toContain('page=1')
    expect([start.ids, ...(await follow('next', start))].flat().toSorted()).toEqual((await all()).toSorted())
  })

  it('work where an unknown column was asked for, which sorts nothing', async () => {
    const start = await read(first('&sortBy%5Bcolumn%5D=unknown'))
    expect((await read(start.links.next ?? '')).ids).toHaveLength(4)
  })
})

describe('a cursor', () => {
  it('shows nothing of another form', async () => {
    const other = await api.addForm()
    const start = await read(first())
    const path = (start.links.next ?? '').replace(form.formId, other.formId)
    expect(ok(await api.call('GET', path, { as: other.key }))).toEqual({ results: [], total: 0 })
    expect((await api.call('GET', path, { as: form.key })).statusCode).toBe(401)
  })

  it.each([
    'after=x',
    'after=zzzzzzzzzz.6e1f5a1e-6f7b-4d0b-9d7c-0f5b6c1d2e3f',
    'after=abc.6e1f5a1e',
    'before=',
    'after=abc.6e1f5a1e-6f7b-4d0b-9d7c-0f5b6c1d2e3f&before=abc.6e1f5a1e-6f7b-4d0b-9d7c-0f5b6c1d2e3f',
    'after=abc.6e1f5a1e-6f7b-4d0b-9d7c-0f5b6c1d2e3f&page=2',
    'after=abc.6e1f5a1e-6f7b-4d0b-9d7c-0f5b6c1d2e3f&sortBy%5Bcolumn%5D=createdBy',
    'after=abc.6e1f5a1e-6f7b-4d0b-9d7c-0f5b6c1d2e3f&itemsPerPage=-1',
  ])('is refused in %s', async (query) => {
    expectProblem(await ask(`/forms/${form.formId}/submissions?${query}`), 400, 'invalid_query')
  })
})
