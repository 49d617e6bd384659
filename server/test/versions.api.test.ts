import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { plainAnswers, plainForm } from './definitions.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'

const second = {
  display: 'wizard',
  components: [
    {
      type: 'panel',
      key: 'page1',
      components: [
        { type: 'textfield', key: 'first', input: true },
        { type: 'columns', key: 'columns', columns: [{ components: [{ type: 'number', key: 'age', input: true }] }] },
        { type: 'textfield', key: 'secret', input: true, hidden: true },
        { type: 'container', key: 'home', input: true, components: [{ type: 'textfield', key: 'city', input: true }] },
      ],
    },
  ],
}

let api: Api
let other: TestForm
let form: TestForm
let secondId: string

beforeAll(async () => {
  api = await openApi()
  other = await api.addForm()
})
beforeEach(async () => {
  form = await api.addForm()
  secondId = (await publishNew(second)).id
})
afterAll(() => api.close())

const at = (path: string) => `/forms/${form.formId}${path}`
const get = (path: string, as: As = form.key) => api.call('GET', at(path), { as })
const publish = (versionId: string, query: Record<string, string> = {}) =>
  api.call('POST', at(`/versions/${versionId}/publish`), { as: form.key, query })
const published = async (): Promise<number[]> =>
  ok(await get(''))
    .versions.filter((each: { published: boolean }) => each.published)
    .map((each: { version: number }) => each.version)

async function publishNew(schema: object) {
  const draft = ok(await api.call('POST', at('/drafts'), { as: form.key, body: { schema } }))
  return ok(await api.call('POST', at(`/drafts/${draft.id}/publish`), { as: form.key }))
}

const stamps = {
  createdBy: expect.any(String),
  createdAt: expect.any(String),
  updatedBy: null,
  updatedAt: expect.any(String),
}

describe('GET a version', () => {
  it('gives it with its definition, published or not', async () => {
    const response = await get(`/versions/${secondId}`)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({
      id: secondId,
      formId: form.formId,
      version: 2,
      published: true,
      schema: second,
      ...stamps,
    })
    expect(ok(await get(`/versions/${form.versionId}`))).toMatchObject({
      version: 1,
      published: false,
      schema: plainForm,
    })
  })

  it('is for respondents too: they fill it in', async () => {
    expect((await api.call('GET', at(`/versions/${secondId}`))).statusCode).toBe(200)
  })
})

describe('fields', () => {
  const plainFields = ['name', 'age', 'mail', 'agree', 'children.first', 'children.years']
  const secondFields = ['first', 'age', 'home.city']

  it('of a version are its inputs in design order, without hidden ones, layout and buttons', async () => {
    expect(ok(await get(`/versions/${secondId}/fields`))).toEqual(secondFields)
    expect(ok(await get(`/versions/${form.versionId}/fields`))).toEqual(plainFields)
  })

  it('of a form are those of its published version', async () => {
    const shown = ok(await get('/fields'))
    expect(shown).toEqual({
      versionId: secondId,
      published: true,
      fields: secondFields,
      versions: [
        { id: secondId, formId: form.formId, version: 2, published: true, ...stamps },
        {
          id: form.versionId,
          formId: form.formId,
          version: 1,
          published: false,
          ...stamps,
          updatedBy: expect.any(String),
        },
      ],
    })
    ok(await publish(form.versionId))
    expect(ok(await get('/fields'))).toMatchObject({ versionId: form.versionId, fields: plainFields })
  })

  it('of a form without a published version are those of its newest', async () => {
    ok(await publish(secondId, { unpublish: 'true' }))
    expect(ok(await get('/fields'))).toMatchObject({ versionId: secondId, published: false, fields: secondFields })
  })

  it('of a form without any version are none', async () => {
    const { id } = ok(await api.call('POST', '/forms', { as: api.owner, body: { name: 'Empty' } }))
    const shown = ok(await api.call('GET', `/forms/${id}/fields`, { as: api.owner }))
    expect(shown).toEqual({ versionId: null, published: false, versions: [], fields: [] })
  })
})

