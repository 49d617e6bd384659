import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers } from './definitions.ts'
import { type Api, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let form: TestForm
let path: string

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm()
  path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
})
afterAll(() => api.close())

const post = (submission: unknown, more: object = {}, as = form.key) =>
  api.call('POST', path, { as, body: { submission, ...more } })

describe('PUT a submission with If-Match', () => {
  it('changes what is as it was read, and nothing that somebody changed since', async () => {
    const { id, updatedAt } = ok(await post({ data: plainAnswers }))
    const put = (name: string, tag: string) =>
      api.call('PUT', `/submissions/${id}`, {
        as: api.owner,
        headers: { 'if-match': tag },
        body: { submission: { data: { ...plainAnswers, name } } },
      })
    const after = ok(await put('First', `"${updatedAt}"`)).submission
    const refused = await put('Second', `"${updatedAt}"`)
    expect([refused.statusCode, refused.json().code]).toEqual([412, 'changed_meanwhile'])
    expect(ok(await put('Third', `"${after.updatedAt}"`)).submission.submission.data.name).toBe('Third')
    expect((await put('Fourth', 'yesterday')).json().code).toBe('invalid_headers')
  })

  it('lets one of two simultaneous changes through', async () => {
    const { id, updatedAt } = ok(await post({ data: plainAnswers }))
    const put = (name: string) =>
      api.call('PUT', `/submissions/${id}`, {
        as: api.owner,
        headers: { 'if-match': `"${updatedAt}"` },
        body: { submission: { data: { ...plainAnswers, name } } },
      })
    const codes = (await Promise.all([put('A'), put('B')])).map(({ statusCode }) => statusCode)
    expect(codes.sort()).toEqual([200, 412])
  })
})

