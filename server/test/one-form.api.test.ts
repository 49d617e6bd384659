import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settingPresets } from '../src/forms/form.ts'
import { plainAnswers, plainForm } from './definitions.ts'
import { type Api, type As, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let form: TestForm
let respondent: { cookie: string; id: string }

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm()
  respondent = await api.addPerson('respondent@example.org')
})
afterAll(() => api.close())

const create = (body: unknown, as: As = api.owner) => api.call('POST', '/forms', { as, body })
const get = (formId: string, as: As, query: Record<string, string> = {}) =>
  api.call('GET', `/forms/${formId}`, { as, query })
const put = (formId: string, body: unknown, as: As = api.owner) => api.call('PUT', `/forms/${formId}`, { as, body })
const remove = (formId: string, as: As = api.owner) => api.call('DELETE', `/forms/${formId}`, { as })

const stamps = {
  createdBy: 'owner@example.org',
  createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  updatedBy: null,
  updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
}

describe('GET a form', () => {
  it('shows a key and the team every member, with the versions', async () => {
    for (const as of [form.key, api.owner]) {
      const response = await get(form.formId, as)
      expect(response.statusCode).toBe(200)
      expect(response.json()).toEqual({
        id: form.formId,
        name: 'Survey',
        description: null,
        active: true,
        labels: [],
        ...settingPresets,
        snake: 'survey',
        identityProviders: [{ code: 'public', display: 'Public', idp: 'public', active: true }],
        versions: [{ id: form.versionId, formId: form.formId, version: 1, published: true, ...stamps }],
        ...stamps,
      })
    }
  })

  it('lists versions newest first', async () => {
    const target = await api.addForm()
    const path = `/forms/${target.formId}/drafts`
    const draft = ok(await api.call('POST', path, { as: target.key, body: { schema: plainForm } }))
    ok(await api.call('POST', `${path}/${draft.id}/publish`, { as: target.key }))
    const { versions } = ok(await get(target.formId, target.key))
    expect(versions.map((each: { version: number; published: boolean }) => [each.version, each.published])).toEqual([
      [2, true],
      [1, false],
    ])
  })

  it('keeps from respondents what is the team’s, also beside the published version', async () => {
    const ofTheTeam = {
      submissionReceivedEmails: ['clerk@example.org'],
      subscribe: { endpointUrl: 'https://example.org', key: 'secret of the subscription' },
      formMetadata: { file: 'secret of the metadata' },
      eventStreamConfig: { topic: 'secret of the stream' },
      submissionPackageSettings: { to: 'secret of the package' },
    }
    const target = await api.addForm({ settings: ofTheTeam })
    for (const as of [undefined, respondent]) {
      const shown = ok(await get(target.formId, as))
      const published = ok(await api.call('GET', `/forms/${target.formId}/version`, { as }))
      const version = ok(await api.call('GET', `/forms/${target.formId}/versions/${target.versionId}`, { as }))
      const statusCodes = ok(await api.call('GET', `/forms/${target.formId}/statusCodes`, { as }))
      expect(JSON.stringify([version, statusCodes, published.versions])).not.toMatch(/@example\.org/)
      expect(shown).not.toHaveProperty('versions')
      for (const { versions: _, ...form } of [shown, published])
        expect(JSON.stringify(form)).not.toMatch(/secret of|@example\.org/)
    }
    expect(ok(await get(target.formId, target.key))).toMatchObject(ofTheTeam)
  })

  it('is not for strangers when the form is for its team', async () => {
    const closed = await api.addForm({ access: 'team' })
    expect((await get(closed.formId, undefined)).statusCode).toBe(401)
    expect((await get(closed.formId, respondent)).statusCode).toBe(403)
    expect((await get(closed.formId, closed.key)).statusCode).toBe(200)
  })

  it.each(['maybe', '2', ''])('refuses ?active=%s', async (active) => {
    const response = await get(form.formId, form.key, { active })
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_query'])
  })
})

