import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Api, type As, day, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let form: TestForm
let serverOwner: { cookie: string }
let stranger: { cookie: string }
let reviewer: { cookie: string }

beforeAll(async () => {
  api = await openApi({ rateLimit: { apiKey: 3, others: 100_000, windowMs: 60_000 } })
  serverOwner = await api.addPerson('root@example.org')
  await api.database.pool.query(`update app_user set server_owner = true where email = 'root@example.org'`)
  stranger = await api.addPerson('stranger@example.org')
  reviewer = await api.addPerson('reviewer@example.org')
})
beforeEach(async () => {
  form = await api.addForm()
  await api.database.pool.query(
    `insert into form_role_user (form_id, user_id, role, created_by)
     select $1, id, 'submission_reviewer', 'test' from app_user where email = 'reviewer@example.org'`,
    [form.formId],
  )
})
afterAll(() => api.close())

const path = (formId = form.formId) => `/forms/${formId}/rateLimit`
const later = (ms = day) => new Date(Date.now() + ms).toISOString()
const raise = (
  limit: number,
  { as = serverOwner as As, until = later(), reason = 'A migration', formId = form.formId } = {},
) => api.call('PUT', path(formId), { as, body: { limit, until, reason } })
const read = () => api.call('GET', `/forms/${form.formId}`, { as: form.key })
const figures = async () => (await read()).headers.ratelimit
const events = async () =>
  (
    await api.database.pool.query(
      `select action, actor, details from audit_event where form_id = $1 and action like 'rateLimit%' order by id`,
      [form.formId],
    )
  ).rows

describe('a raised limit', () => {
  it('holds with the next call, also for a key that is over the old one', async () => {
    for (let call = 0; call < 4; call++) await read()
    expect((await read()).statusCode).toBe(429)
    ok(await raise(5))
    expect(await figures()).toBe('limit=5, remaining=1, reset=60')
    expect(await figures()).toBe('limit=5, remaining=0, reset=60')
    expect((await read()).statusCode).toBe(429)
  })

  it('is shown, and where the keys stand with it', async () => {
    const until = later()
    expect(ok(await raise(1000, { until }))).toEqual({
      limit: 1000,
      windowSeconds: 60,
      configuredLimit: 3,
      raised: { limit: 1000, until, reason: 'A migration', by: 'root@example.org' },
    })
    await read()
    expect(ok(await api.call('GET', path(), { as: api.owner }))).toMatchObject({ limit: 1000, raised: { until } })
    const summary = ok(await api.call('GET', `/forms/${form.formId}/apiKey/summary`, { as: api.owner }))
    expect(summary.rateLimit).toMatchObject({ limit: 1000, remaining: 999 })
  })

  it('is shown where a form has no key yet', async () => {
    ok(await raise(1000))
    await api.call('DELETE', `/forms/${form.formId}/apiKey`, { as: api.owner })
    const summary = ok(await api.call('GET', `/forms/${form.formId}/apiKey/summary`, { as: api.owner }))
    expect(summary.rateLimit).toMatchObject({ limit: 1000, remaining: 1000 })
  })

  it('holds for its form alone', async () => {
    ok(await raise(1000))
    const other = await api.addForm()
    expect((await api.call('GET', `/forms/${other.formId}`, { as: other.key })).headers.ratelimit).toMatch(/^limit=3,/)
  })

  it('is over when its time has come', async () => {
    ok(await raise(1000))
    await api.database.pool.query(`update form set raised_limit_until = now() where id = $1`, [form.formId])
    expect(await figures()).toBe('limit=3, remaining=2, reset=60')
    expect(ok(await api.call('GET', path(), { as: api.owner }))).toEqual({
      limit: 3,
      windowSeconds: 60,
      configuredLimit: 3,
      raised: null,
    })
  })

  it('can be ended, and set anew', async () => {
    ok(await raise(1000))
    expect((await api.call('DELETE', path(), { as: serverOwner })).statusCode).toBe(204)
    expect(await figures()).toBe('limit=3, remaining=2, reset=60')
    ok(await raise(7))
    expect(await figures()).toBe('limit=7, remaining=5, reset=60')
  })

  it('is recorded with its reason, and so is its end', async () => {
    const until = later()
    ok(await raise(1000, { until, reason: ' A migration ' }))
    ok(await api.call('DELETE', path(), { as: serverOwner }))
    expect(await events()).toEqual([
      { action: 'rateLimit.raised', actor: 'root@example.org', details: { limit: 1000, until, reason: 'A migration' } },
      { action: 'rateLimit.ended', actor: 'root@example.org', details: {} },
    ])
  })
})

