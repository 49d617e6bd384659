import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { openFilesApi } from './files-app.ts'
import { type Api, ok, type TestForm } from './harness.ts'
import { multipartBody, multipartType, type Part, upload } from './multipart.ts'
import { talk } from './raw-http.ts'

const megabyte = 1024 * 1024

let files: Awaited<ReturnType<typeof openFilesApi>>
let api: Api
let form: TestForm
let loginForm: TestForm
let person: { cookie: string; id: string }
let address: string

beforeAll(async () => {
  files = await openFilesApi()
  api = files.api
  form = await api.addForm()
  loginForm = await api.addForm({ access: 'login' })
  person = await api.addPerson('person@example.org')
  address = await api.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => api.close())

describe('POST /files', () => {
  it('stores a file and answers with its row', async () => {
    const response = await upload(api, loginForm.formId, { name: 'photo.png', content: 'pixels' }, { as: person })
    expect(response.statusCode).toBe(201)
    expect(response.json()).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      originalName: 'photo.png',
      size: 6,
      createdBy: 'person@example.org',
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    })
  })

  it('gives a stranger a token, and a person none', async () => {
    const stranger = ok(await upload(api, form.formId))
    expect(stranger).toMatchObject({ createdBy: 'public', _accessToken: expect.stringMatching(/^[\w-]{40,}$/) })
    expect(ok(await upload(api, form.formId, {}, { as: person }))).not.toHaveProperty('_accessToken')
  })

  it('gives back every byte, whatever they are', async () => {
    const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256))
    const file = ok(await upload(api, form.formId, { content, type: 'application/pdf' }, { as: person }))
    const response = await api.call('GET', `/files/${file.id}`, { as: person })
    expect(response.rawPayload.equals(content)).toBe(true)
  })

  it('takes an empty file', async () => {
    const file = ok(await upload(api, form.formId, { content: '' }, { as: person }))
    expect(file.size).toBe(0)
    const response = await api.call('GET', `/files/${file.id}`, { as: person })
    expect([response.statusCode, response.headers['content-length'], response.body]).toEqual([200, '0', ''])
  })

  it('needs the id of a form', async () => {
    for (const query of [{}, { formId: 'mine' }, { formId: [form.formId, form.formId] }]) {
      const headers = { 'content-type': multipartType }
      const response = await api.call('POST', '/files', {
        as: person,
        query,
        headers,
        body: multipartBody({ name: 'a' }),
      })
      expectProblem(response, 400, 'invalid_id')
    }
  })

  it('takes no key', async () => {
    await files.expectNoTrace(async () => {
      expect((await upload(api, form.formId, {}, { as: form.key })).statusCode).toBe(401)
    })
  })

  it('takes files from whoever may submit the form, and from nobody else', async () => {
    const teamForm = await api.addForm({ access: 'team' })
    await files.expectNoTrace(async () => {
      expect((await upload(api, loginForm.formId)).statusCode).toBe(401)
      expect((await upload(api, teamForm.formId)).statusCode).toBe(401)
      expectProblem(await upload(api, teamForm.formId, {}, { as: person }), 403, 'forbidden')
    })
    expect((await upload(api, teamForm.formId, {}, { as: api.owner })).statusCode).toBe(201)
  })

  it('takes none for a form that is closed, deleted or unknown', async () => {
    const closed = await api.addForm()
    const path = `/forms/${closed.formId}/versions/${closed.versionId}/publish`
    ok(await api.call('POST', path, { as: api.owner, query: { unpublish: 'true' } }))
    const deleted = await api.addForm()
    ok(await api.call('DELETE', `/forms/${deleted.formId}`, { as: api.owner }))
    await files.expectNoTrace(async () => {
      expectProblem(await upload(api, closed.formId), 403, 'form_closed')
      expectProblem(await upload(api, deleted.formId), 404, 'not_found')
      expect((await upload(api, crypto.randomUUID())).statusCode).toBe(401)
    })
  })

  it.each<[string, Part[]]>([
    ['no part', []],
    ['two files', [{}, {}]],
    ['a text beside the file', [{}, { field: 'note', name: undefined, type: 'text/plain' }]],
    ['a text instead of the file', [{ name: undefined, type: 'text/plain' }]],
    ['a part of another name', [{ field: 'file' }]],
    ['a part with a name of JavaScript’s own', [{ field: '__proto__' }]],
    ['many parts', Array.from({ length: 50 }, () => ({}))],
    ['a file without a name', [{ name: '' }]],
    ['a file that is named by dots', [{ name: '..' }]],
  ])('refuses %s and keeps nothing', async (_, parts) => {
    await files.expectNoTrace(async () => expectProblem(await upload(api, form.formId, parts), 400, 'bad_request'))
  })

  it.each<[string, string | undefined, string | Buffer]>([
    ['JSON', 'application/json', '{"files": "x"}'],
    ['text', 'text/plain', 'x'],
    ['nothing', undefined, ''],
  ])('refuses %s with 415', async (_, type, body) => {
    const headers = type === undefined ? {} : { 'content-type': type }
    const response = await api.call('POST', '/files', { query: { formId: form.formId }, headers, body })
    expectProblem(response, 415, 'unsupported_media_type')
    expect(response.json().detail).toContain('multipart/form-data')
  })

  it.each([
    ['is cut in the middle', multipartBody({ name: 'a.txt', content: 'x'.repeat(5000) }).subarray(0, 2000)],
    ['lacks its last line', multipartBody({ name: 'a.txt' }).subarray(0, -25)],
    ['has another boundary', Buffer.from('--other\r\n\r\n--other--\r\n')],
    ['is no multipart', Buffer.from('{}')],
  ])('refuses a body that %s', async (_, body) => {
    await files.expectNoTrace(async () => {
      const headers = { 'content-type': multipartType }
      expectProblem(
        await api.call('POST', '/files', { query: { formId: form.formId }, headers, body }),
        400,
        'bad_request',
      )
    })
  })

  it('refuses a multipart body without a boundary', async () => {
    const headers = { 'content-type': 'multipart/form-data' }
    const body = multipartBody({ name: 'a' })
    expectProblem(
      await api.call('POST', '/files', { query: { formId: form.formId }, headers, body }),
      400,
      'bad_request',
    )
  })

  it('ignores whatever ids come along', async () => {
    const id = crypto.randomUUID()
    const file = ok(await upload(api, form.formId, {}, { headers: { 'x-file-id': id } }))
    expect(file.id).not.toBe(id)
  })
})

