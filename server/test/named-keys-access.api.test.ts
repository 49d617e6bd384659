import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../src/access/permission.ts'
import { scopes } from '../src/access/scope.ts'
import { expectProblem } from './expect-problem.ts'
import { type As, ok, openApi, type TestForm } from './harness.ts'
import { keysOn } from './keys-app.ts'
import { fill, operationsOf, rowsOfForm, sampleBody } from './operations.ts'

// At the top, for the tests are made from what the document says.
const api = await openApi()
const keys = keysOn(api)
const operations = operationsOf(api.app).filter(({ path }) => path.includes('/apiKeys'))
const ofOneKey = operations.filter(({ path }) => path.includes('{keyId}'))

let form: TestForm
let other: TestForm
let key: { id: number; as: As }
let theirs: { id: number }

beforeAll(async () => {
  form = await api.addForm({ access: 'team' })
  other = await api.addForm()
  key = await keys.addKey(form, { scopes: [...scopes] })
  theirs = await keys.addKey(other)
})
afterAll(() => api.close())

type Operation = (typeof operations)[number]
function send({ id, method, path, hasBody }: Operation, as: As, formId: string, keyId: string | number) {
  const values = { formId, keyId: String(keyId) }
  return api.call(method, fill(path, values), { as, ...(hasBody ? { body: sampleBody(id) } : {}) })
}

/** Somebody with one role on the form. */
async function member(role: string, { formId } = form) {
  const person = await api.addPerson(`${randomUUID()}@example.org`)
  await api.database.pool.query(
    `insert into form_role_user (form_id, user_id, role, created_by) values ($1, $2, $3, 'test')`,
    [formId, person.id, role],
  )
  return person
}

/** Asserts that calls answer so, and that nothing of the form is other than before. */
async function expectRefusal(status: number, code: string, ...calls: ReturnType<typeof send>[]) {
  for (const response of await Promise.all(calls)) expectProblem(response, status, code)
}

it('walks all operations on named keys', () => {
  expect(operations.length).toBeGreaterThanOrEqual(9)
})

describe.each(operations)('$id', (operation) => {
  const sendAs = (as: As, formId = form.formId, keyId = key.id) => send(operation, as, formId, keyId)

  it('is for nobody without a session', async () => {
    await expectRefusal(401, 'unauthorized', sendAs(undefined))
  })

  it('is for no key, not even one with every scope', async () => {
    await expectRefusal(401, 'unauthorized', sendAs(form.key), sendAs(key.as))
  })

  it('is for people of the form’s team alone, and the same 403 for a form that does not exist', async () => {
    const owner = await member('owner', other)
    await expectRefusal(403, 'forbidden', sendAs(owner), sendAs(owner, randomUUID()))
  })

  it('wants a form id that is a UUID', async () => {
    await expectRefusal(400, 'invalid_id', sendAs(api.owner, '17'))
  })

  it('is gone with a deleted form', async () => {
    const deleted = await api.addForm()
    const own = await keys.addKey(deleted)
    ok(await api.call('DELETE', `/forms/${deleted.formId}`, { as: api.owner }))
    await expectRefusal(404, 'not_found', sendAs(api.owner, deleted.formId, own.id))
  })
})

it.each(roles.filter((role) => role !== 'owner'))('a %s may do none of it', async (role) => {
  const person = await member(role)
  const before = await rowsOfForm(api.database.pool, form.formId)
  for (const operation of operations)
    expectProblem(await send(operation, person, form.formId, key.id), 403, 'forbidden')
  expect(await rowsOfForm(api.database.pool, form.formId)).toEqual(before)
})

it.each(operations)('an owner may do all of it: $id', async (operation) => {
  const own = await api.addForm()
  const rotated = await keys.rotate(own, await keys.addKey(own))
  expect((await send(operation, await member('owner', own), own.formId, rotated.id)).statusCode).toBeLessThan(300)
})