describe('PUT a form', () => {
  it('changes what it names and leaves the rest', async () => {
    const before = ok(
      await create({
        name: 'Before',
        description: 'Kept',
        labels: ['kept'],
        enableSubmitterDraft: true,
        identityProviders: [{ code: 'login' }],
        submissionReceivedEmails: ['kept@example.org'],
      }),
    )
    const after = ok(await put(before.id, { name: 'After', wideFormLayout: true }))
    const { draft: _, ...unchanged } = before
    expect(after).toEqual({
      ...unchanged,
      name: 'After',
      snake: 'after',
      wideFormLayout: true,
      updatedBy: 'owner@example.org',
      updatedAt: expect.any(String),
    })
    expect(ok(await get(before.id, api.owner))).toEqual(after)
  })

  it.each<[string, object]>([
    ['labels', { labels: ['new'] }],
    ['labels to none', { labels: [] }],
    ['the description to none', { description: null }],
    ['identityProviders', { identityProviders: [] }],
    ['a switch', { enableStatusUpdates: true }],
    ['a switch back', { enableSubmitterDraft: false }],
    ['the schedule as a whole', { schedule: { enabled: false } }],
  ])('changes %s', async (_, change) => {
    const { id } = ok(
      await create({
        name: 'X',
        description: 'd',
        labels: ['a'],
        enableSubmitterDraft: true,
        schedule: { enabled: true, scheduleType: 'manual' },
      }),
    )
    ok(await put(id, change))
    expect(ok(await get(id, api.owner))).toMatchObject(change)
  })

  it('loses neither of two changes that come at once', async () => {
    const { id } = ok(await create({ name: 'Both' }))
    await Promise.all([put(id, { enableSubmitterDraft: true }), put(id, { wideFormLayout: true })])
    expect(ok(await get(id, api.owner))).toMatchObject({ enableSubmitterDraft: true, wideFormLayout: true })
  })

  it('takes back what GET gave, and nothing of it that is not a setting', async () => {
    const target = await api.addForm()
    const shown = ok(await get(target.formId, target.key))
    const body = { ...shown, id: form.formId, active: false, createdBy: 'mallory', versions: [] }
    const after = ok(await put(target.formId, body, target.key))
    expect(after).toEqual({ ...shown, updatedBy: 'api-key:Default', updatedAt: expect.any(String) })
    expect(ok(await get(form.formId, form.key)).name).toBe('Survey')
  })

  it('closes a public form to strangers at once', async () => {
    const target = await api.addForm()
    expect((await get(target.formId, undefined)).statusCode).toBe(200)
    ok(await put(target.formId, { identityProviders: [] }))
    expect((await get(target.formId, undefined)).statusCode).toBe(401)
  })

  it.each<[string, object]>([
    ['an unknown member', { enableEverything: true }],
    ['an unknown identity provider', { identityProviders: [{ code: 'nobody' }] }],
    ['a bad schedule', { schedule: { enabled: true, scheduleType: 'closingDate' } }],
    ['a schema, which belongs into a draft', { schema: plainForm }],
    ['an empty name', { name: '' }],
    ['a list', []],
  ])('refuses %s with 422 and changes nothing', async (_, body) => {
    const before = ok(await get(form.formId, form.key))
    const response = await put(form.formId, Array.isArray(body) ? body : { description: 'new', ...body })
    expect(response.statusCode).toBe(422)
    expect(ok(await get(form.formId, form.key))).toEqual(before)
  })
})

describe('DELETE a form', () => {
  it('answers 204; then its key is dead at once and its owner gets 404', async () => {
    const target = await api.addForm()
    const response = await remove(target.formId)
    expect([response.statusCode, response.body]).toEqual([204, ''])
    expect((await get(target.formId, target.key)).statusCode).toBe(401)
    expect((await get(target.formId, api.owner)).statusCode).toBe(404)
    expect((await get(target.formId, undefined)).statusCode).toBe(404)
  })

  it('keeps the submissions', async () => {
    const target = await api.addForm()
    const id = await api.submit(target)
    ok(await remove(target.formId))
    const { rows } = await api.database.pool.query('select deleted, submission from submission where id = $1', [id])
    expect(rows).toEqual([{ deleted: false, submission: { data: plainAnswers } }])
    expect((await api.call('GET', `/submissions/${id}`, { as: api.owner })).statusCode).toBe(404)
  })

  it('lets its own people read it again with ?active=false, and nobody else', async () => {
    const target = await api.addForm()
    ok(await remove(target.formId))
    const read = (as: As) => get(target.formId, as, { active: 'false' })
    expect(ok(await read(api.owner))).toMatchObject({ id: target.formId, active: false })
    expect((await read(undefined)).statusCode).toBe(404)
    expect((await read(respondent)).statusCode).toBe(404)
    expect((await read(target.key)).statusCode).toBe(401)
  })

  it('makes ?active=false no second name of a living form', async () => {
    expect((await get(form.formId, api.owner, { active: 'false' })).statusCode).toBe(404)
  })

  it('answers 404 to whoever deletes it again, or changes it', async () => {
    const target = await api.addForm()
    ok(await remove(target.formId))
    expect((await remove(target.formId)).statusCode).toBe(404)
    expect((await put(target.formId, { name: 'Back' })).statusCode).toBe(404)
    expect((await api.call('PUT', `/forms/${target.formId}/apiKey`, { as: api.owner })).statusCode).toBe(404)
  })

  it('takes no submissions any more', async () => {
    const target = await api.addForm()
    ok(await remove(target.formId))
    const path = `/forms/${target.formId}/versions/${target.versionId}/submissions`
    for (const as of [undefined, api.owner]) {
      const response = await api.call('POST', path, { as, body: { submission: { data: plainAnswers } } })
      expect(response.statusCode).toBe(404)
    }
  })

  it('writes one audit record', async () => {
    const target = await api.addForm()
    ok(await remove(target.formId))
    await remove(target.formId)
    const { rows } = await api.database.pool.query(
      `select actor from audit_event where form_id = $1 and action = 'form.deleted'`,
      [target.formId],
    )
    expect(rows).toEqual([{ actor: 'owner@example.org' }])
  })
})
