import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { plainAnswers } from './definitions.ts'
import { type As, ok, openApi, type TestForm } from './harness.ts'
import { fileAnswer, multipartBody, multipartType, upload } from './multipart.ts'
import { type ApiOperation, fill, operationsOf, rowsOfForm, sampleBody } from './operations.ts'
import { expectSoundDatabase } from './sound-database.ts'

/** Longer by hand, to hunt: RUBBISH_SECONDS=600 RUBBISH_SEED=… */
const seconds = Number(process.env.RUBBISH_SECONDS ?? 25)
const seed = Number(process.env.RUBBISH_SEED ?? Date.now() % 2 ** 31)

const api = await openApi()
const operations = operationsOf(api.app)
let bystander: TestForm
let ids: Map<string, string[]>
let callers: As[]
let calls = 0
let used = false

beforeAll(async () => {
  bystander = await api.addForm({ access: 'team' })
  await api.submit(bystander)
  await renew()
})
afterAll(() => api.close())

/** Operations after which a caller, or the form, is no longer what it was. */
const consuming = [
  'signOut',
  'signOutEverywhere',
  'deleteForm',
  'generateApiKey',
  'deleteApiKey',
  'setRolesOnForm',
  'setRolesOfUser',
]

/** Operations whose answers name what there is to try next, such as a version with a spoiled definition. */
const making = new Map([
  ['createDraft', 'formVersionDraftId'],
  ['publishDraft', 'formVersionId'],
  ['createSubmission', 'formSubmissionId'],
  ['uploadFile', 'fileId'],
])

/** A form with one of everything, a person with all roles on it, and nobody's part in the bystander. */
async function renew(): Promise<void> {
  const form = await api.addForm({ settings: { enableSubmitterDraft: true, allowSubmitterToUploadFile: true } })
  const person = await addPerson()
  const { pool } = api.database
  await pool.query('update form_role_user set user_id = $1 where form_id = $2', [person.id, form.formId])
  await pool.query('update app_user set server_owner = true where id = $1', [person.id])
  const body = { schema: { components: [] } }
  const draft = ok(await api.call('POST', `/forms/${form.formId}/drafts`, { as: form.key, body }))
  const path = `/forms/${form.formId}/apiKey/filesApiAccess`
  ok(await api.call('PUT', path, { as: person, body: { filesApiAccess: true } }))
  const file = ok(await upload(api, form.formId))
  const attached = await api.submit(form, { ...plainAnswers, attachments: fileAnswer(file) })
  ids = new Map([
    ['formId', [form.formId, form.formId, bystander.formId]],
    ['formVersionId', [form.versionId, form.versionId, bystander.versionId]],
    ['formVersionDraftId', [draft.id]],
    ['fileId', [file.id]],
    ['formSubmissionId', [attached, await api.submit(form, plainAnswers, { draft: true })]],
    ['userId', [person.id, api.owner.id]],
    ['code', ['owner', 'form_read']],
  ])
  callers = [form.key, person, undefined]
  used = false
}

/** Rubbish at the sign-in uses up what an address may try; then time has to pass. */
async function addPerson() {
  const person = await api.addPerson(`person-${++calls}@example.org`)
  if (person.cookie) return person
  api.advance(15 * 60_000)
  return api.addPerson(`person-${++calls}@example.org`)
}

const nasty = fc.constantFrom(
  '',
  ' ',
  '0',
  '-1',
  '1e400',
  '9223372036854775808',
  '99999999999999999999999999',
  'null',
  'undefined',
  'true',
  '[]',
  '{}',
  '{"minDate":{}}',
  '__proto__',
  'constructor',
  'toString.length',
  'a.b.c.d.e',
  '.',
  ',,,',
  '%',
  '_',
  '\\',
  "'; drop table form; --",
  '$1',
  '2026-02-30',
  '+275760-09-13T00:00:00Z',
  '0000-01-01',
  '12:00',
  'data',
  'createdAt',
  'Ünï😀',
  'urn:uuid:8f6c0e9a-3f2b-4a55-9d0e-6a1f2b3c2b1d',
  'a'.repeat(300),
)
const text = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ maxLength: 8 }))
const names = fc.constantFrom(
  ...[
    'submission',
    'data',
    'draft',
    'deleted',
    'name',
    'schema',
    'components',
    'key',
    'type',
    'formId',
    'role',
    'labels',
  ],
  ...['identityProviders', 'schedule', 'enabled', 'closeSubmissionDateTime', 'allowLateSubmissions', 'forNext', 'term'],
  ...[
    'children',
    'values',
    'validate',
    'pattern',
    'conditional',
    'logic',
    'columns',
    'preference',
    'fields',
    'version',
  ],
  ...['template', 'email', 'password', 'token', 'formVersionId', 'state', 'metadata', 'age', 'filesApiAccess', 'input'],
)
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.oneof(
      text,
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('textfield', 'datagrid'),
    ),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.oneof({ weight: 3, arbitrary: names }, { weight: 1, arbitrary: text }), tie('any'), {
      maxKeys: 5,
    }),
  ),
})).any

/** A good body in which some member, however deep, was replaced, added or taken away. */
function spoiled(sample: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(sample)) {
    return fc.oneof(value, ...sample.map((each, index) => spoiled(each).map((bad) => sample.with(index, bad))))
  }
  if (typeof sample !== 'object' || sample === null) return fc.oneof(value, fc.constant(sample))
  const members = Object.entries(sample)
  const added = fc.tuple(fc.oneof(names, text), value).map(([name, bad]) => ({ ...sample, [name]: bad }))
  const changed = members.map(([name, member]) => spoiled(member).map((bad) => ({ ...sample, [name]: bad })))
  return fc.oneof({ weight: 1, arbitrary: value }, { weight: 3, arbitrary: added }, ...changed)
}

