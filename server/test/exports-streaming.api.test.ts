import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { submissionsToExport } from '../src/exports/exports.queries.ts'
import { type Exported, type Exports, openExports, textField } from './exports-app.ts'
import { type Api, basic, day, type TestForm } from './harness.ts'

let exports: Exports
let api: Api
beforeAll(async () => {
  exports = await openExports()
  api = exports.api
})
afterAll(() => api.close())

describe('streaming', () => {
  let large: TestForm
  let address: string
  const rowCount = 20_000

  beforeAll(async () => {
    address = await api.app.listen({ port: 0, host: '127.0.0.1' })
    large = await exports.addForm(textField('a'), textField('filler'))
    await sql`insert into submission (id, form_id, form_version_id, status, submission, created_by, created_at)
      select gen_random_uuid(), ${large.formId}, ${large.versionId}, 'SUBMITTED',
        jsonb_build_object('data', jsonb_build_object('a', n::text, 'filler', repeat(md5(n::text), 45))),
        'test', now() - (n / 7) * interval '1 ms'
      from generate_series(1, ${sql.lit(rowCount)}) n`.execute(api.database.db)
  })

  async function download(format: string) {
    const headers = { authorization: basic(large.formId, large.secret) }
    const url = `${address}/app/api/v1/forms/${large.formId}/export?format=${format}`
    const [response] = await once(get(url, { headers }), 'response')
    return response as IncomingMessage
  }

  async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }

  const connectionsInUse = () => api.database.pool.totalCount - api.database.pool.idleCount

  it('brings every row once, though many were made in the same millisecond', async () => {
    const rows: Exported[] = JSON.parse(await textOf(await download('json')))
    expect(rows).toHaveLength(rowCount)
    expect(new Set(rows.map((row) => row.a)).size).toBe(rowCount)
  })

  it('brings every row once while others are written and deleted', async () => {
    const response = await download('json')
    await once(response, 'readable')
    const written = await Promise.all(Array.from({ length: 20 }, (_, n) => api.submit(large, { a: `new ${n}` })))
    const rows: Exported[] = JSON.parse(await textOf(response))
    await api.database.db.deleteFrom('submission').where('id', 'in', written).execute()
    const names = rows.map((row) => String(row.a)).filter((name) => !name.startsWith('new'))
    expect([names.length, new Set(names).size]).toEqual([rowCount, rowCount])
  })

  it.each(['json', 'csv'])('needs little memory for %s', async (format) => {
    await textOf(await download(format))
    const before = process.memoryUsage().rss
    let highest = before
    let bytes = 0
    for await (const chunk of await download(format)) {
      bytes += chunk.length
      highest = Math.max(highest, process.memoryUsage().rss)
    }
    expect(bytes).toBeGreaterThan(rowCount * 1400)
    expect((highest - before) / 1024 / 1024).toBeLessThan(100)
  })

  /** What the connections do that read for exports: how many are at work, and when the last batch was asked for. */
  async function reading() {
    const { rows } = await sql<{ busy: number; last: string }>`select count(*) filter (where state <> 'idle') as busy,
      max(query_start)::text as last from pg_stat_activity
      where datname = current_database() and application_name = 'formgate-exports'`.execute(api.database.db)
    return { busy: rows[0]?.busy, last: rows[0]?.last }
  }

  /** Resolves when nothing is read any more, to when the last batch was asked for. */
  async function settled(): Promise<string | undefined> {
    for (let before = await reading(); ; ) {
      await new Promise((resolve) => setTimeout(resolve, 300))
      const now = await reading()
      if (now.busy === 0 && now.last === before.last) return now.last
      before = now
    }
  }

  it('holds no connection for a client that stalls, and stops reading when it leaves', async () => {
    const response = await download('csv')
    await once(response, 'readable')
    // The sockets' buffers take some batches; then no connection is at work or in a transaction, and nothing is read.
    await settled()
    await expect.poll(connectionsInUse).toBe(0)
    response.destroy()
    const id = String(response.headers['content-location']).split('/').at(-2)
    const noted = async () =>
      (
        await sql<{ status: string; rows: number }>`select status, rows from export where id = ${id}`.execute(
          api.database.db,
        )
      ).rows[0]
    await expect.poll(async () => (await noted())?.status).toBe('broken')
    const left = await settled()
    await exports.addForm(textField('a'))
    await expect.poll(connectionsInUse).toBe(0)
    // The batches that the buffers took and the one or two on their way; the rest was never read.
    expect((await reading()).last).toBe(left)
    expect((await noted())?.rows).toBeLessThan(rowCount / 2)
  })

  it('reads large submissions a few at a time', async () => {
    const own = await exports.addForm(textField('a'))
    for (let count = 0; count < 5; count += 1) await api.submit(own, { a: randomBytes(600_000).toString('base64') })
    const filter = { deleted: false, drafts: false, test: false }
    const scope = { formId: own.formId, until: new Date(Date.now() + day), versionId: undefined, filter }
    const sizes: number[] = []
    for await (const { rows } of submissionsToExport(api.database, scope)) sizes.push(rows.length)
    expect(sizes).toEqual([2, 2, 1])
  })

  it('cuts the connection when it fails midway, so that half a file never looks whole', async () => {
    const response = await download('json')
    await once(response, 'readable')
    await sql`alter table submission rename to elsewhere`.execute(api.database.db)
    try {
      await expect(textOf(response)).rejects.toThrow('aborted')
    } finally {
      await sql`alter table elsewhere rename to submission`.execute(api.database.db)
    }
  })

  it('answers a failure at the start with its status, not as an attachment', async () => {
    await sql`alter table submission rename column submitted_at to elsewhere`.execute(api.database.db)
    try {
      const response = await exports.exported(large)
      expect(response.statusCode).toBe(500)
      expect(response.headers['content-disposition']).toBeUndefined()
    } finally {
      await sql`alter table submission rename column elsewhere to submitted_at`.execute(api.database.db)
    }
  })
})
