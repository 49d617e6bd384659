import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { openFilesApi } from './files-app.ts'
import { type Api, type As, ok, type TestForm } from './harness.ts'
import { upload } from './multipart.ts'

let files: Awaited<ReturnType<typeof openFilesApi>>
let api: Api
let form: TestForm
let other: TestForm
let ada: { cookie: string; id: string }
let bob: { cookie: string; id: string }

beforeAll(async () => {
  files = await openFilesApi()
  api = files.api
  form = await api.addForm({ settings: { enableSubmitterDraft: true } })
  other = await api.addForm()
  for (const each of [form, other]) await files.allowFiles(each, true)
  ada = await api.addPerson('ada@example.org')
  bob = await api.addPerson('bob@example.org')
})
afterAll(() => api.close())

const removeMany = (fileIds: unknown, as?: As) => api.call('DELETE', '/files', { as, body: { fileIds } })

describe('an upload that waits for its submission', () => {
  it('is read and deleted by the person who made it', async () => {
    const file = await files.uploaded(form, ada)
    expect((await files.read(file.id, ada)).body).toBe('content')
    expect((await files.remove(file.id, ada)).statusCode).toBe(202)
    expectProblem(await files.read(file.id, ada), 404, 'not_found')
  })

  it('is read and deleted by a stranger with the token of the reply', async () => {
    const file = await files.uploaded(form)
    const headers = { 'x-file-token': file._accessToken }
    expect((await files.read(file.id, undefined, headers)).body).toBe('content')
    expect((await files.remove(file.id, undefined, headers)).statusCode).toBe(202)
    expectProblem(await files.read(file.id, undefined, headers), 401, 'unauthorized')
  })

  it('is still a stranger’s when they sign in meanwhile', async () => {
    const file = await files.uploaded(form)
    expect((await files.read(file.id, ada, { 'x-file-token': file._accessToken })).statusCode).toBe(200)
  })

  it('is nobody else’s: no stranger’s, no person’s, no owner’s of the form and no key’s', async () => {
    for (const file of [await files.uploaded(form), await files.uploaded(form, ada)]) {
      const another = await files.uploaded(form)
      for (const call of [files.read, files.remove]) {
        expectProblem(await call(file.id), 401, 'unauthorized')
        expectProblem(await call(file.id, undefined, { 'x-file-token': another._accessToken }), 401, 'unauthorized')
        expectProblem(await call(file.id, undefined, { 'x-file-token': `${file._accessToken}x` }), 401, 'unauthorized')
        expectProblem(await call(file.id, bob), 404, 'not_found')
        expectProblem(await call(file.id, api.owner), 404, 'not_found')
        expectProblem(await call(file.id, form.key), 404, 'not_found')
      }
      expect(await files.submissionOf(file)).toBeNull()
    }
  })
})

describe('a submitted file', () => {
  it('is read by the key, by the team, by its submitter, and by nobody else', async () => {
    const file = await files.uploaded(form, ada)
    const { id } = await files.submitWith(form, [file], ada)
    for (const as of [form.key, api.owner, ada]) expect((await files.read(file.id, as)).body).toBe('content')
    expectProblem(await files.read(file.id, bob), 404, 'not_found')
    expectProblem(await files.read(file.id), 401, 'unauthorized')
    ok(await api.call('DELETE', `/submissions/${id}`, { as: api.owner }))
    expectProblem(await files.read(file.id, ada), 404, 'not_found')
    expect((await files.read(file.id, api.owner)).statusCode).toBe(200)
  })

  it('is read by a stranger with the token of the submission, and no longer with that of the upload', async () => {
    const file = await files.uploaded(form)
    const { _accessToken } = await files.submitWith(form, [file])
    expect((await files.read(file.id, undefined, { 'x-submission-token': _accessToken })).body).toBe('content')
    expectProblem(await files.read(file.id, undefined, { 'x-file-token': file._accessToken }), 401, 'unauthorized')
    expectProblem(await files.remove(file.id, undefined, { 'x-file-token': file._accessToken }), 401, 'unauthorized')
    expectProblem(await files.remove(file.id, undefined, { 'x-submission-token': _accessToken }), 401, 'unauthorized')
  })

  it('is deleted by the team and by the key, but by its submitter only while it is a draft', async () => {
    const file = await files.uploaded(form, ada)
    await files.submitWith(form, [file], ada)
    expectProblem(await files.remove(file.id, ada), 404, 'not_found')
    expect((await files.remove(file.id, api.owner)).statusCode).toBe(202)
    const second = await files.uploaded(form)
    await files.submitWith(form, [second])
    expect((await files.remove(second.id, form.key)).statusCode).toBe(202)
    const drafted = await files.uploaded(form, ada)
    await files.submitWith(form, [drafted], ada, true)
    expect((await files.remove(drafted.id, ada)).statusCode).toBe(202)
    for (const { id } of [file, second, drafted]) expectProblem(await files.read(id, api.owner), 404, 'not_found')
  })

  it('is never another form’s, whatever its key may', async () => {
    const file = await files.uploaded(form)
    await files.submitWith(form, [file])
    const unknown = await files.read(randomUUID(), other.key)
    for (const call of [files.read, files.remove]) {
      expectProblem(await call(file.id, other.key), 404, 'not_found')
      expectProblem(await call(file.id, { formId: form.formId, secret: other.secret }), 401, 'unauthorized')
    }
    expect((await files.read(file.id, other.key)).json()).toEqual(unknown.json())
    expect((await files.read(file.id, form.key)).statusCode).toBe(200)
  })

  it('is closed to a key that may not access files, whether there is a file or not', async () => {
    const closed = await api.addForm()
    const file = await files.uploaded(closed)
    await files.submitWith(closed, [file])
    for (const id of [file.id, randomUUID()]) {
      for (const call of [files.read, files.remove])
        expectProblem(await call(id, closed.key), 403, 'files_api_access_off')
    }
    const wrong = { formId: closed.formId, secret: form.secret }
    expectProblem(await files.read(file.id, wrong), 401, 'unauthorized')
    await files.allowFiles(closed, true)
    expect((await files.read(file.id, closed.key)).statusCode).toBe(200)
    await files.allowFiles(closed, false)
    expectProblem(await files.read(file.id, closed.key), 403, 'files_api_access_off')
  })

  it('is gone for everybody with its form', async () => {
    const doomed = await api.addForm()
    const file = await files.uploaded(doomed, ada)
    await files.submitWith(doomed, [file], ada)
    ok(await api.call('DELETE', `/forms/${doomed.formId}`, { as: api.owner }))
    for (const as of [api.owner, ada]) expectProblem(await files.read(file.id, as), 404, 'not_found')
    expect((await files.read(file.id, doomed.key)).statusCode).toBe(401)
  })

  it('says so when its content is lost', async () => {
    const file = await files.uploaded(form, ada)
    await rm(files.filesDir, { recursive: true })
    expectProblem(await files.read(file.id, ada), 500, 'file_content_missing')
  })
})

