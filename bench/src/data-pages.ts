import pg from 'pg'
import { listCursorOf } from '../../server/src/submissions/list-cursor.ts'
import { alternate, median, percentilesOf } from './rounds.ts'
import { authorizationOf, type BenchForm } from './scenario.ts'

export type PageTime = { name: string; p50Ms: number; p99Ms: number }
type PageKind = {
  name: string
  url: string
  /** Whether it shall cost the same however many submissions there are. */
  flat: boolean
}

const repeats = 200

/** How long pages of 50 take, one after another: at the list's beginning, by number and by row, and deep in it; and of the feed. */
export async function measurePages(address: string, form: BenchForm, databaseUrl: string): Promise<PageTime[]> {
  const times: PageTime[] = []
  const ofForm = `${address}/app/api/v1/forms/${form.formId}`
  const feed = [
    { name: 'change feed, first page', url: `${ofForm}/changes?limit=50` },
    { name: 'change feed, end', url: `${ofForm}/changes?after=now` },
  ]
  for (const { name, url } of [...(await pageKinds(address, form, databaseUrl)), ...feed]) {
    times.push({ name, ...percentilesOf(await timesOf(url, form, repeats)) })
  }
  return times
}

export type PageRatio = { name: string; flat: boolean; smallMs: number; largeMs: number; ratio: number }

const rounds = 9
const repeatsInRound = 12

/** The pages of lists of a small form beside those of a large one, in turn. The ratio is the median of the rounds'. */
export async function* comparePages(
  address: string,
  forms: { small: BenchForm; large: BenchForm },
  databaseUrl: string,
): AsyncGenerator<PageRatio> {
  const large = await pageKinds(address, forms.large, databaseUrl)
  for (const [place, { name, url, flat }] of (await pageKinds(address, forms.small, databaseUrl)).entries()) {
    const middleOf = async (pageUrl: string, form: BenchForm) => median(await timesOf(pageUrl, form, repeatsInRound, 3))
    const results = await alternate(
      { small: () => middleOf(url, forms.small), large: () => middleOf(large[place]?.url ?? '', forms.large) },
      rounds,
    )
    yield {
      name,
      flat,
      smallMs: median(results.map((each) => each.small)),
      largeMs: median(results.map((each) => each.large)),
      ratio: median(results.map((each) => each.large / each.small)),
    }
  }
}

async function pageKinds(address: string, form: BenchForm, databaseUrl: string): Promise<PageKind[]> {
  const ofForm = `${address}/app/api/v1/forms/${form.formId}`
  const list = `${ofForm}/submissions?paginationEnabled=true&itemsPerPage=50`
  const { middle, total } = await placesIn(databaseUrl, form)
  const newest = 'sortBy[column]=createdAt&sortBy[order]=desc'
  return [
    { name: 'first page', url: `${list}&deleted=false`, flat: true },
    { name: 'first page, answers too', url: `${list}&deleted=false&fields=text0,amount,region`, flat: true },
    { name: 'first page of 10, sorted by createdAt', url: `${list.replace('=50', '=10')}&${newest}`, flat: true },
    {
      name: 'first page, as the web app asks',
      url: `${list}&deleted=false&filterformSubmissionStatusCode=true`,
      flat: true,
    },
    { name: 'third page, by number', url: `${list}&page=2`, flat: true },
    { name: 'in the middle, by row', url: `${list}&after=${middle}`, flat: true },
    { name: 'in the middle, backwards', url: `${list}&before=${middle}`, flat: true },
    { name: 'in the middle, by number', url: `${list}&page=${Math.floor(total / 100)}`, flat: false },
    { name: 'test submissions', url: `${list}&test=true`, flat: true },
    { name: 'drafts', url: `${list}&draft=true`, flat: true },
    { name: 'indexed answer, one row', url: `${list}&filter[mail]=respondent7@example.org`, flat: true },
    { name: 'indexed answer, a quarter of all', url: `${list}&filter[region]=north`, flat: false },
    { name: 'the same in the middle, by row', url: `${list}&filter[region]=north&after=${middle}`, flat: false },
    { name: 'answer without index', url: `${list}&filter[text0]=nobody`, flat: false },
    { name: 'search', url: `${list}&search=nobody`, flat: false },
  ]
}

/** What takes seconds is measured a few times only. */
const longestMs = 1000

/** In milliseconds each, after some for the server and PostgreSQL to get warm. */
async function timesOf(url: string, form: BenchForm, count: number, before = count): Promise<number[]> {
  const headers = { authorization: authorizationOf(form) }
  const times: number[] = []
  const endsAt = performance.now() + longestMs * (1 + before / count)
  for (let repeat = -before; repeat < count; repeat += 1) {
    const started = performance.now()
    const response = await fetch(url, { headers })
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
    await response.text()
    if (repeat >= 0 || started > endsAt) times.push(performance.now() - started)
    if (performance.now() > endsAt && times.length > 0) break
  }
  return times
}

/** The cursor of the row in the middle of the list, as its Link would have it. */
async function placesIn(databaseUrl: string, { formId }: BenchForm): Promise<{ middle: string; total: number }> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ id: string; created_at: Date; total: string }>(
      `select id, created_at, (select count(*) from submission where form_id = $1) as total from submission where form_id = $1
       order by created_at desc, id desc offset (select count(*) / 2 from submission where form_id = $1) limit 1`,
      [formId],
    )
    const [row] = rows
    if (!row) throw new Error('There are no submissions.')
    return { middle: listCursorOf(row), total: Number(row.total) }
  } finally {
    await client.end()
  }
}
