import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noteProgress } from '../src/exports/export-records.queries.ts'
import { type Exports, openExports, textField } from './exports-app.ts'
import { type Api, basic, type TestForm } from './harness.ts'

let exports: Exports
let api: Api
let address: string
let large: TestForm
const rowCount = 6_000

beforeAll(async () => {
  exports = await openExports()
  api = exports.api
  address = await api.app.listen({ port: 0, host: '127.0.0.1' })
  large = await exports.addForm(textField('a'), textField('filler'))
  await sql`insert into submission (id, form_id, form_version_id, status, submission, created_by, created_at)
    select gen_random_uuid(), ${large.formId}, ${large.versionId}, 'SUBMITTED',
      jsonb_build_object('data', jsonb_build_object('a', n::text, 'filler', repeat(md5(n::text), 45))),
      'test', now() - n * interval '1 ms'
    from generate_series(1, ${sql.lit(rowCount)}) n`.execute(api.database.db)
})
afterAll(() => api.close())

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const digestOf = (field: unknown) => Buffer.from(String(field).slice('sha-256=:'.length, -1), 'base64').toString('hex')

async function ask(path: string, headers: Record<string, string> = {}, form = large): Promise<IncomingMessage> {
  const authorization = basic(form.formId, form.secret)
  const [response] = await once(get(`${address}${path}`, { headers: { authorization, ...headers } }), 'response')
  return response
}

async function bytesOf(response: AsyncIterable<Buffer>, upTo = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= upTo) break
  }
  return Buffer.concat(chunks).subarray(0, upTo)
}

async function jsonOf(response: AsyncIterable<Buffer>) {
  return JSON.parse((await bytesOf(response)).toString())
}

const exportPath = (query = 'format=csv', form = large) => `/app/api/v1/forms/${form.formId}/export?${query}`
const manifestOf = (location: unknown) => String(location).replace(/file$/, 'manifest')

/** As much of an export as a reader got before it broke off, and where the rest is. */
async function broken(query: string, upTo: number) {
  const response = await ask(exportPath(query))
  const start = await bytesOf(response, upTo)
  const location = String(response.headers['content-location'])
  await expect.poll(async () => (await jsonOf(await ask(manifestOf(location)))).status).toBe('broken')
  return { start, location }
}

describe('a whole export', () => {
  it.each(['csv', 'json', 'ndjson'])('tells in trailers what %s holds', async (format) => {
    const response = await ask(exportPath(`format=${format}`))
    const bytes = await bytesOf(response)
    expect(response.trailers['export-rows']).toBe(String(rowCount))
    expect(String(response.headers.trailer).split(', ')).toEqual(Object.keys(response.trailers))
    expect(digestOf(response.trailers['unencoded-digest'])).toBe(sha256(bytes))
  })

  it('has a manifest when it ends', async () => {
    const response = await ask(exportPath())
    const bytes = await bytesOf(response)
    const manifest = await jsonOf(await ask(manifestOf(response.headers['content-location'])))
    expect(manifest).toMatchObject({
      formId: large.formId,
      format: 'csv',
      status: 'complete',
      rows: rowCount,
      bytes: bytes.length,
      sha256: sha256(bytes),
      columns: expect.arrayContaining(['form.submissionId', 'a', 'filler']),
      watermark: response.trailers['export-watermark'],
    })
  })

  it.each(['gzip', 'zstd'] as const)('comes in %s with the digest of what is in it', async (coding) => {
    const response = await ask(exportPath(), { 'accept-encoding': coding })
    const { createGunzip, createZstdDecompress } = await import('node:zlib')
    const coded = response.pipe(coding === 'gzip' ? createGunzip() : createZstdDecompress())
    const bytes = await bytesOf(coded)
    expect(response.headers['content-encoding']).toBe(coding)
    expect(digestOf(response.trailers['unencoded-digest'])).toBe(sha256(bytes))
  })

  it('tells in pieces what lies where', async () => {
    const response = await ask(exportPath())
    const bytes = await bytesOf(response)
    const { pieces } = await jsonOf(await ask(`${manifestOf(response.headers['content-location'])}?pieces=true`))
    expect(pieces.length).toBeGreaterThan(3)
    for (const piece of pieces) {
      expect(sha256(bytes.subarray(piece.firstByte, piece.firstByte + piece.bytes))).toBe(piece.sha256)
    }
  })
})