describe('POST submissions', () => {
  it('stores what was sent and answers with the row', async () => {
    const response = await post({ data: plainAnswers, state: 'submitted', metadata: { timezone: 'UTC' } })
    expect(response.statusCode).toBe(201)
    const row = response.json()
    expect(row).toMatchObject({
      formVersionId: form.versionId,
      confirmationId: row.id.slice(0, 8).toUpperCase(),
      draft: false,
      deleted: false,
      submission: { data: plainAnswers, state: 'submitted', metadata: { timezone: 'UTC' } },
      updatedBy: null,
    })
    const read = ok(await api.call('GET', `/submissions/${row.id}`, { as: form.key }))
    expect(read.submission).toEqual(row)
    expect(read.version).toMatchObject({ id: form.versionId, formId: form.formId, version: 1, published: true })
    expect(read.version.schema.components[0].key).toBe('name')
    expect(read.form).toMatchObject({ id: form.formId, name: 'Survey', snake: 'survey' })
  })

  it('names the key as the author of what it writes', async () => {
    expect((await post({ data: plainAnswers })).json().createdBy).toBe('api-key:Default')
  })

  it('keeps answers that the form does not know', async () => {
    const data = { ...plainAnswers, unknown: { deep: [1, 2, { x: 'y' }] } }
    expect((await post({ data })).json().submission.data).toEqual(data)
  })

  it('names each answer that does not fit', async () => {
    const response = await post({ data: { name: { an: 'object' }, children: 'text' } })
    expect(response.statusCode).toBe(422)
    expect(response.headers['content-type']).toContain('application/problem+json')
    const { code, errors } = response.json()
    expect(code).toBe('invalid_submission')
    expect(errors.map((each: { path: string; key: string }) => [each.path, each.key])).toEqual(
      expect.arrayContaining([
        ['name', 'name'],
        ['children', 'children'],
      ]),
    )
    expect(errors.every((each: { message: string }) => each.message.length > 0)).toBe(true)
  })

  it('takes an incomplete draft, and gives it no status', async () => {
    const row = ok(await post({ data: {} }, { draft: true }))
    expect(row.draft).toBe(true)
    expect(ok(await api.call('GET', `/submissions/${row.id}/status`, { as: form.key }))).toEqual([])
  })

  it('gives a submission the status SUBMITTED', async () => {
    const row = ok(await post({ data: plainAnswers }))
    const [status, ...others] = ok(await api.call('GET', `/submissions/${row.id}/status`, { as: form.key }))
    expect(others).toEqual([])
    expect(status).toMatchObject({ submissionId: row.id, code: 'SUBMITTED', createdBy: 'api-key:Default', user: null })
  })

  it('takes no id, form, version, author or time stamp from the body', async () => {
    const other = await api.addForm()
    const forged = {
      id: form.formId,
      formId: other.formId,
      formVersionId: other.versionId,
      confirmationId: 'FORGED00',
      deleted: true,
      createdBy: 'mallory',
      createdAt: '2001-01-01T00:00:00.000Z',
      updatedBy: 'mallory',
      updatedAt: '2001-01-01T00:00:00.000Z',
    }
    const row = ok(await post({ data: plainAnswers }, forged))
    for (const [name, value] of Object.entries(forged)) expect(row[name]).not.toEqual(value)
    expect(row.formVersionId).toBe(form.versionId)
    expect(ok(await api.call('GET', `/forms/${other.formId}/submissions`, { as: other.key }))).toEqual([])
  })

  it('refuses a member that it does not know', async () => {
    const response = await post({ data: plainAnswers }, { drafft: true })
    expect(response.statusCode).toBe(422)
    expect(response.json().errors[0].path).toBe('drafft')
  })

  it('takes a submission to an older version while another one is published', async () => {
    const draft = ok(
      await api.call('POST', `/forms/${form.formId}/drafts`, { as: form.key, body: { schema: { components: [] } } }),
    )
    ok(await api.call('POST', `/forms/${form.formId}/drafts/${draft.id}/publish`, { as: form.key }))
    expect((await post({ data: plainAnswers })).statusCode).toBe(201)
  })

  it('refuses a submission while no version is published', async () => {
    const closed = await api.addForm()
    const at = `/forms/${closed.formId}/versions/${closed.versionId}`
    ok(await api.call('POST', `${at}/publish?unpublish=true`, { as: closed.key }))
    const response = await api.call('POST', `${at}/submissions`, {
      as: closed.key,
      body: { submission: { data: plainAnswers } },
    })
    expect([response.statusCode, response.json().code]).toEqual([403, 'form_closed'])
  })

  it('refuses a submission outside the form’s schedule', async () => {
    const schedule = { enabled: true, scheduleType: 'closingDate', closeSubmissionDateTime: '2020-01-01' }
    const closed = await api.addForm({ settings: { schedule } })
    const at = `/forms/${closed.formId}/versions/${closed.versionId}/submissions`
    const response = await api.call('POST', at, { as: closed.key, body: { submission: { data: plainAnswers } } })
    expect([response.statusCode, response.json().code]).toEqual([403, 'form_closed'])
  })
})

describe('access modes', () => {
  const cases = [
    { access: 'public', stranger: 201, signedIn: 201 },
    { access: 'login', stranger: 401, signedIn: 201 },
    { access: 'team', stranger: 401, signedIn: 403 },
  ] as const

  it.each(cases)('let in whom $access means', async ({ access, stranger, signedIn }) => {
    const target = await api.addForm({ access })
    const person = await api.addPerson(`${access}@example.org`)
    const at = `/forms/${target.formId}/versions/${target.versionId}/submissions`
    const body = { submission: { data: plainAnswers } }
    expect((await api.call('POST', at, { body })).statusCode).toBe(stranger)
    expect((await api.call('POST', at, { body, as: person })).statusCode).toBe(signedIn)
  })

  it('give whoever is not signed in a token to read the submission again', async () => {
    const { id, _accessToken } = ok(await api.call('POST', path, { body: { submission: { data: plainAnswers } } }))
    const read = (token?: string) =>
      api.call('GET', `/submissions/${id}`, token ? { headers: { 'x-submission-token': token } } : {})
    expect((await read(_accessToken)).statusCode).toBe(200)
    expect((await read(`${_accessToken}x`)).statusCode).toBe(401)
    expect((await read()).statusCode).toBe(401)
  })
})

