import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { scopes, testScopes } from '../src/access/scope.ts'
import { plainAnswers } from './definitions.ts'
import { expectProblem } from './expect-problem.ts'
import { openFilesApi } from './files-app.ts'
import { type Api, type As, ok, type TestForm } from './harness.ts'
import { keysOn, type NamedKey } from './keys-app.ts'
import { expectSoundDatabase } from './sound-database.ts'

let files: Awaited<ReturnType<typeof openFilesApi>>
let api: Api
let keys: ReturnType<typeof keysOn>
let form: TestForm
let live: NamedKey
let test: NamedKey

beforeAll(async () => {
  files = await openFilesApi()
  api = files.api
  keys = keysOn(api)
})
beforeEach(async () => {
  form = await api.addForm()
  live = await keys.addKey(form, { scopes: [...scopes] })
  test = await keys.addKey(form, { test: true, scopes: [...testScopes] })
})
afterAll(async () => {
  await expectSoundDatabase(api.database.pool)
  await api.close()
})

const rowsOf = async () =>
  (await api.database.pool.query('select id, test, draft from submission where form_id = $1', [form.formId])).rows
const submit = async (as: As, more = {}): Promise<string> => ok(await keys.submitAs(form, as, more)).id
const submitMany = (as: As, headers: Record<string, string> = {}) =>
  api.call('POST', `/forms/${form.formId}/versions/${form.versionId}/multiSubmission`, {
    as,
    headers,
    body: { submission: { data: [plainAnswers, plainAnswers] } },
  })

describe('what a test key makes', () => {
  it('is a test submission, and says so', async () => {
    const made = ok(await keys.submitAs(form, test.as))
    expect(made).toMatchObject({ test: true, createdBy: expect.stringMatching(/^api-key:/) })
    expect(await rowsOf()).toEqual([{ id: made.id, test: true, draft: false }])
  })

  it('are test submissions when it makes several at once', async () => {
    const made = ok(await submitMany(test.as))
    expect(made).toMatchObject([{ test: true }, { test: true }])
    expect((await rowsOf()).map((row) => row.test)).toEqual([true, true])
  })

  it('is a test draft when it is a draft', async () => {
    const id = await submit(test.as, { draft: true })
    expect(await rowsOf()).toEqual([{ id, test: true, draft: true }])
  })

  it.each([{ test: false }, { submission: { data: plainAnswers, test: false } }])(
    'is none other for %j in its body',
    async (more) => {
      const response = await keys.submitAs(form, test.as, more)
      expect([201, 422]).toContain(response.statusCode)
      for (const row of await rowsOf()) expect(row.test).toBe(true)
    },
  )

  it('is no live one’s likeness: live replies do not speak of tests at all', async () => {
    for (const as of [live.as, api.owner, undefined]) {
      expect(ok(await keys.submitAs(form, as))).not.toHaveProperty('test')
    }
    expect((await rowsOf()).map((row) => row.test)).toEqual([false, false, false])
  })

  it.each([{ test: true }, { submission: { data: plainAnswers, test: true } }])(
    'can be made by nobody else, not with %j',
    async (more) => {
      for (const as of [live.as, undefined]) await keys.submitAs(form, as, more)
      for (const row of await rowsOf()) expect(row.test).toBe(false)
    },
  )
})

describe('a live submission is to a test key as unknown as none', () => {
  const operations = [
    ['GET', '', undefined],
    ['DELETE', '', undefined],
    ['GET', '/status', undefined],
    ['POST', '/status', { code: 'COMPLETED' }],
  ] as const

  it.each(operations)('%s %s', async (method, below, body) => {
    const id = await submit(live.as)
    const call = (submissionId: string) =>
      api.call(method, `/submissions/${submissionId}${below}`, { as: test.as, body })
    const refused = await call(id)
    expectProblem(refused, 404, 'not_found')
    expect(refused.body).toBe((await call(randomUUID())).body)
    expect(ok(await api.call('GET', `/submissions/${id}`, { as: live.as })).submission).toMatchObject({
      deleted: false,
    })
  })

  it.each(operations)('and its own is not: %s %s', async (method, below, body) => {
    const id = await submit(test.as)
    expect((await api.call(method, `/submissions/${id}${below}`, { as: test.as, body })).statusCode).toBe(200)
  })
})

