import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateApiKey } from '../src/api-keys/api-key.ts'
import { type As, basic, ok, openApi, type TestForm } from './harness.ts'
import { type ApiOperation, fill, operationsOf, rowsOfForm, sampleBody } from './operations.ts'
import { addWorld, type World } from './world.ts'

// At the top, for the tests are made from what the document says.
const api = await openApi()
const operations = operationsOf(api.app)
const keyed = operations.filter((each) => each.takesKey)
const keyless = operations.filter((each) => !each.takesKey)
const aboutForms = operations.filter((each) => each.pathParameters.some((name) => /^(form|file)/.test(name)))

/** What only the other form's team may ever see. */
const secretAnswer = 'a secret of the other form'
let mine: World
let theirs: World
let deleted: TestForm
let withoutKey: TestForm

beforeAll(async () => {
  const stranger = await api.addPerson('other@example.org')
  mine = await addWorld(api)
  theirs = await addWorld(api, secretAnswer)
  await api.database.pool.query('update form_role_user set user_id = $1 where form_id = $2', [
    stranger.id,
    theirs.formId,
  ])
  deleted = await api.addForm()
  ok(await api.call('DELETE', `/forms/${deleted.formId}`, { as: api.owner }))
  withoutKey = await api.addForm()
  ok(await api.call('DELETE', `/forms/${withoutKey.formId}/apiKey`, { as: api.owner }))
})
afterAll(() => api.close())

function send({ id, method, path, hasBody }: ApiOperation, as: As, ids: Record<string, string>, more: object = {}) {
  return api.call(method, fill(path, ids), { as, ...(hasBody ? { body: sampleBody(id) } : {}), ...more })
}

/** All that a caller can tell two answers by, but for what counts down. */
function shown({ statusCode, headers, body }: LightMyRequestResponse) {
  const { date: _, ratelimit: __, ...others } = headers
  return { statusCode, headers: others, body }
}

const wrongKey = () => generateApiKey((size) => Buffer.alloc(size, 7))
const wrongCredentials: [string, () => As][] = [
  ['a wrong key', () => ({ formId: mine.formId, secret: wrongKey() })],
  ['a key that is none', () => ({ formId: mine.formId, secret: 'password' })],
  ['a key with a typing error', () => ({ formId: mine.formId, secret: mine.secret.replace(/.$/, '!') })],
  ['an empty key', () => ({ formId: mine.formId, secret: '' })],
  ['another form’s key', () => ({ formId: mine.formId, secret: theirs.secret })],
  ['a UUID for a key', () => ({ formId: mine.formId, secret: randomUUID() })],
  ['an unknown form', () => ({ formId: randomUUID(), secret: mine.secret })],
  ['a form without a key', () => ({ formId: withoutKey.formId, secret: withoutKey.secret })],
  ['a deleted form’s key', () => deleted.key],
]

const encoded = (text: string | Buffer) => Buffer.from(text).toString('base64')
const malformedHeaders: [string, () => string][] = [
  ['the scheme alone', () => 'Basic'],
  ['the scheme and a space', () => 'BASIC '],
  ['what is no base64', () => 'Basic !!!'],
  ['base64 for URLs', () => `basic ${Buffer.from([251, 255, 58, 251]).toString('base64url')}`],
  ['no colon', () => `Basic ${encoded(mine.formId)}`],
  ['bytes that are no UTF-8', () => `Basic ${encoded(Buffer.from([255, 254, 58, 200]))}`],
  ['a user name that is no UUID', () => basic('mallory', mine.secret)],
  ['no user name', () => basic('', mine.secret)],
  ['a second colon behind the key', () => basic(mine.formId, `${mine.secret}:`)],
  ['two tokens', () => `${basic(mine.formId, mine.secret)} ${encoded('a:b')}`],
  ['a tab for a space', () => basic(mine.formId, mine.secret).replace(' ', '\t')],
  ['a NUL in the user name', () => basic(`${mine.formId}\u0000`, mine.secret)],
]

/** The one answer to whoever brings credentials that do not open the operation. */
function refusal() {
  return {
    statusCode: 401,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'www-authenticate': 'Basic realm="Formgate", charset="UTF-8"',
      'ratelimit-policy': '100000;w=60',
    },
  }
}

it('walks a document that has operations of both kinds', () => {
  expect(keyed.length).toBeGreaterThan(20)
  expect(keyless.length).toBeGreaterThan(20)
})

