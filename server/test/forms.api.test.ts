import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../src/access/permission.ts'
import { settingPresets } from '../src/forms/form.ts'
import { plainForm } from './definitions.ts'
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

/** Where a body that fails is said to be wrong. */
async function mistakeIn(body: object): Promise<[number, string, string]> {
  const response = await create({ name: 'Wrong', ...body })
  const { code, errors } = response.json()
  return [response.statusCode, code, errors?.[0]?.path]
}

const stamps = {
  createdBy: 'owner@example.org',
  createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  updatedBy: null,
  updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
}

describe('POST forms', () => {
  it('needs a name and nothing else, and answers with every member of a form', async () => {
    const response = await create({ name: ' Dog licence ' })
    expect(response.statusCode).toBe(201)
    expect(response.json()).toEqual({
      id: expect.any(String),
      name: 'Dog licence',
      description: null,
      active: true,
      labels: [],
      ...settingPresets,
      snake: 'dog_licence',
      identityProviders: [],
      versions: [],
      draft: null,
      ...stamps,
    })
  })

  it('makes the first draft of the schema', async () => {
    const { id, draft } = ok(await create({ name: 'With schema', schema: plainForm }))
    expect(draft).toEqual({ id: expect.any(String), formId: id, createdBy: 'owner@example.org', schema: plainForm })
    const kept = ok(await api.call('GET', `/forms/${id}/drafts/${draft.id}`, { as: api.owner }))
    expect(JSON.stringify(kept.schema)).toBe(JSON.stringify(plainForm))
  })

  it('gives all six roles to its maker', async () => {
    const { id } = ok(await create({ name: 'Mine' }))
    const { rows } = await api.database.pool.query('select user_id, role from form_role_user where form_id = $1', [id])
    expect(rows.map((row) => row.role).sort()).toEqual([...roles].sort())
    expect(new Set(rows.map((row) => row.user_id))).toEqual(new Set([api.owner.id]))
  })

  it('links every status code', async () => {
    const { id } = ok(await create({ name: 'With statuses' }))
    const codes = ok(await api.call('GET', `/forms/${id}/statusCodes`, { as: api.owner }))
    expect(codes.map((each: { code: string }) => each.code)).toEqual(['ASSIGNED', 'COMPLETED', 'REVISING', 'SUBMITTED'])
  })

  it('keeps every switch that it is given', async () => {
    const settings = {
      description: 'For dogs',
      labels: ['dogs', 'licences'],
      enableSubmitterDraft: true,
      showSubmissionConfirmation: false,
      submissionReceivedEmails: ['clerk@example.org'],
      schedule: {
        enabled: true,
        scheduleType: 'manual',
        openSubmissionDateTime: '2026-01-01',
        repeatSubmission: { a: 1 },
      },
      formMetadata: { id: 1, metadata: { any: ['thing'] } },
      eventStreamConfig: { enablePublicStream: false },
      subscribe: { enabled: false },
      apiIntegration: null,
      reminder_enabled: true,
    }
    const { id, ...created } = ok(await create({ name: 'Full', ...settings }))
    expect(created).toMatchObject(settings)
    expect(ok(await get(id, api.owner))).toMatchObject(settings)
  })

  it('takes nothing but the settings from the body', async () => {
    const forged = {
      id: form.formId,
      active: false,
      createdBy: 'mallory',
      createdAt: '2001-01-01',
      versions: [{ x: 1 }],
      snake: 'x',
    }
    const row = ok(await create({ name: 'Forged', ...forged }))
    for (const [name, value] of Object.entries(forged)) expect(row[name]).not.toEqual(value)
  })

  it('writes an audit record', async () => {
    const { id } = ok(await create({ name: 'Recorded' }))
    const { rows } = await api.database.pool.query('select action, actor from audit_event where form_id = $1', [id])
    expect(rows).toEqual([{ action: 'form.created', actor: 'owner@example.org' }])
  })

  it.each([
    ['public', [{ code: 'public', display: 'Public', idp: 'public', active: true }]],
    ['login', [{ code: 'login', display: 'Anyone signed in', idp: 'login', active: true }]],
  ])('spells the identity provider %s out', async (code, identityProviders) => {
    expect(ok(await create({ name: 'Open', identityProviders: [{ code, idp: 'x' }] })).identityProviders).toEqual(
      identityProviders,
    )
  })

  it.each<[string, object, string]>([
    ['an unknown member', { nmae: 'x' }, 'nmae'],
    ['a name that is none', { name: ' ' }, 'name'],
    ['a name of 256 characters', { name: 'x'.repeat(256) }, 'name'],
    ['a name that is a number', { name: 17 }, 'name'],
    ['a name of null', { name: null }, 'name'],
    ['a description of 256 characters', { description: 'x'.repeat(256) }, 'description'],
    ['a label that is no text', { labels: [1] }, 'labels.0'],
    ['a switch that is no boolean', { enableSubmitterDraft: 'true' }, 'enableSubmitterDraft'],
    ['an unknown identity provider', { identityProviders: [{ code: 'idir' }] }, 'identityProviders[0].code'],
    ['an identity provider without a code', { identityProviders: [{}] }, 'identityProviders.0.code'],
    ['public together with login', { identityProviders: [{ code: 'login' }, { code: 'public' }] }, 'identityProviders'],
    ['a closing date that is missing', { schedule: { enabled: true, scheduleType: 'closingDate' } }, 'schedule'],
    ['a schedule of a kind that there is not', { schedule: { enabled: true, scheduleType: 'sometimes' } }, 'schedule'],
    ['a schedule whose date is none', { schedule: { openSubmissionDateTime: 'soon' } }, 'schedule'],
    [
      'a schedule that closes before it opens',
      { schedule: { openSubmissionDateTime: '2026-02-01', closeSubmissionDateTime: '2026-01-01' } },
      'schedule',
    ],
    ['a definition without components', { schema: { display: 'form' } }, 'schema.components'],
    ['a definition with an unknown display', { schema: { display: 'pdf', components: [] } }, 'schema.display'],
    ['a component that is none', { schema: { components: ['x'] } }, 'schema.components[0]'],
    ['a component without a type', { schema: { components: [{ key: 'x' }] } }, 'schema.components[0].type'],
    ['a definition that is a list', { schema: [] }, 'schema'],
  ])('refuses %s with 422 and says where', async (_, body, path) => {
    expect(await mistakeIn(body)).toEqual([422, expect.any(String), path])
  })

  it('stores nothing of a form that it refuses', async () => {
    const count = async () => (await api.database.pool.query('select count(*) from form')).rows[0].count
    const before = await count()
    await mistakeIn({ schema: { components: ['x'] } })
    expect(await count()).toBe(before)
  })

  it('is for people who are signed in', async () => {
    expect((await api.call('POST', '/forms', { body: { name: 'Nobody’s' } })).statusCode).toBe(401)
    expect((await create({ name: 'A key’s' }, form.key)).statusCode).toBe(401)
  })
})