describe('a test key’s files', () => {
  it('are those of test submissions alone', async () => {
    const [mine, theirs] = [await files.uploaded(form), await files.uploaded(form)]
    await files.submitWith(form, [mine], test.as)
    await files.submitWith(form, [theirs], live.as)
    expect((await files.read(mine.id, test.as)).statusCode).toBe(200)
    const refused = await files.read(theirs.id, test.as)
    expectProblem(refused, 404, 'not_found')
    expect(refused.body).toBe((await files.read(randomUUID(), test.as)).body)
    expectProblem(await files.remove(theirs.id, test.as), 404, 'not_found')
    expect((await files.read(theirs.id, live.as)).statusCode).toBe(200)
    expect((await files.remove(mine.id, test.as)).statusCode).toBe(202)
  })

  it('are not those that wait to be submitted', async () => {
    const file = await files.uploaded(form)
    expectProblem(await files.read(file.id, test.as), 404, 'not_found')
    expectProblem(await files.remove(file.id, test.as), 404, 'not_found')
  })
})

describe('the scopes of a test key', () => {
  const refused = scopes.filter((each) => !testScopes.includes(each))

  it.each(refused)('are not %s, from the start or later', async (scope) => {
    const response = await keys.tryToAdd(form, { test: true, scopes: ['form:read', scope] })
    expectProblem(response, 422, 'invalid_body')
    expect(response.json().errors).toMatchObject([{ path: 'scopes', message: expect.stringContaining(scope) }])
    expectProblem(await keys.tryToChange(form, test, { scopes: ['form:read', scope] }), 422, 'invalid_body')
    expect((await keys.viewOf(form, test)).scopes).not.toContain(scope)
  })

  it('leave the form as it is', async () => {
    const before = ok(await api.call('GET', `/forms/${form.formId}`, { as: api.owner }))
    const calls = [
      api.call('PUT', `/forms/${form.formId}`, { as: test.as, body: { name: 'Renamed' } }),
      api.call('DELETE', `/forms/${form.formId}`, { as: test.as }),
      api.call('POST', `/forms/${form.formId}/drafts`, { as: test.as, body: { schema: { components: [] } } }),
      api.call('POST', `/forms/${form.formId}/versions/${form.versionId}/publish?unpublish=true`, { as: test.as }),
    ]
    for (const response of await Promise.all(calls)) expectProblem(response, 403, 'insufficient_scope')
    expect(ok(await api.call('GET', `/forms/${form.formId}`, { as: api.owner }))).toEqual(before)
  })
})

describe('Idempotency-Key', () => {
  it('of a live key and of a test key do not mix', async () => {
    const headers = { 'idempotency-key': 'the same' }
    const [first, second] = [
      await keys.submitAs(form, live.as, {}, headers),
      await keys.submitAs(form, test.as, {}, headers),
    ]
    expect([first.statusCode, second.statusCode]).toEqual([201, 201])
    expect(second.json().id).not.toBe(first.json().id)
    expect((await keys.submitAs(form, test.as, {}, headers)).body).toBe(second.body)
    expect((await rowsOf()).map((row) => row.test).sort()).toEqual([false, true])
  })

  it('of a test key gives a repeat of many the first answer', async () => {
    const headers = { 'idempotency-key': 'many' }
    const [first, second] = [await submitMany(test.as, headers), await submitMany(test.as, headers)]
    expect(second.body).toBe(first.body)
    expect((await submitMany(live.as, headers)).body).not.toBe(first.body)
    expect(await rowsOf()).toHaveLength(4)
  })

  it('stays with a key through its rotation, and not with another of its name', async () => {
    const headers = { 'idempotency-key': 'rotated' }
    const first = await keys.submitAs(form, test.as, {}, headers)
    const rotated = await keys.rotate(form, test)
    expect((await keys.submitAs(form, rotated.as, {}, headers)).body).toBe(first.body)
    const { name } = await keys.viewOf(form, test)
    ok(await keys.revoke(form, test))
    const again = await keys.addKey(form, { name, test: true, scopes: ['submissions:write'] })
    expect(ok(await keys.submitAs(form, again.as, {}, headers)).id).not.toBe(first.json().id)
  })
})
