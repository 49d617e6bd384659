import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { plainForm } from './definitions.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'

/** Members in no usual order, and of every JSON type: it must come out as it went in. */
const peculiar = {
  title: 'naïve 😀 ᓄᓇᕗᑦ',
  components: [
    {
      key: 'z',
      type: 'textfield',
      input: true,
      label: 'Z',
      zeta: null,
      alpha: [1.5, -0.25, 1e21, true, { b: {}, a: [] }],
    },
    { type: 'panel', components: [{ type: 'number', key: 'a', input: true }], 'odd "name"': '\\ / \u2028' },
  ],
  display: 'form',
  settings: { custom: 'value.toString() // <script>' },
}

let api: Api
let other: TestForm
let form: TestForm
let path: string

beforeAll(async () => {
  api = await openApi()
  other = await api.addForm()
})
beforeEach(async () => {
  form = await api.addForm()
  path = `/forms/${form.formId}/drafts`
})
afterAll(() => api.close())

const list = (query: Record<string, string> = {}) => api.call('GET', path, { as: form.key, query })
const create = (body: unknown, as: As = form.key) => api.call('POST', path, { as, body })
const get = (id: string) => api.call('GET', `${path}/${id}`, { as: form.key })
const update = (id: string, body: unknown) => api.call('PUT', `${path}/${id}`, { as: form.key, body })
const remove = (id: string) => api.call('DELETE', `${path}/${id}`, { as: form.key })
const publish = (id: string) => api.call('POST', `${path}/${id}/publish`, { as: form.key })
const addDraft = async (body: object = { schema: plainForm }) => ok(await create(body))
const versions = async (): Promise<{ version: number; published: boolean }[]> =>
  ok(await api.call('GET', `/forms/${form.formId}`, { as: form.key })).versions
const countDrafts = async () => ok(await list()).length

const stamps = {
  createdBy: 'api-key:Default',
  createdAt: expect.any(String),
  updatedBy: null,
  updatedAt: expect.any(String),
}

describe('POST drafts', () => {
  it('stores a draft and answers with all of it', async () => {
    const response = await create({ schema: plainForm, formVersionId: form.versionId })
    expect(response.statusCode).toBe(201)
    const draft = response.json()
    expect(draft).toEqual({
      id: expect.any(String),
      formId: form.formId,
      formVersionId: form.versionId,
      schema: plainForm,
      ...stamps,
    })
    expect(ok(await get(draft.id))).toEqual(draft)
  })

  it('starts from no version when none is named', async () => {
    expect((await addDraft()).formVersionId).toBeNull()
    expect((await addDraft({ schema: plainForm, formVersionId: null })).formVersionId).toBeNull()
  })

  it('keeps the definition with the order of its members, also through publishing', async () => {
    const text = JSON.stringify(peculiar)
    const { id, schema } = await addDraft({ schema: peculiar })
    const version = ok(await publish(id))
    const read = ok(await api.call('GET', `/forms/${form.formId}/versions/${version.id}`, { as: form.key }))
    const shown = ok(await api.call('GET', `/forms/${form.formId}/version`, { as: form.key }))
    for (const each of [schema, version.schema, read.schema, shown.versions[0].schema]) {
      expect(JSON.stringify(each)).toBe(text)
    }
  })

  it('takes no id, form, author or time stamp from the body', async () => {
    const forged = {
      id: form.formId,
      formId: other.formId,
      createdBy: 'mallory',
      createdAt: '2001-01-01T00:00:00.000Z',
    }
    const draft = await addDraft({ schema: plainForm, ...forged })
    for (const [name, value] of Object.entries(forged)) expect(draft[name]).not.toEqual(value)
    expect(ok(await api.call('GET', `/forms/${other.formId}/drafts`, { as: other.key }))).toEqual([])
  })

  it('refuses a version of another form', async () => {
    for (const formVersionId of [other.versionId, randomUUID()]) {
      const response = await create({ schema: plainForm, formVersionId })
      expect([response.statusCode, response.json().errors[0].path]).toEqual([422, 'formVersionId'])
    }
    expect(await countDrafts()).toBe(0)
  })

  it.each<[string, unknown, string]>([
    ['no schema', {}, 'schema'],
    ['a schema of null', { schema: null }, 'schema'],
    ['a definition without components', { schema: {} }, 'schema.components'],
    ['an unknown member', { schema: plainForm, formid: 'x' }, 'formid'],
    ['a version that is no UUID', { schema: plainForm, formVersionId: '17' }, 'formVersionId'],
  ])('refuses %s with 422 and says where', async (_, body, at) => {
    const response = await create(body)
    expect([response.statusCode, response.json().errors[0].path]).toEqual([422, at])
  })
})

describe('GET drafts', () => {
  it('lists all drafts without their definitions', async () => {
    const drafts = [await addDraft(), await addDraft()]
    const response = await list()
    expect(response.statusCode).toBe(200)
    const expected = drafts.map(({ schema: _, ...summary }) => summary)
    expect(response.json()).toHaveLength(2)
    expect(response.json()).toEqual(expect.arrayContaining(expected))
  })

  it('narrows to the drafts that start from a version', async () => {
    await addDraft()
    const draft = await addDraft({ schema: plainForm, formVersionId: form.versionId })
    expect(ok(await list({ formVersionId: form.versionId })).map((each: { id: string }) => each.id)).toEqual([draft.id])
    expect(ok(await list({ formVersionId: other.versionId }))).toEqual([])
  })

  it('refuses a version that is no UUID', async () => {
    const response = await list({ formVersionId: '17' })
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_query'])
  })
})

