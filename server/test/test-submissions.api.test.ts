import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scopes, testScopes } from '../src/access/scope.ts'
import { plainAnswers } from './definitions.ts'
import { type Api, type As, ok, type TestForm } from './harness.ts'
import { type KeysApi, type NamedKey, openKeysApi } from './keys-app.ts'
import { expectSoundDatabase } from './sound-database.ts'

let keys: KeysApi
let api: Api
let form: TestForm
let live: NamedKey
let test: NamedKey

// Answers that no other text holds; three live submissions and two test ones.
const [liveName, testName] = ['Ada-of-the-live', 'Tess-of-the-tests']
const counts = { [liveName]: 3, [testName]: 2 }
const columnOf = (name: string) => `${name}-column`

beforeAll(async () => {
  keys = await openKeysApi()
  api = keys.api
  form = await api.addForm()
  live = await keys.addKey(form, { scopes: [...scopes] })
  test = await keys.addKey(form, { test: true, scopes: [...testScopes] })
  await fill(form, live.as, liveName)
  await fill(form, test.as, testName)
})
afterAll(async () => {
  await expectSoundDatabase(api.database.pool)
  await api.close()
})

async function fill(target: TestForm, as: As, name: string): Promise<string[]> {
  const ids: string[] = []
  for (let count = 0; count < (counts[name] ?? 0); count += 1) {
    const submission = { data: { ...plainAnswers, name, [columnOf(name)]: 'undeclared' } }
    ids.push(ok(await keys.submitAs(target, as, { submission })).id)
  }
  return ids
}

const ofVersion = () => `/forms/${form.formId}/versions/${form.versionId}/submissions`
type Asked = { test?: boolean }
const query = ({ test }: Asked, more: Record<string, string> = {}) => ({
  ...more,
  ...(test === undefined ? {} : { test: String(test) }),
})

/** Every way to read submissions, as calls that give a text with the answers. */
const readers: [string, (as: As, asked: Asked) => ReturnType<Api['call']>][] = [
  [
    'the list',
    (as, asked) =>
      api.call('GET', `/forms/${form.formId}/submissions`, { as, query: query(asked, { fields: 'name' }) }),
  ],
  [
    'the list by pages',
    (as, asked) =>
      api.call('GET', `/forms/${form.formId}/submissions`, {
        as,
        query: query(asked, { fields: 'name', paginationEnabled: 'true', itemsPerPage: '50' }),
      }),
  ],
  [
    'the list sorted and searched',
    (as, asked) =>
      api.call('GET', `/forms/${form.formId}/submissions`, {
        as,
        query: query(asked, { fields: 'name', 'sortBy[column]': 'name', search: 'of-the' }),
      }),
  ],
  ['the submissions of a version', (as, asked) => api.call('GET', ofVersion(), { as, query: query(asked) })],
  [
    'discovered submissions',
    (as, asked) => api.call('GET', `${ofVersion()}/discover`, { as, query: query(asked, { fields: 'name' }) }),
  ],
  ...(['json', 'csv'] as const).map((format): (typeof readers)[number] => [
    `the export as ${format}`,
    (as, asked) => api.call('GET', `/forms/${form.formId}/export`, { as, query: query(asked, { format }) }),
  ]),
  [
    'the export of chosen fields',
    (as, asked) =>
      api.call('POST', `/forms/${form.formId}/export/fields`, {
        as,
        body: { format: 'csv', fields: ['name'], ...asked },
      }),
  ],
]

/** How many submissions of each kind a text tells of: each holds its name once as an answer. */
function told(body: string) {
  const count = (name: string) => body.split(new RegExp(`${name}(?!-column)`)).length - 1
  return { live: count(liveName), test: count(testName) }
}

describe.each(readers)('%s', (_what, read) => {
  const shown = async (as: As, asked: Asked) => {
    const response = await read(as, asked)
    expect(response.statusCode, response.body).toBe(200)
    return told(response.body)
  }

  it.each([{}, { test: true }, { test: false }])(
    'shows a test key test submissions alone, for %j too',
    async (asked) => {
      expect(await shown(test.as, asked)).toEqual({ live: 0, test: 2 })
    },
  )

  it.each([{}, { test: false }])('shows others none of them for %j', async (asked) => {
    for (const as of [live.as, api.owner]) expect(await shown(as, asked)).toEqual({ live: 3, test: 0 })
  })

  it('shows them to others who ask for them, and no live one then', async () => {
    for (const as of [live.as, api.owner]) expect(await shown(as, { test: true })).toEqual({ live: 0, test: 2 })
  })

  it.each(['yes', 'null', '1,0'])('refuses test=%s', async (value) => {
    const asked = { test: value as unknown as boolean }
    expect((await read(test.as, asked)).statusCode).toBe(400)
  })
})