describe.each(ofOneKey)('$id', (operation) => {
  it('reaches no key of another form, and tells it from none by nothing', async () => {
    const before = await rowsOfForm(api.database.pool, other.formId)
    const foreign = await send(operation, api.owner, form.formId, theirs.id)
    const unknown = await send(operation, api.owner, form.formId, 999_999_999)
    expectProblem(foreign, 404, 'not_found')
    expect(unknown.body).toBe(foreign.body)
    expect(await rowsOfForm(api.database.pool, other.formId)).toEqual(before)
  })

  it.each(['9007199254740991', '9007199254740990.0'])('knows no key %s', async (keyId) => {
    expectProblem(await send(operation, api.owner, form.formId, keyId), 404, 'not_found')
  })

  it.each([
    '0',
    '-1',
    '1.5',
    'x',
    '%00',
    ' ',
    '9007199254740993',
    '99999999999999999999',
    '9'.repeat(90),
    '1e400',
    'NaN',
    'null',
    randomUUID(),
  ])('refuses the key id %j', async (keyId) => {
    const response = await send(operation, api.owner, form.formId, keyId)
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_id'])
  })
})

describe('somebody who may handle keys and nothing else', () => {
  let keeper: { cookie: string }

  beforeAll(async () => {
    const { pool } = api.database
    await pool.query(`insert into role (code, display, description) values ('key_keeper', 'Key keeper', 'Keys alone')`)
    await pool.query(
      `insert into role_permission select 'key_keeper', code from permission where code like 'form_api_%'`,
    )
    keeper = await member('key_keeper')
  })

  it.each(scopes)('hands out no %s', async (scope) => {
    const response = await keys.tryToAdd(form, { scopes: [scope] }, keeper)
    expectProblem(response, 422, 'invalid_body')
    expect(response.json().errors[0].path).toBe('scopes')
    expect(response.json().detail).toContain(scope)
    const other = await keys.addKey(form, { scopes: [scope === 'form:read' ? 'status:read' : 'form:read'] })
    const before = await keys.viewOf(form, other)
    expectProblem(await keys.tryToChange(form, other, { scopes: [scope] }, keeper), 422, 'invalid_body')
    expect(await keys.viewOf(form, other)).toEqual(before)
    ok(await keys.revoke(form, other))
  })

  it('leaves scopes where somebody else has put them, and takes them away', async () => {
    const made = await keys.addKey(form, { scopes: ['form:read', 'status:read'] })
    const change = (body: object) => keys.tryToChange(form, made, body, keeper)
    expect(ok(await change({ scopes: ['form:read', 'status:read'], ownLimit: 5 })).ownLimit).toBe(5)
    expect(ok(await change({ scopes: ['status:read'] })).scopes).toEqual(['status:read'])
    expectProblem(await change({ scopes: ['status:read', 'form:read'] }), 422, 'invalid_body')
  })

  it('gives the key Default no access to files, and may take it', async () => {
    const tick = (filesApiAccess: boolean, as: As) =>
      api.call('PUT', `/forms/${form.formId}/apiKey/filesApiAccess`, { as, body: { filesApiAccess } })
    expectProblem(await tick(true, keeper), 403, 'forbidden')
    ok(await tick(true, api.owner))
    expect(ok(await tick(true, keeper)).filesApiAccess).toBe(true)
    expect(ok(await tick(false, keeper)).filesApiAccess).toBe(false)
  })

  it('makes no key Default that may do more than they', async () => {
    const own = await api.addForm({ access: 'team' })
    const person = await member('key_keeper', own)
    const generate = () => api.call('PUT', `/forms/${own.formId}/apiKey`, { as: person })
    ok(await keys.revoke(own, await keys.defaultOf(own)))
    expectProblem(await generate(), 403, 'forbidden')
    expect(ok(await api.call('GET', `/forms/${own.formId}/apiKeys`, { as: api.owner }))).toEqual([])
    ok(await api.call('PUT', `/forms/${own.formId}/apiKey`, { as: api.owner }))
    ok(await generate())
  })
})