describe('an export that broke', () => {
  it.each(['csv', 'json', 'ndjson'])('goes on as %s and ends byte-identical', async (format) => {
    const whole = await bytesOf(await ask(exportPath(`format=${format}`)))
    const { start, location } = await broken(`format=${format}`, 3_000_001)
    const response = await ask(location, { range: `bytes=${start.length}-` })
    const rest = await bytesOf(response)
    expect(response.statusCode).toBe(206)
    expect(response.headers['content-range']).toMatch(new RegExp(`^bytes ${start.length}-`))
    expect(Buffer.concat([start, rest]).equals(whole)).toBe(true)
    expect(digestOf(response.trailers['repr-digest'])).toBe(sha256(whole))
    const manifest = await jsonOf(await ask(manifestOf(location)))
    expect(manifest).toMatchObject({ status: 'complete', rows: rowCount, bytes: whole.length, sha256: sha256(whole) })
  })

  it('says from where on it can be had when a row was changed that is there in part', async () => {
    const { start, location } = await broken('format=csv', 3_000_001)
    const { pieces } = await jsonOf(await ask(`${manifestOf(location)}?pieces=true`))
    const piece = pieces.findLast((each: { firstByte: number }) => each.firstByte < start.length)
    const [row] = (
      await sql<{ id: string }>`update submission set submission = jsonb_set(submission, '{data,a}', '"changed"')
        where id = (select last_id from export_piece where first_byte = ${piece.firstByte}
          and export_id = ${location.split('/').at(-2)}) returning id`.execute(api.database.db)
    ).rows
    const refused = await ask(location, { range: `bytes=${start.length}-` })
    expect(refused.statusCode).toBe(416)
    const problem = await jsonOf(refused)
    expect(problem).toMatchObject({ code: 'export_piece_changed', resumeAt: piece.firstByte })
    const rest = await bytesOf(await ask(location, { range: `bytes=${problem.resumeAt}-` }))
    const text = Buffer.concat([start.subarray(0, problem.resumeAt), rest]).toString()
    expect(text.split('\r\n')).toHaveLength(rowCount + 2)
    expect(text).toMatch(new RegExp(`${row?.id}.*,changed,`))
  })

  it('goes on where it is noted for a reader that has more', async () => {
    const { location } = await broken('format=csv', 2_000_000)
    const refused = await ask(location, { range: 'bytes=999999999-' })
    const problem = await jsonOf(refused)
    expect([refused.statusCode, problem.code]).toEqual([416, 'export_piece_changed'])
    expect(problem.resumeAt).toBeGreaterThan(0)
  })

  it.each([1, 100, 4_000, 5_000, 300_000])(
    'goes on %i bytes before the end of what was sent at once',
    async (missing) => {
      const response = await ask(exportPath('format=ndjson'))
      const whole = await bytesOf(response)
      const [location, manifest] = [
        response.headers['content-location'],
        manifestOf(response.headers['content-location']),
      ]
      const { pieces } = await jsonOf(await ask(`${manifest}?pieces=true`))
      for (const end of [pieces[0].bytes, pieces[1].firstByte + pieces[1].bytes, whole.length]) {
        const rest = await ask(String(location), { range: `bytes=${end - missing}-` })
        expect(rest.statusCode).toBe(206)
        expect((await bytesOf(rest)).equals(whole.subarray(end - missing))).toBe(true)
      }
    },
  )

  it('is gone for good when it is removed, also when a reader of it is noted later', async () => {
    const { location } = await broken('format=csv', 2_000_000)
    const path = location.replace('/file', '')
    const [formId = '', , exportId = ''] = location.split('/').slice(-4)
    expect((await api.call('DELETE', path, { as: large.key })).statusCode).toBe(204)
    const noted = await noteProgress(api.database.db, exportId, [], { status: 'broken', rows: 1, bytes: 1 })
    expect([formId, noted]).toEqual([large.formId, false])
    for (const part of ['', '/manifest', '/file']) {
      expect((await api.call('GET', `${path}${part}`, { as: large.key })).statusCode).toBe(410)
    }
  })

  it('has nothing more when it is whole', async () => {
    const response = await ask(exportPath())
    const bytes = await bytesOf(response)
    const refused = await ask(String(response.headers['content-location']), { range: `bytes=${bytes.length}-` })
    expect(refused.statusCode).toBe(416)
    expect(refused.headers['content-range']).toBe(`bytes */${bytes.length}`)
  })

  it.each([
    ['several ranges', { range: 'bytes=0-1,5-' }],
    ['the end alone', { range: 'bytes=-500' }],
    ['a state that it is not in', { range: 'bytes=5-', 'if-range': '"another"' }],
  ])('comes whole to who asks for %s', async (_, headers) => {
    const { location } = await broken('format=ndjson', 1_000_000)
    const response = await ask(location, headers)
    const bytes = await bytesOf(response)
    expect([response.statusCode, bytes.toString().split('\n').length]).toEqual([200, rowCount + 1])
  })
})