describe('the size of a file', () => {
  it('may be the limit, also a stranger’s', async () => {
    const file = ok(await upload(api, form.formId, { content: Buffer.alloc(megabyte) }))
    expect(file.size).toBe(megabyte)
  })

  it('may be set above what other bodies may have', async () => {
    const { api: roomy } = await openFilesApi(40 * megabyte)
    const { formId } = await roomy.addForm()
    const file = ok(await upload(roomy, formId, { content: Buffer.alloc(35 * megabyte) }))
    expect(file.size).toBe(35 * megabyte)
    await roomy.close()
  })

  it('must not be a byte more', async () => {
    await files.expectNoTrace(async () => {
      const response = await upload(api, form.formId, { content: Buffer.alloc(megabyte + 1) })
      expectProblem(response, 413, 'file_too_large')
      expect(response.json().detail).toContain('1 MB')
    })
  })

  it('is refused by its announcement alone', async () => {
    await files.expectNoTrace(async () => {
      const answer = await talk(address, head(`content-length: ${10 * megabyte}`))
      expect([answer.status, JSON.parse(answer.body).code]).toEqual([413, 'file_too_large'])
    })
  })

  it('is refused as soon as it is above the limit, when nothing was announced', async () => {
    await files.expectNoTrace(async () => {
      const whole = multipartBody({ name: 'a.bin', content: Buffer.alloc(megabyte + 100_000) })
      const unfinished = whole.subarray(0, whole.length - 1000)
      const size = `${unfinished.length.toString(16)}\r\n`
      // The last chunk never comes, so whoever waited for the end would not answer.
      const answer = await talk(address, head('transfer-encoding: chunked'), size, unfinished, '\r\n')
      expect([answer.status, JSON.parse(answer.body).code]).toEqual([413, 'file_too_large'])
      expect(answer.header('connection')).toBe('close')
    })
  })
})

describe('a storage that fails', () => {
  it('is the server’s fault, and leaves no row behind', async () => {
    const { api: broken, filesDir, traces } = await openFilesApi()
    const { formId } = await broken.addForm()
    await mkdir(dirname(filesDir))
    await writeFile(filesDir, 'a file where the folder should be')
    expectProblem(await upload(broken, formId, { content: Buffer.alloc(500_000) }), 500, 'internal')
    expect((await traces()).rows).toBe(0)
    await broken.close()
  })
})

describe('an upload that breaks off', () => {
  it('leaves nothing behind', async () => {
    await files.expectNoTrace(async () => {
      const body = multipartBody({ name: 'a.bin', content: Buffer.alloc(500_000) })
      const before = await files.traces()
      const { port } = new URL(address)
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(head(`content-length: ${body.length}`))
      socket.write(body.subarray(0, 300_000))
      // Something must be there before it can be left behind.
      await expect.poll(async () => (await files.traces()).reserved, { timeout: 5000 }).toBe(before.reserved + 1)
      socket.destroy()
    })
  })
})

function head(length: string): string {
  return [
    `POST /app/api/v1/files?formId=${form.formId} HTTP/1.1`,
    'host: localhost',
    `content-type: ${multipartType}`,
    length,
    '\r\n',
  ].join('\r\n')
}