describe('multiSubmission', () => {
  const many = (data: unknown[], more: object = {}) =>
    api.call('POST', `/forms/${form.formId}/versions/${form.versionId}/multiSubmission`, {
      as: form.key,
      body: { submission: { data }, ...more },
    })

  it.each([true, false])('stores all items in their order with a key (draft: %s)', async (draft) => {
    const items = Array.from({ length: 50 }, (_, index) => ({ ...plainAnswers, name: `No ${index}` }))
    const response = await many(items, { draft })
    expect(response.statusCode).toBe(201)
    const rows = response.json()
    expect(rows.map((row: { submission: { data: { name: string } } }) => row.submission.data.name)).toEqual(
      items.map((each) => each.name),
    )
    expect(
      rows.every(
        (row: { draft: boolean; createdBy: string }) => row.draft === draft && row.createdBy === 'api-key:Default',
      ),
    ).toBe(true)
  })

  it('stores none when one does not fit, and says which', async () => {
    const before = ok(await api.call('GET', `/forms/${form.formId}/submissions`, { as: form.key })).length
    const response = await many([plainAnswers, { ...plainAnswers, age: 'old' }, {}])
    expect(response.statusCode).toBe(422)
    expect(response.json().errors.map((each: { index: number; key: string }) => [each.index, each.key])).toEqual([
      [1, 'age'],
      [2, 'name'],
    ])
    expect(ok(await api.call('GET', `/forms/${form.formId}/submissions`, { as: form.key })).length).toBe(before)
  })

  it('takes 1,000 items and not one more', async () => {
    const items = Array.from({ length: 1000 }, () => plainAnswers)
    expect((await many(items)).statusCode).toBe(201)
    expect((await many([...items, plainAnswers])).statusCode).toBe(422)
  })
})

describe('changing one submission', () => {
  it('is not for keys', async () => {
    const id = await api.submit(form)
    const response = await api.call('PUT', `/submissions/${id}`, {
      as: form.key,
      body: { submission: { data: plainAnswers } },
    })
    expect(response.statusCode).toBe(401)
  })

  it('updates the answers and names who did it', async () => {
    const id = await api.submit(form)
    const body = { submission: { data: { ...plainAnswers, age: 40 } } }
    const { submission } = ok(await api.call('PUT', `/submissions/${id}`, { as: api.owner, body }))
    expect(submission).toMatchObject({ updatedBy: 'owner@example.org', submission: { data: { age: 40 } } })
  })

  it('turns a draft into a submission once it is complete', async () => {
    const id = await api.submit(form, {}, { draft: true })
    const finish = (data: object) =>
      api.call('PUT', `/submissions/${id}`, { as: api.owner, body: { draft: false, submission: { data } } })
    expect((await finish({})).statusCode).toBe(422)
    expect(ok(await finish(plainAnswers)).submission.draft).toBe(false)
    expect(ok(await api.call('GET', `/submissions/${id}/status`, { as: form.key }))[0].code).toBe('SUBMITTED')
  })

  it('refuses to turn a submission into a draft', async () => {
    const id = await api.submit(form)
    const response = await api.call('PUT', `/submissions/${id}`, {
      as: api.owner,
      body: { draft: true, submission: { data: {} } },
    })
    expect(response.statusCode).toBe(400)
  })

  it('deletes so that it can be restored', async () => {
    const id = await api.submit(form)
    expect(ok(await api.call('DELETE', `/submissions/${id}`, { as: form.key })).submission.deleted).toBe(true)
    const restored = await api.call('PUT', `/submissions/${id}/restore`, { as: api.owner, body: { deleted: false } })
    expect(ok(restored).submission.deleted).toBe(false)
  })

  it('writes nothing of another form', async () => {
    const other = await api.addForm()
    const id = await api.submit(other)
    expect((await api.call('DELETE', `/submissions/${id}`, { as: form.key })).statusCode).toBe(404)
    expect(ok(await api.call('GET', `/submissions/${id}`, { as: other.key })).submission.deleted).toBe(false)
  })
})
