import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Exports, openExports, textField } from './exports-app.ts'
import { type Api, type As, basic, day, ok, type TestForm } from './harness.ts'

let exports: Exports
let api: Api
let form: TestForm
beforeAll(async () => {
  exports = await openExports()
  api = exports.api
  form = await exports.addForm(textField('a'))
  for (let count = 0; count < 3; count += 1) await api.submit(form, { a: `é ${count}` })
})
afterAll(() => api.close())

const request = (body: object = {}, as: As = form.key) => api.call('POST', `/forms/${form.formId}/export`, { as, body })
const read = (id: string, part = '', as: As = form.key) =>
  api.call('GET', `/forms/${form.formId}/export/${id}${part}`, { as })

async function completed(body: object = {}): Promise<string> {
  const { exportId } = ok(await request(body))
  await expect.poll(async () => ok(await read(exportId)).status, { timeout: 15_000 }).toBe('complete')
  return exportId
}

it('makes a file beside the requests, as it would have been sent', async () => {
  const response = await request({ format: 'csv' })
  expect(response.statusCode).toBe(202)
  const { exportId } = response.json()
  expect(response.headers.location).toBe(`/app/api/v1/forms/${form.formId}/export/${exportId}`)
  await expect.poll(async () => ok(await read(exportId)).status, { timeout: 15_000 }).toBe('complete')
  const view = ok(await read(exportId))
  expect(view).toMatchObject({ percent: 100, rows: 3, totalRows: 3, etaSeconds: null })
  expect(view.downloadUrl).toBe(`${response.headers.location}/file`)
  const file = await read(exportId, '/file')
  expect(file.body).toBe((await exports.exported(form)).body)
  expect(file.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-length': String(view.bytes),
    'content-disposition': expect.stringContaining('.csv'),
  })
})

it('has a manifest', async () => {
  const id = await completed({ format: 'json' })
  const file = await read(id, '/file')
  const sha256 = createHash('sha256').update(file.rawPayload).digest('hex')
  expect(ok(await read(id, '/manifest'))).toMatchObject({ status: 'complete', rows: 3, sha256 })
})

it('gives the rest of a file', async () => {
  const id = await completed()
  const whole = (await read(id, '/file')).rawPayload
  const path = `/forms/${form.formId}/export/${id}/file`
  const rest = await api.call('GET', path, { as: form.key, headers: { range: 'bytes=7-' } })
  expect([rest.statusCode, rest.headers['content-range']]).toEqual([206, `bytes 7-${whole.length - 1}/${whole.length}`])
  expect(rest.rawPayload.equals(whole.subarray(7))).toBe(true)
  const beyond = await api.call('GET', path, { as: form.key, headers: { range: `bytes=${whole.length}-` } })
  expect(beyond.statusCode).toBe(416)
})

it('lists what was asked for, newest first', async () => {
  const ids = [await completed(), await completed()]
  const listed = ok(await api.call('GET', `/forms/${form.formId}/exports`, { as: form.key }))
  expect(listed.slice(0, 2).map((each: { exportId: string }) => each.exportId)).toEqual(ids.reverse())
})

