import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scopes } from '../src/access/scope.ts'
import { expectProblem } from './expect-problem.ts'
import { openApi } from './harness.ts'
import { keysOn, type NamedKey } from './keys-app.ts'
import { type ApiOperation, fill, operationsOf, rowsOfForm, sampleBody } from './operations.ts'
import { addWorld, type World } from './world.ts'

// At the top, for the tests are made from what the document says.
const api = await openApi()
const keys = keysOn(api)
const keyed = operationsOf(api.app).filter((each) => each.takesKey)

let world: World
/** For each scope a key that has no other. */
const keyWith = new Map<string, NamedKey>()

beforeAll(async () => {
  world = await addWorld(api)
  for (const scope of scopes) keyWith.set(scope, await keys.addKey(world, { scopes: [scope] }))
})
afterAll(() => api.close())

function send({ id, method, path, hasBody }: ApiOperation, { as }: NamedKey, { ids }: World) {
  return api.call(method, fill(path, ids), { as, ...(hasBody ? { body: sampleBody(id) } : {}) })
}

const isOfFiles = ({ path }: ApiOperation) => path.includes('/files')

it('gives each scope an operation that it opens', () => {
  const opening = new Set(keyed.flatMap((each) => each.scopes))
  // It opens none of its own: it widens what `form:update` may change.
  expect(new Set([...opening, 'form:access'])).toEqual(new Set(scopes))
})

describe.each(keyed)('$id', (operation) => {
  it('names one scope in the document', () => {
    expect(operation.scopes).toHaveLength(1)
    expect(scopes).toContain(operation.scopes[0])
  })

  it('lets a key in that has this scope alone', async () => {
    const own = await addWorld(api)
    const response = await send(operation, await keys.addKey(own, { scopes: operation.scopes }), own)
    expect(response.statusCode, response.body).toBeLessThan(300)
  })

  it('refuses a key with any other scope, and changes nothing', async () => {
    const before = await rowsOfForm(api.database.pool, world.formId)
    for (const [scope, key] of keyWith) {
      if (operation.scopes.includes(scope)) continue
      const response = await send(operation, key, world)
      expectProblem(response, 403, isOfFiles(operation) ? 'files_api_access_off' : 'insufficient_scope')
      if (!isOfFiles(operation)) expect(response.json().detail).toContain(operation.scopes[0])
    }
    expect(await rowsOfForm(api.database.pool, world.formId)).toEqual(before)
  })

  it('refuses a key that has every scope but this', async () => {
    const others = scopes.filter((each) => !operation.scopes.includes(each))
    const key = await keys.addKey(world, { scopes: others })
    expect((await send(operation, key, world)).statusCode).toBe(403)
    await keys.revoke(world, key)
  })

  it('tells a key without the scope nothing of what there is', async () => {
    const unknown = { ...world, ids: { ...world.ids, ...unknownIds } }
    for (const [scope, key] of keyWith) {
      if (operation.scopes.includes(scope)) continue
      expect((await send(operation, key, unknown)).body).toBe((await send(operation, key, world)).body)
    }
  })
})

const unknownIds = Object.fromEntries(
  ['formVersionId', 'formVersionDraftId', 'formSubmissionId', 'fileId'].map((name) => [name, crypto.randomUUID()]),
)

describe('what a key may do', () => {
  it('follows a change of its scopes with the next call', async () => {
    const key = await keys.addKey(world, { scopes: ['submissions:read'] })
    expect((await keys.use(world, key.as)).statusCode).toBe(403)
    await keys.change(world, key, { scopes: ['form:read'] })
    expect((await keys.use(world, key.as)).statusCode).toBe(200)
    await keys.change(world, key, { scopes: ['submissions:read'] })
    expect((await keys.use(world, key.as)).statusCode).toBe(403)
  })

  it('costs a unit of its limit, also where it is refused', async () => {
    const key = await keys.addKey(world, { scopes: ['submissions:read'], ownLimit: 3 })
    const refused = await keys.use(world, key.as)
    expect([refused.statusCode, refused.headers.ratelimit]).toEqual([403, 'limit=3, remaining=2, reset=60'])
  })

  it('shows a key that may not read the form what respondents see of it', async () => {
    const emails = { submissionReceivedEmails: ['team@example.org'] }
    const own = await api.addForm({ settings: emails })
    const reading = await keys.addKey(own, { scopes: ['submissions:read'] })
    const id = await api.submit(own)
    const response = await api.call('GET', `/submissions/${id}`, { as: reading.as })
    expect(response.statusCode).toBe(200)
    expect(response.body).not.toContain('team@example.org')
  })

  it('is decided call by call while its scopes change, and never by half', async () => {
    const key = await keys.addKey(world, { scopes: ['form:read'] })
    const changes = ['submissions:read', 'form:read', 'status:read', 'form:read'].map((scope) =>
      keys.tryToChange(world, key, { scopes: [scope] }),
    )
    const calls = await Promise.all(Array.from({ length: 60 }, () => keys.use(world, key.as)))
    for (const { statusCode } of calls) expect([200, 403]).toContain(statusCode)
    for (const change of await Promise.all(changes)) expect(change.statusCode).toBe(200)
    const { scopes: left } = await keys.viewOf(world, key)
    expect(left).toHaveLength(1)
    expect((await keys.use(world, key.as)).statusCode).toBe(left[0] === 'form:read' ? 200 : 403)
  })
})