describe('PUT a draft', () => {
  it('changes the definition and names who did', async () => {
    const draft = await addDraft({ schema: plainForm, formVersionId: form.versionId })
    const after = ok(await update(draft.id, { schema: peculiar }))
    expect(JSON.stringify(after.schema)).toBe(JSON.stringify(peculiar))
    expect(after).toEqual({ ...draft, schema: peculiar, updatedBy: 'api-key:Default', updatedAt: expect.any(String) })
    expect(ok(await get(draft.id))).toEqual(after)
  })

  it('changes the version and leaves the definition', async () => {
    const draft = await addDraft({ schema: peculiar })
    expect(ok(await update(draft.id, { formVersionId: form.versionId }))).toMatchObject({
      formVersionId: form.versionId,
      schema: peculiar,
    })
    expect(ok(await update(draft.id, { formVersionId: null })).formVersionId).toBeNull()
  })

  it('changes nothing when nothing is named', async () => {
    const draft = await addDraft({ schema: peculiar, formVersionId: form.versionId })
    expect(ok(await update(draft.id, {}))).toMatchObject({ schema: peculiar, formVersionId: form.versionId })
  })

  it.each<[string, () => object]>([
    ['a version of another form', () => ({ formVersionId: other.versionId })],
    ['a definition that is none', () => ({ schema: { components: 'x' } })],
    ['an unknown member', () => ({ schemaa: {} })],
  ])('refuses %s and changes nothing', async (_, body) => {
    const draft = await addDraft()
    expect((await update(draft.id, body())).statusCode).toBe(422)
    expect(ok(await get(draft.id))).toEqual(draft)
  })
})

describe('If-Match', () => {
  const tag = (draft: { updatedAt: string }) => ({ 'if-match': `"${draft.updatedAt}"` })
  const send = (method: string, at: string, headers: Record<string, string>, body?: unknown) =>
    api.call(method, `${path}/${at}`, { as: form.key, headers, body })

  it('changes and publishes a draft that is as it was read', async () => {
    const draft = await addDraft()
    const after = ok(await send('PUT', draft.id, tag(draft), { schema: peculiar }))
    expect(ok(await send('POST', `${draft.id}/publish`, tag(after))).schema).toEqual(peculiar)
  })

  it('refuses to overwrite or publish what somebody else changed, and stores nothing', async () => {
    const draft = await addDraft()
    const theirs = ok(await update(draft.id, { schema: peculiar }))
    for (const response of [
      await send('PUT', draft.id, tag(draft), { schema: plainForm }),
      await send('POST', `${draft.id}/publish`, tag(draft)),
    ]) {
      expect([response.statusCode, response.json().code]).toEqual([412, 'changed_meanwhile'])
    }
    expect(ok(await get(draft.id))).toEqual(theirs)
    expect(await versions()).toHaveLength(1)
  })

  it('lets one of two simultaneous changes through', async () => {
    const draft = await addDraft()
    const answers = await Promise.all([1, 2].map(() => send('PUT', draft.id, tag(draft), { schema: peculiar })))
    expect(answers.map((each) => each.statusCode).sort()).toEqual([200, 412])
  })

  it('refuses a tag that is none', async () => {
    const draft = await addDraft()
    const response = await send('PUT', draft.id, { 'if-match': 'yesterday' }, { schema: peculiar })
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_headers'])
  })
})

describe('DELETE a draft', () => {
  it('answers 204, and 404 from then on', async () => {
    const { id } = await addDraft()
    const response = await remove(id)
    expect([response.statusCode, response.body]).toEqual([204, ''])
    expect([(await get(id)).statusCode, (await remove(id)).statusCode]).toEqual([404, 404])
  })
})

describe('publishing a draft', () => {
  it('makes the next version, unpublishes the others and takes the draft away', async () => {
    const { id } = await addDraft({ schema: peculiar })
    const response = await publish(id)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({
      id: expect.any(String),
      formId: form.formId,
      version: 2,
      published: true,
      schema: peculiar,
      ...stamps,
    })
    expect(await versions()).toMatchObject([
      { version: 2, published: true },
      { version: 1, published: false, updatedBy: 'api-key:Default' },
    ])
    expect((await get(id)).statusCode).toBe(404)
  })

  it('gives two who publish at once two numbers, and one published version', async () => {
    const drafts = [await addDraft(), await addDraft(), await addDraft(), await addDraft()]
    const answers = await Promise.all(drafts.map(({ id }) => publish(id)))
    expect(answers.map((each) => ok(each).version).sort()).toEqual([2, 3, 4, 5])
    const after = await versions()
    expect(after.map((each) => each.version)).toEqual([5, 4, 3, 2, 1])
    expect(after.filter((each) => each.published)).toHaveLength(1)
  })

  it('publishes one draft once, also when two try at the same moment', async () => {
    const { id } = await addDraft()
    const statuses = (await Promise.all([publish(id), publish(id)])).map((each) => each.statusCode)
    expect(statuses.sort()).toEqual([200, 404])
    expect(await versions()).toHaveLength(2)
  })

  it('publishes while submissions come in', async () => {
    const { id } = await addDraft()
    const [published, ...submitted] = await Promise.all([publish(id), ...[1, 2, 3].map(() => api.submit(form))])
    expect(published.statusCode).toBe(200)
    expect(submitted).toHaveLength(3)
  })
})