it('tells by events how far it is', async () => {
  const address = await api.app.listen({ port: 0, host: '127.0.0.1' })
  const { exportId } = ok(await request())
  const url = `${address}/app/api/v1/forms/${form.formId}/export/${exportId}`
  const headers = { accept: 'text/event-stream', authorization: basic(form.formId, form.secret) }
  const [response] = (await once(get(url, { headers }), 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response) text += chunk
  const views = [...text.matchAll(/^event: progress\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''))
  expect(response.headers['content-type']).toContain('text/event-stream')
  expect(views.at(-1)).toMatchObject({ exportId, status: 'complete', percent: 100 })
})

it('is kept for a day', async () => {
  const id = await completed()
  await sql`update export set expires_at = ${new Date(Date.now() - day)} where id = ${id}`.execute(api.database.db)
  for (const part of ['', '/file', '/manifest']) {
    const response = await read(id, part)
    expect([part, response.statusCode, response.json().code]).toEqual([part, 410, 'export_expired'])
  }
})

describe('cancelling', () => {
  it('ends what waits, and makes no file of it', async () => {
    const { exportId } = ok(await request())
    await sql`update export set status = 'waiting' where id = ${exportId}`.execute(api.database.db)
    const path = `/forms/${form.formId}/export/${exportId}`
    expect((await api.call('DELETE', path, { as: form.key })).statusCode).toBe(204)
    expect(ok(await read(exportId)).status).toBe('cancelled')
    expect((await read(exportId, '/file')).json().code).toBe('export_not_ready')
  })

  it('removes the file of what is over', async () => {
    const id = await completed()
    const response = await api.call('DELETE', `/forms/${form.formId}/export/${id}`, { as: form.key })
    expect(response.statusCode).toBe(204)
    expect((await read(id, '/file')).json().code).toBe('export_expired')
  })
})

describe('mistakes', () => {
  it.each([
    [{ format: 'pdf' }],
    [{ version: 99 }],
    [{ fields: ['nowhere'] }],
    [{ preference: { minDate: 'yesterday' } }],
    [{ exportId: 'mine' }],
  ])('refuses %j before anything is made', async (body) => {
    expect((await request(body)).statusCode).toBe(400)
  })

  it('refuses one more when too many wait', async () => {
    const own = await exports.addForm(textField('a'))
    const path = `/forms/${own.formId}/export`
    const { exportId } = ok(await api.call('POST', path, { as: own.key, body: {} }))
    await sql`insert into export (id, form_id, format, test, background, status, file_name, job, watermark, created_by, expires_at)
      select gen_random_uuid(), form_id, format, test, background, 'waiting', file_name, job, watermark, created_by, expires_at
      from export, generate_series(1, 20) where id = ${exportId}`.execute(api.database.db)
    const response = await api.call('POST', path, { as: own.key, body: {} })
    expect([response.statusCode, response.json().code]).toEqual([429, 'too_many_exports'])
  })
})

describe('somebody else', () => {
  it.each(['', '/file', '/manifest'])('does not reach it as another form’s (%j)', async (part) => {
    const id = await completed()
    const other = await exports.addForm(textField('a'))
    const path = `/forms/${other.formId}/export/${id}${part}`
    expect((await api.call('GET', path, { as: other.key })).statusCode).toBe(404)
    expect((await api.call('DELETE', path.replace(part, ''), { as: other.key })).statusCode).toBe(404)
    expect((await read(id, part, other.key)).statusCode).toBe(401)
  })

  it('does not see live data with a test key', async () => {
    const id = await completed()
    const { secret } = ok(
      await api.call('POST', `/forms/${form.formId}/apiKeys`, {
        as: api.owner,
        body: { name: 'trying', test: true, scopes: ['submissions:read'] },
      }),
    )
    const testKey = { formId: form.formId, secret }
    expect((await read(id, '/file', testKey)).statusCode).toBe(404)
    const { exportId } = ok(await request({ format: 'json' }, testKey))
    await expect.poll(async () => ok(await read(exportId, '', testKey)).status, { timeout: 15_000 }).toBe('complete')
    expect((await read(exportId, '/file', testKey)).body).toBe('[]')
    const listed = ok(await api.call('GET', `/forms/${form.formId}/exports`, { as: testKey }))
    expect(listed.map((each: { exportId: string }) => each.exportId)).toEqual([exportId])
  })
})

it.each(['xlsx', 'parquet'])('makes %s too, and counts its rows', async (format) => {
  const id = await completed({ format })
  expect(ok(await read(id))).toMatchObject({ rows: 3, percent: 100 })
  expect((await read(id, '/file')).rawPayload.equals((await exports.exported(form, { format })).rawPayload)).toBe(true)
})