describe('raising a limit', () => {
  it.each<[string, object]>([
    ['no limit', { limit: 0, until: later(), reason: 'x' }],
    ['more than a million', { limit: 1_000_001, until: later(), reason: 'x' }],
    ['a part of a call', { limit: 1.5, until: later(), reason: 'x' }],
    ['a time that has passed', { limit: 5, until: later(-1000), reason: 'x' }],
    ['a time beyond a year', { limit: 5, until: later(367 * day), reason: 'x' }],
    ['no time', { limit: 5, until: 'tomorrow', reason: 'x' }],
    ['no reason', { limit: 5, until: later() }],
    ['an empty reason', { limit: 5, until: later(), reason: ' ' }],
    ['a long reason', { limit: 5, until: later(), reason: 'x'.repeat(501) }],
    ['another member', { limit: 5, until: later(), reason: 'x', by: 'somebody else' }],
  ])('takes %s for a mistake', async (_what, body) => {
    expectProblem(await api.call('PUT', path(), { as: serverOwner, body }), 422, 'invalid_body')
    expect(await events()).toEqual([])
  })

  const callers: [string, () => As, number, string][] = [
    ['nobody', () => undefined, 401, 'unauthorized'],
    ['the form’s own key', () => form.key, 401, 'unauthorized'],
    ['the form’s owner', () => api.owner, 403, 'forbidden'],
    ['a stranger', () => stranger, 403, 'forbidden'],
  ]
  it.each(callers)('is not for %s', async (_who, as, status, code) => {
    expectProblem(
      await api.call('PUT', path(), { as: as(), body: { limit: 5, until: later(), reason: 'x' } }),
      status,
      code,
    )
    expectProblem(await api.call('DELETE', path(), { as: as() }), status, code)
    expect(await events()).toEqual([])
  })

  it('finds no form that is unknown or deleted', async () => {
    expectProblem(await raise(5, { formId: randomUUID() }), 404, 'not_found')
    expectProblem(await api.call('DELETE', path(randomUUID()), { as: serverOwner }), 404, 'not_found')
    expectProblem(await api.call('GET', path(randomUUID()), { as: serverOwner }), 404, 'not_found')
    await api.call('DELETE', `/forms/${form.formId}`, { as: api.owner })
    expectProblem(await raise(5), 404, 'not_found')
    expectProblem(await api.call('DELETE', path(), { as: serverOwner }), 404, 'not_found')
    expectProblem(await api.call('GET', path(), { as: serverOwner }), 404, 'not_found')
  })

  it('takes an id that is none for a mistake', async () => {
    expectProblem(await raise(5, { formId: 'none' }), 400, 'invalid_id')
    expectProblem(await api.call('GET', path('none'), { as: serverOwner }), 400, 'invalid_id')
  })
})

describe('reading a form’s limit', () => {
  it('is for those who may see its keys, and for the owner of the server', async () => {
    for (const as of [api.owner, serverOwner]) expect((await api.call('GET', path(), { as })).statusCode).toBe(200)
  })

  it.each<[string, () => As, number, string]>([
    ['nobody', () => undefined, 401, 'unauthorized'],
    ['the form’s own key', () => form.key, 401, 'unauthorized'],
    ['a reviewer', () => reviewer, 403, 'forbidden'],
    ['a stranger', () => stranger, 403, 'forbidden'],
  ])('is not for %s', async (_who, as, status, code) => {
    expectProblem(await api.call('GET', path(), { as: as() }), status, code)
  })
})
