import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers } from './definitions.ts'
import { expectProblem } from './expect-problem.ts'
import { openFilesApi, type Uploaded } from './files-app.ts'
import { type Api, ok, type TestForm } from './harness.ts'
import { fileAnswer } from './multipart.ts'

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

describe('a submission that names files', () => {
  it('takes a person’s uploads with it', async () => {
    const uploads = [await files.uploaded(form, ada), await files.uploaded(form, ada)]
    const { id } = await files.submitWith(form, uploads, ada)
    for (const file of uploads) expect(await files.submissionOf(file)).toBe(id)
  })

  it('takes a stranger’s uploads with it, in capitals too', async () => {
    const file = await files.uploaded(form)
    const { id } = await files.submitWith(form, [{ ...file, id: file.id.toUpperCase() }])
    expect(await files.submissionOf(file)).toBe(id)
  })

  it('takes them with it when it is repeated with the same Idempotency-Key, once', async () => {
    const file = await files.uploaded(form)
    const path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
    const body = { submission: { data: { ...plainAnswers, attachments: fileAnswer(file) } } }
    const send = () => api.call('POST', path, { body, headers: { 'idempotency-key': file.id } })
    const [first, second] = [ok(await send()), ok(await send())]
    expect(second.id).toBe(first.id)
    expect(await files.submissionOf(file)).toBe(first.id)
  })

  it('may name them by their address alone, or by their id', async () => {
    const [byUrl, byId] = [await files.uploaded(form), await files.uploaded(form)]
    const path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
    const data = { ...plainAnswers, a: `https://forms.example.org/app/api/v1/files/${byUrl.id}`, b: [{ id: byId.id }] }
    const { id } = ok(await api.call('POST', path, { body: { submission: { data } } }))
    expect([await files.submissionOf(byUrl), await files.submissionOf(byId)]).toEqual([id, id])
  })

  it('gains nothing from another’s upload, and is stored as it was sent', async () => {
    const file = await files.uploaded(form, ada)
    const submission = await files.submitWith(form, [file], bob)
    expect(submission.submission.data.attachments).toEqual(fileAnswer(file))
    expect(await files.submissionOf(file)).toBeNull()
    expectProblem(await files.read(file.id, bob), 404, 'not_found')
    expectProblem(await files.read(file.id, api.owner), 404, 'not_found')
    await files.submitWith(form, [file])
    await files.submitWith(form, [file], form.key)
    expect(await files.submissionOf(file)).toBeNull()
  })

  it('gains nothing from what is another submission’s already', async () => {
    const file = await files.uploaded(form)
    const { id } = await files.submitWith(form, [file])
    const again = await files.submitWith(form, [file])
    expect(await files.submissionOf(file)).toBe(id)
    const headers = { 'x-submission-token': again._accessToken }
    expectProblem(await files.read(file.id, undefined, headers), 401, 'unauthorized')
  })

  it('shares a file with none of those that name it at the same moment', async () => {
    const file = await files.uploaded(form)
    const rows = await Promise.all(Array.from({ length: 8 }, () => files.submitWith(form, [file])))
    const winner = await files.submissionOf(file)
    expect(rows.filter(({ id }) => id === winner)).toHaveLength(1)
  })

  it('gains nothing from an upload for another form', async () => {
    const uploads = [await files.uploaded(form), await files.uploaded(form, ada), await files.uploaded(form, api.owner)]
    for (const as of [undefined, ada, api.owner, other.key]) await files.submitWith(other, uploads, as)
    for (const file of uploads) {
      expect(await files.submissionOf(file)).toBeNull()
      expectProblem(await files.read(file.id, other.key), 404, 'not_found')
    }
  })

  it('gives each of many their own', async () => {
    const uploads = [await files.uploaded(form), await files.uploaded(form)]
    const data = uploads.map((each) => ({ ...plainAnswers, attachments: fileAnswer(each) }))
    const path = `/forms/${form.formId}/versions/${form.versionId}/multiSubmission`
    const rows = ok(await api.call('POST', path, { as: form.key, body: { submission: { data } } }))
    expect(await Promise.all(uploads.map(files.submissionOf))).toEqual(rows.map((each: { id: string }) => each.id))
  })

  it('takes files with it that come with a draft, and with each change of it', async () => {
    const [first, second, third] = [
      await files.uploaded(form, ada),
      await files.uploaded(form, ada),
      await files.uploaded(form, ada),
    ]
    const { id } = await files.submitWith(form, [first], ada, true)
    const change = (uploads: Uploaded[], draft: boolean) => {
      const data = { ...plainAnswers, attachments: uploads.flatMap(fileAnswer) }
      return api.call('PUT', `/submissions/${id}`, { as: ada, body: { draft, submission: { data } } })
    }
    ok(await change([first, second], true))
    expect(await files.submissionOf(second)).toBe(id)
    ok(await change([first, second, third], false))
    expect(await files.submissionOf(third)).toBe(id)
  })

  it('takes what a team member adds when they correct it, and nothing of the others', async () => {
    const { id } = await files.submitWith(form, [], ada)
    const [own, foreign] = [await files.uploaded(form, api.owner), await files.uploaded(form, bob)]
    const data = { ...plainAnswers, attachments: [own, foreign].flatMap(fileAnswer) }
    ok(await api.call('PUT', `/submissions/${id}`, { as: api.owner, body: { submission: { data } } }))
    expect([await files.submissionOf(own), await files.submissionOf(foreign)]).toEqual([id, null])
  })

  it('takes nothing when it is refused', async () => {
    const file = await files.uploaded(form)
    const path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
    const body = { submission: { data: { age: 'old', attachments: fileAnswer(file) } } }
    expectProblem(await api.call('POST', path, { body }), 422, 'invalid_submission')
    expect(await files.submissionOf(file)).toBeNull()
  })
})

/** Two wait for each other only now and then. */
const rounds = Array.from({ length: 12 })

describe('files that are named at once, in other orders', () => {
  it('go to one of the submissions, and hold none of them up', async () => {
    for (const _ of rounds) {
      const uploads = await Promise.all(Array.from({ length: 10 }, () => files.uploaded(form, ada)))
      const orders = [1, 2, 3, 4, 5, 6].map((each) => (each % 2 ? uploads : uploads.toReversed()))
      const stored = await Promise.all(orders.map((order) => files.submitWith(form, order, ada)))
      const ids = stored.map(({ id }) => id)
      for (const file of uploads) expect(ids).toContain(await files.submissionOf(file))
    }
  })

  it('are deleted by one of those who delete them', async () => {
    for (const _ of rounds) {
      const ids = (await Promise.all(Array.from({ length: 8 }, () => files.uploaded(form, ada)))).map(({ id }) => id)
      const orders = [ids, ids.toReversed(), ids, ids.toReversed()]
      const remove = (fileIds: string[]) => api.call('DELETE', '/files', { as: ada, body: { fileIds } })
      const codes = (await Promise.all(orders.map(remove))).map(({ statusCode }) => statusCode)
      expect(codes.filter((code) => code === 202)).toHaveLength(1)
      expect(codes.filter((code) => ![202, 404, 409].includes(code))).toEqual([])
    }
  })
})