describe('somebody else', () => {
  it('does not reach an export of another form', async () => {
    const response = await ask(exportPath())
    await bytesOf(response)
    const other = await exports.addForm(textField('a'))
    const exportId = String(response.headers['content-location']).split('/').at(-2)
    for (const part of ['/file', '/manifest', '']) {
      const foreign = await ask(`/app/api/v1/forms/${other.formId}/export/${exportId}${part}`, {}, other)
      expect([part, foreign.statusCode]).toEqual([part, 404])
      const wrongKey = await ask(`/app/api/v1/forms/${large.formId}/export/${exportId}${part}`, {}, other)
      expect([part, wrongKey.statusCode]).toEqual([part, 401])
    }
  })
})

describe('what fails before its first byte', () => {
  it.each(['identity', 'gzip', 'zstd'])('is an error with a status in %s, and the server goes on', async (coding) => {
    const { location } = await broken('format=csv', 2_000_000)
    await sql`alter table submission rename to elsewhere`.execute(api.database.db)
    try {
      for (const path of [location, exportPath()]) {
        const response = await ask(path, { 'accept-encoding': coding })
        expect(response.statusCode).toBe(500)
        expect(response.headers.trailer).toBeUndefined()
      }
    } finally {
      await sql`alter table elsewhere rename to submission`.execute(api.database.db)
    }
    const response = await ask(exportPath())
    expect(response.statusCode).toBe(200)
    // Unread it would keep the server from closing.
    await bytesOf(response)
  })
})

describe('a workbook', () => {
  it('is begun anew after a break, and costs nothing when its reader leaves', async () => {
    const response = await ask(exportPath('format=xlsx'))
    await bytesOf(response, 10_000)
    const location = String(response.headers['content-location'])
    await expect.poll(async () => (await jsonOf(await ask(manifestOf(location)))).status).toBe('broken')
    expect((await jsonOf(await ask(manifestOf(location)))).rows).toBe(0)
    const refused = await ask(location, { range: 'bytes=10000-' })
    expect([refused.statusCode, (await jsonOf(refused)).resumeAt]).toEqual([416, 0])
    const whole = await bytesOf(await ask(location))
    expect(whole.equals(await bytesOf(await ask(exportPath('format=xlsx'))))).toBe(true)
  })
})