describe.each(keyed)('$id', (operation) => {
  it('takes the form’s own key, in any spelling of the scheme', async () => {
    for (const scheme of ['Basic', 'bASIC  ']) {
      const world = await addWorld(api)
      const authorization = basic(world.formId, world.secret).replace('Basic', scheme)
      const response = await send(operation, { authorization }, world.ids)
      expect(response.statusCode, response.body).toBeLessThan(300)
      expect(response.headers).toMatchObject({ 'ratelimit-policy': '100000;w=60', ratelimit: expect.any(String) })
    }
  })

  it('refuses every wrong credential with the same answer', async () => {
    const answers: ({ what: string } & ReturnType<typeof shown>)[] = []
    for (const [what, as] of wrongCredentials) answers.push({ what, ...shown(await send(operation, as(), mine.ids)) })
    for (const [what, authorization] of malformedHeaders) {
      answers.push({ what, ...shown(await send(operation, { authorization: authorization() }, mine.ids)) })
    }
    const [first] = answers
    for (const answer of answers) {
      expect(answer).toMatchObject(refusal())
      expect(answer).toEqual({ ...first, what: answer.what })
    }
  })

  it('refuses wrong credentials before it looks whether there is what they name', async () => {
    const expected = shown(await send(operation, { formId: randomUUID(), secret: wrongKey() }, mine.ids))
    const wrong = { formId: mine.formId, secret: wrongKey() }
    const ids = { ...theirs.ids, formId: mine.formId }
    expect(shown(await send(operation, wrong, ids))).toEqual(expected)
    expect(shown(await send(operation, wrong, { ...ids, ...unknownIds() }))).toEqual(expected)
  })

  it('gives nobody anything', async () => {
    const response = await send(operation, undefined, mine.ids)
    expect(response).toMatchObject(refusal())
    const inBrowser = await send(operation, undefined, mine.ids, { headers: { 'sec-fetch-site': 'same-origin' } })
    expect(inBrowser.statusCode).toBe(401)
    expect(inBrowser.headers).not.toHaveProperty('www-authenticate')
  })

  it('never reaches another form, whatever ids the path names', async () => {
    const before = await rowsOfForm(api.database.pool, theirs.formId)
    const world = await addWorld(api)
    const named = operation.pathParameters.filter((name) => name !== 'formId')
    for (const name of named) {
      const foreign = await send(operation, world.key, { ...world.ids, [name]: theirs.ids[name] ?? '' })
      const unknown = await send(operation, world.key, { ...world.ids, [name]: randomUUID() })
      expect(foreign.statusCode).toBe(404)
      expect(shown(foreign)).toEqual(shown(unknown))
    }
    if (operation.pathParameters.includes('formId')) {
      expect(await send(operation, world.key, theirs.ids)).toMatchObject(refusal())
    }
    expect(await rowsOfForm(api.database.pool, theirs.formId)).toEqual(before)
  })

  it('never reaches another form, whatever ids the query names', async () => {
    const before = await rowsOfForm(api.database.pool, theirs.formId)
    const world = await addWorld(api)
    for (const ids of [
      theirs.ids,
      { ...theirs.ids, submissionId: theirs.ids.formSubmissionId ?? '', active: 'true' },
    ]) {
      const response = await send(operation, world.key, world.ids, { query: ids })
      expect(response.statusCode).toBeLessThan(500)
      expect(response.body).not.toContain(theirs.ids.formSubmissionId)
      expect(response.body).not.toContain(secretAnswer)
    }
    expect(await rowsOfForm(api.database.pool, theirs.formId)).toEqual(before)
  })
})

describe.each(keyed.filter((each) => each.hasBody))('$id', (operation) => {
  it('never writes to another form, whatever ids the body names', async () => {
    const before = await rowsOfForm(api.database.pool, theirs.formId)
    const world = await addWorld(api)
    for (const name of ['id', 'formId', 'formVersionId', 'formSubmissionId', 'submissionId', 'draft', 'versions']) {
      for (const value of new Set(Object.values(theirs.ids))) {
        const sample = sampleBody(operation.id) as { submission?: object }
        const inner = sample.submission ? { submission: { ...sample.submission, [name]: value } } : {}
        const body = { ...sample, [name]: value, ...inner }
        const response = await send(operation, world.key, world.ids, { body })
        expect(response.statusCode).toBeLessThan(500)
        expect(response.body).not.toContain(secretAnswer)
      }
    }
    expect(await rowsOfForm(api.database.pool, theirs.formId)).toEqual(before)
  })
})

describe.each(keyless)('$id', (operation) => {
  it('refuses every key and every malformed one, the right one too', async () => {
    const query = { formId: mine.formId, userId: api.owner.id }
    const expected = shown(await send(operation, mine.key, mine.ids, { query }))
    expect(expected).toMatchObject(refusal())
    for (const as of [theirs.key, ...wrongCredentials.map(([, each]) => each())]) {
      expect(shown(await send(operation, as, mine.ids, { query }))).toEqual(expected)
    }
    for (const [, authorization] of malformedHeaders) {
      const answer = await send(operation, { authorization: authorization() }, mine.ids, { query })
      expect(shown(answer)).toEqual(expected)
    }
  })
})

describe.each(aboutForms.filter((each) => !each.open))('$id', (operation) => {
  it('gives a person nothing of a form on which they have no role', async () => {
    const before = await rowsOfForm(api.database.pool, theirs.formId)
    const answer = await send(operation, api.owner, theirs.ids)
    expect([403, 404]).toContain(answer.statusCode)
    expect(shown(answer)).toEqual(shown(await send(operation, api.owner, { ...theirs.ids, ...unknownIds() })))
    expect(await rowsOfForm(api.database.pool, theirs.formId)).toEqual(before)
  })
})

function unknownIds() {
  const names = ['formVersionId', 'formVersionDraftId', 'formSubmissionId', 'fileId', 'exportId']
  return Object.fromEntries(names.map((name) => [name, randomUUID()]))
}