describe('counts', () => {
  const total = async (as: As, more: Record<string, string> = {}) => {
    const asked = { paginationEnabled: 'true', itemsPerPage: '1', ...more }
    return ok(await api.call('GET', `/forms/${form.formId}/submissions`, { as, query: asked })).total
  }

  it('of a list are of live or of test submissions', async () => {
    expect(await total(live.as)).toBe(3)
    expect(await total(live.as, { test: 'true' })).toBe(2)
    expect(await total(test.as)).toBe(2)
    expect(await total(test.as, { test: 'false' })).toBe(2)
    expect(await total(test.as, { draft: 'true' })).toBe(0)
    expect(await total(live.as, { createdBy: 'api-key' })).toBe(3)
    expect(await total(test.as, { createdBy: 'api-key' })).toBe(2)
  })

  it('in the list of one’s forms leave test submissions out', async () => {
    const [listed] = ok(await api.call('GET', '/rbac/current/forms', { as: api.owner, query: { formId: form.formId } }))
    expect(listed).toMatchObject({ submissionCount: 3 })
  })
})

describe('the columns of an export', () => {
  const columns = async (as: As, asked: Asked = {}) =>
    ok(await api.call('GET', `/forms/${form.formId}/csvexport/fields`, { as, query: query(asked) }))

  it('are those of live or of test submissions', async () => {
    expect(await columns(live.as)).toContain(columnOf(liveName))
    expect(await columns(live.as)).not.toContain(columnOf(testName))
    expect(await columns(live.as, { test: true })).toContain(columnOf(testName))
    for (const asked of [{}, { test: true }, { test: false }]) {
      expect(await columns(test.as, asked)).toContain(columnOf(testName))
      expect(await columns(test.as, asked)).not.toContain(columnOf(liveName))
    }
  })

  it('cannot be named by a test key when live submissions alone have them', async () => {
    const named = (as: As, name: string) =>
      api.call('POST', `/forms/${form.formId}/export/fields`, { as, body: { format: 'csv', fields: [name] } })
    expect((await named(test.as, columnOf(testName))).statusCode).toBe(200)
    const foreign = await named(test.as, columnOf(liveName))
    const unknown = await named(test.as, 'Nobody-of-anything')
    expect(foreign.statusCode).toBe(400)
    expect(foreign.body.replaceAll(columnOf(liveName), 'x')).toBe(unknown.body.replaceAll('Nobody-of-anything', 'x'))
  })
})

describe('people and live keys', () => {
  it('read a test submission by its id, and see that it is one', async () => {
    const own = await api.addForm()
    const key = await keys.addKey(own, { test: true, scopes: ['submissions:write'] })
    const { id } = ok(await keys.submitAs(own, key.as))
    for (const as of [own.key, api.owner]) {
      expect(ok(await api.call('GET', `/submissions/${id}`, { as })).submission).toMatchObject({ test: true })
    }
  })

  it('keep the counts sound when they change, submit, delete and restore test submissions and drafts', async () => {
    const own = await api.addForm()
    const key = await keys.addKey(own, { test: true, scopes: [...testScopes] })
    const body = { submission: { data: plainAnswers } }
    const ids = [ok(await keys.submitAs(own, key.as)).id, ok(await keys.submitAs(own, key.as, { draft: true })).id]
    const [first, draft] = ids
    const as = api.owner
    ok(await api.call('PUT', `/submissions/${draft}`, { as, body: { ...body, draft: false } }))
    ok(await api.call('PUT', `/submissions/${first}`, { as, body }))
    ok(await api.call('DELETE', `/submissions/${first}`, { as: key.as }))
    ok(await api.call('PUT', `/submissions/${first}/restore`, { as, body: { deleted: false } }))
    const many = `/submissions/${first}/${own.formId}/submissions`
    ok(await api.call('DELETE', many, { as, body: { submissionIds: ids } }))
    ok(await api.call('PUT', `${many}/restore`, { as, body: { submissionIds: ids } }))
    ok(await api.call('POST', `/submissions/${first}/status`, { as: key.as, body: { code: 'REVISING' } }))
    await expectSoundDatabase(api.database.pool)
    const { rows } = await api.database.pool.query('select test from submission where form_id = $1', [own.formId])
    expect(rows).toEqual([{ test: true }, { test: true }])
  })
})