describe('the reply with a file', () => {
  it('is an attachment that no browser shows or runs, whatever it holds', async () => {
    const content = '<script>alert(document.cookie)</script>'
    const file = ok(await upload(api, form.formId, { name: 'page.html', type: 'text/html', content }, { as: ada }))
    const { headers, body } = await files.read(file.id, ada)
    expect(body).toBe(content)
    expect(headers).toMatchObject({
      'content-type': 'text/html',
      'content-length': String(content.length),
      'content-disposition': 'attachment; filename="page.html"',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(Math.abs(Date.parse(String(headers['last-modified'])) - Date.now())).toBeLessThan(60_000)
  })

  it('names the file so that no header can be made of it', async () => {
    const name = 'a"b; filename=evil.exe\r\nX-Evil: 1; é.txt'.replace('"', '%22').replace('\r\n', '')
    const file = ok(await upload(api, form.formId, { name }, { as: ada }))
    const { headers } = await files.read(file.id, ada)
    expect(headers).not.toHaveProperty('x-evil')
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w%.!~-]+$/,
    )
  })

  it.each([
    ['text/html; charset=utf-7', 'text/html'],
    ['IMAGE/PNG', 'image/png'],
    ['nonsense', 'application/octet-stream'],
    ['a/b c', 'application/octet-stream'],
    [`a/${'b'.repeat(200)}`, 'application/octet-stream'],
  ])('has the type that was sent, if it is one: %s', async (sent, type) => {
    const file = ok(await upload(api, form.formId, { type: sent }, { as: ada }))
    expect((await files.read(file.id, ada)).headers['content-type']).toBe(type)
  })

  it('has the same headers for HEAD, and no content', async () => {
    const file = await files.uploaded(form, ada)
    const response = await api.call('HEAD', `/files/${file.id}`, { as: ada })
    expect([response.statusCode, response.headers['content-length'], response.body]).toEqual([200, '7', ''])
  })

  it.each(['x', '..%2f..%2fetc%2fpasswd', '%00'])('is 400 for what is no id: %s', async (id) => {
    expect((await files.read(id, ada)).statusCode).toBe(400)
  })
})

describe('DELETE /files', () => {
  it('deletes several of one’s own, and those of submissions that one may change', async () => {
    const submitted = await files.uploaded(form)
    await files.submitWith(form, [submitted])
    const own = await files.uploaded(form, api.owner)
    const ids = [own.id.toUpperCase(), submitted.id, own.id]
    expect((await removeMany(ids, api.owner)).statusCode).toBe(202)
    for (const { id } of [own, submitted]) expectProblem(await files.read(id, api.owner), 404, 'not_found')
  })

  it('deletes nothing when one of them is unknown or another’s', async () => {
    const own = await files.uploaded(form, ada)
    const foreign = await files.uploaded(form, bob)
    const submitted = await files.uploaded(form)
    await files.submitWith(form, [submitted])
    for (const id of [foreign.id, submitted.id, randomUUID()]) {
      expectProblem(await removeMany([own.id, id], ada), 404, 'not_found')
    }
    expect((await files.read(own.id, ada)).statusCode).toBe(200)
    expect((await files.read(foreign.id, bob)).statusCode).toBe(200)
  })

  it('takes a session and nothing else', async () => {
    const file = await files.uploaded(form)
    expectProblem(await removeMany([file.id]), 401, 'unauthorized')
    expectProblem(await removeMany([file.id], form.key), 401, 'unauthorized')
  })

  it.each<[string, unknown]>([
    ['no list', 'all'],
    ['an empty list', []],
    ['what is no id', ['x']],
    ['more than 100', Array.from({ length: 101 }, () => randomUUID())],
  ])('refuses %s', async (_, fileIds) => {
    expectProblem(await removeMany(fileIds, ada), 422, 'invalid_body')
  })
})