describe('publishing a version', () => {
  it('puts it in the place of the one that was, and answers with the form', async () => {
    const response = await publish(form.versionId)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({
      id: form.formId,
      name: 'Survey',
      versions: [{ id: form.versionId, version: 1, published: true, updatedBy: 'api-key:Default' }],
    })
    expect(await published()).toEqual([1])
  })

  it('is the same a second time', async () => {
    ok(await publish(secondId))
    ok(await publish(secondId))
    expect(await published()).toEqual([2])
  })

  it('leaves one published version when several come at once', async () => {
    const answers = await Promise.all([form.versionId, secondId, form.versionId, secondId].map((id) => publish(id)))
    expect(answers.map((each) => each.statusCode)).toEqual([200, 200, 200, 200])
    expect(await published()).toHaveLength(1)
  })

  it('takes it back with ?unpublish=true, and the form with it', async () => {
    expect(ok(await publish(secondId, { unpublish: 'true' })).versions).toEqual([])
    expect(await published()).toEqual([])
    expect(ok(await get('/version')).versions).toEqual([])
  })

  it('leaves the published version when another one is taken back', async () => {
    ok(await publish(form.versionId, { unpublish: 'true' }))
    expect(await published()).toEqual([2])
  })

  it('lets an older version go on taking submissions', async () => {
    const response = await api.call('POST', at(`/versions/${form.versionId}/submissions`), {
      as: form.key,
      body: { submission: { data: plainAnswers } },
    })
    expect(response.statusCode).toBe(201)
  })

  it('leaves what is published when the version is unknown', async () => {
    for (const id of [other.versionId, randomUUID()]) {
      expect((await publish(id)).statusCode).toBe(404)
      expect((await publish(id, { unpublish: 'true' })).statusCode).toBe(404)
    }
    expect(await published()).toEqual([2])
  })

  it.each(['perhaps', ''])('refuses ?unpublish=%s', async (unpublish) => {
    const response = await publish(secondId, { unpublish })
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_query'])
    expect(await published()).toEqual([2])
  })
})

describe('every operation on versions', () => {
  const operations = [
    ['GET', '/versions/:id'],
    ['GET', '/versions/:id/fields'],
    ['POST', '/versions/:id/publish'],
  ] as const

  it.each([...operations, ['GET', '/fields']] as const)('%s %s refuses another form’s key', async (method, path) => {
    const target = at(path.replace(':id', form.versionId))
    for (const as of [other.key, { formId: form.formId, secret: other.secret }]) {
      const response = await api.call(method, target, { as })
      expect([response.statusCode, response.json().code]).toEqual([401, 'unauthorized'])
    }
    expect(await published()).toEqual([2])
  })

  it.each([...operations, ['GET', '/fields']] as const)(
    '%s %s refuses nobody on a team’s form',
    async (method, path) => {
      const closed = await api.addForm({ access: 'team' })
      const response = await api.call(method, `/forms/${closed.formId}${path.replace(':id', closed.versionId)}`)
      expect([response.statusCode, response.json().code]).toEqual([401, 'unauthorized'])
    },
  )

  it.each(operations)('%s %s answers 404 to another form’s version, as to an unknown one', async (method, path) => {
    // Read once by its own form, so that it is in memory too.
    ok(await get(`/versions/${form.versionId}/fields`))
    for (const id of [form.versionId, randomUUID()]) {
      const response = await api.call(method, `/forms/${other.formId}${path.replace(':id', id)}`, { as: other.key })
      expect([response.statusCode, response.json().code]).toEqual([404, 'not_found'])
    }
  })

  it.each(operations)('%s %s wants an id that is a UUID', async (method, path) => {
    const response = await api.call(method, at(path.replace(':id', '17')), { as: form.key })
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_id'])
  })

  it('publishing is not for respondents', async () => {
    const person = await api.addPerson('respondent@example.org')
    const target = at(`/versions/${form.versionId}/publish`)
    expect((await api.call('POST', target)).statusCode).toBe(401)
    expect((await api.call('POST', target, { as: person })).statusCode).toBe(403)
    expect(await published()).toEqual([2])
  })
})