describe('every operation on a form', () => {
  const operations = [
    ['GET', '', undefined],
    ['PUT', '', { name: 'Taken over' }],
    ['DELETE', '', undefined],
    ['GET', '/version', undefined],
    ['GET', '/statusCodes', undefined],
  ] as const

  it.each(operations)('%s %s refuses nobody, and another form’s key, with 401', async (method, path, body) => {
    const [target, other] = [await api.addForm({ access: 'team' }), await api.addForm()]
    for (const as of [undefined, other.key, { formId: target.formId, secret: other.secret }]) {
      const response = await api.call(method, `/forms/${target.formId}${path}`, { as, body })
      expect([response.statusCode, response.json().code]).toEqual([401, 'unauthorized'])
    }
    expect(ok(await get(target.formId, target.key)).name).toBe('Survey')
  })

  it.each(operations)('%s %s wants a form id that is a UUID', async (method, path, body) => {
    const response = await api.call(method, `/forms/17${path}`, { as: api.owner, body })
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_id'])
  })

  it.each(operations)(
    '%s %s refuses a person without a role, as it does for an unknown form',
    async (method, path, body) => {
      const target = await api.addForm({ access: 'team' })
      const answers = []
      for (const formId of [target.formId, randomUUID()]) {
        const response = await api.call(method, `/forms/${formId}${path}`, { as: respondent, body })
        answers.push([response.statusCode, response.body])
      }
      expect(answers[0]).toEqual(answers[1])
      expect(answers[0]?.[0]).toBe(403)
    },
  )
})
