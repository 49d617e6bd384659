import pg from 'pg'
import { listCursorOf } from '../../server/src/submissions/list-cursor.ts'
import { percentilesOf } from './rounds.ts'
import { authorizationOf, type BenchForm } from './scenario.ts'

export type PageTime = { name: string; p50Ms: number; p99Ms: number }

const repeats = 200

/** How long pages of 50 take, one after another: at the list's beginning, by number and by row, and deep in it; and of the feed. */
export async function measurePages(address: string, form: BenchForm, databaseUrl: string): Promise<PageTime[]> {
  const ofForm = `${address}/app/api/v1/forms/${form.formId}`
  const list = `${ofForm}/submissions?paginationEnabled=true&itemsPerPage=50`
  const { middle, total } = await placesIn(databaseUrl, form)
  const pages = [
    { name: 'first page', url: `${list}&deleted=false` },
    { name: 'first page, answers too', url: `${list}&deleted=false&fields=text0,amount,region` },
    { name: 'in the middle, by row', url: `${list}&after=${middle}` },
    { name: 'in the middle, by number', url: `${list}&page=${Math.floor(total / 100)}` },
    { name: 'change feed, first page', url: `${ofForm}/changes?limit=50` },
    { name: 'change feed, end', url: `${ofForm}/changes?after=now` },
  ]
  const times: PageTime[] = []
  for (const { name, url } of pages) times.push({ name, ...(await timesOf(url, form)) })
  return times
}

async function timesOf(url: string, form: BenchForm): Promise<Omit<PageTime, 'name'>> {
  const headers = { authorization: authorizationOf(form) }
  const times: number[] = []
  for (let repeat = -repeats; repeat < repeats; repeat += 1) {
    const started = performance.now()
    const response = await fetch(url, { headers })
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
    await response.text()
    if (repeat >= 0) times.push(performance.now() - started)
  }
  return percentilesOf(times)
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