function bodyFor(operation: ApiOperation): fc.Arbitrary<string> {
  const good = sampleBody(operation.id)
  const json = fc
    .oneof({ weight: 1, arbitrary: fc.constant(good) }, { weight: 5, arbitrary: spoiled(good) })
    .map((each) => JSON.stringify(each) ?? '')
  const cut = fc.tuple(json, fc.nat()).map(([whole, at]) => whole.slice(0, at % (whole.length + 1)))
  return fc.oneof({ weight: 8, arbitrary: json }, { weight: 1, arbitrary: cut }, { weight: 1, arbitrary: text })
}

type Rubbish = {
  operation: ApiOperation
  caller: number
  parameters: Record<string, string>
  picks: number
  query: [string, string][]
  headers: Record<string, string>
  body: string | undefined
}

const headerText = fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)) })
const headers = fc.dictionary(
  fc.constantFrom('content-type', 'idempotency-key', 'x-submission-token', 'accept', 'origin', 'cookie', 'range'),
  fc.oneof(headerText, fc.constantFrom('application/json', 'text/plain', 'application/json; charset=latin1', '*/*')),
  { maxKeys: 2 },
)

const rubbish: fc.Arbitrary<Rubbish> = fc.constantFrom(...operations).chain((operation) =>
  fc.record({
    operation: fc.constant(operation),
    caller: fc.nat(2),
    // Mostly ids of what there is; otherwise nothing gets past the guard.
    parameters: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Record<string, string>>({}) },
      { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...operation.pathParameters, 'none'), text) },
    ),
    picks: fc.nat(),
    query: fc.array(
      fc.tuple(fc.oneof({ weight: 9, arbitrary: fc.constantFrom('formId', ...operation.queryParameters) }, text), text),
      { maxLength: 4 },
    ),
    headers: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: headers }),
    body: operation.hasBody ? bodyFor(operation) : fc.option(text, { nil: undefined, freq: 8 }),
  }),
)

const escaped = (each: string) => encodeURIComponent(each.toWellFormed())

function addressOf({ operation, parameters, picks, query }: Rubbish): string {
  const known = new Map([...ids].map(([name, some]) => [name, some[picks % some.length] ?? '']))
  const wellFormed = Object.entries(parameters).map(([name, each]) => [name, each.toWellFormed()])
  const path = fill(operation.path, { ...Object.fromEntries(known), ...Object.fromEntries(wellFormed) })
  const needed = operation.path.includes('{') ? [] : ['formId', 'userId'].map((name) => `${name}=${known.get(name)}`)
  const pairs = query.map(([name, each]) => {
    const id = picks % 2 ? known.get(name) : undefined
    return `${escaped(name)}=${escaped(id ?? each)}`
  })
  return `${path}?${[...(picks % 3 ? needed : []), ...pairs].join('&')}`
}

/** An upload is mostly a file with a rubbish name, type and content. */
function bodyOf({ operation, body, picks }: Rubbish) {
  if (body === undefined || operation.id !== 'uploadFile') return { type: 'application/json', body }
  const parts = Array.from({ length: picks % 3 || 1 }, () => ({ name: body, type: body.slice(0, 20), content: body }))
  return { type: multipartType, body: picks % 4 ? multipartBody(...parts) : body }
}

async function send(each: Rubbish): Promise<void> {
  if (++calls % 200 === 0 || used) await renew()
  const { type: sentType, body } = bodyOf(each)
  const response = await api.call(each.operation.method, addressOf(each), {
    as: callers[each.caller],
    headers: { ...(body === undefined ? {} : { 'content-type': sentType }), ...each.headers },
    ...(body === undefined ? {} : { body }),
  })
  const made = making.get(each.operation.id)
  if (made && response.statusCode < 300) ids.get(made)?.push(response.json().id)
  used ||= response.statusCode < 300 && consuming.includes(each.operation.id)
  const type = String(response.headers['content-type'] ?? '')
  expect(response.statusCode, response.body).toBeLessThan(500)
  if (response.statusCode >= 400) {
    expect(type).toBe('application/problem+json; charset=utf-8')
    expect(response.json()).toMatchObject({ status: response.statusCode, code: expect.stringMatching(/^[a-z_]+$/) })
  } else if (response.body !== '') {
    if (each.operation.id === 'getFile') return
    expect(type).toMatch(/^(application\/(json|xml)|text\/(json|csv|plain))(;odata\.metadata=\w+)?; ?charset=utf-8/)
    if (type.includes('/json')) response.json()
  }
}

it(
  `answers rubbish without failing, and keeps its tables in agreement (seed ${seed})`,
  async () => {
    console.info(`Rubbish with seed ${seed}`)
    const before = await rowsOfForm(api.database.pool, bystander.formId)
    await fc.assert(fc.asyncProperty(rubbish, send), {
      seed,
      numRuns: 1_000_000,
      interruptAfterTimeLimit: seconds * 1000,
      markInterruptAsFailure: false,
    })
    console.info(`${calls} calls`)
    await expectSoundDatabase(api.database.pool)
    // The owner may change the form beside; whoever is not its owner may not, and a key of another form neither.
    expect((await rowsOfForm(api.database.pool, bystander.formId)).length).toBeGreaterThanOrEqual(before.length - 20)
  },
  (seconds + 60) * 1000,
)
