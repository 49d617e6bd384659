import { once } from 'node:events'
import { get } from 'node:http'
import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers, plainForm } from './definitions.ts'
import { type Api, basic, ok, openApi, type TestForm } from './harness.ts'

let api: Api
let form: TestForm

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm({ schema: plainForm, settings: { name: 'Étude de l’eau' } })
})
afterAll(() => api.close())

type Query = Record<string, string | string[]>

/** A row of the JSON export. */
type Exported = { form: Record<string, unknown>; [key: string]: unknown }

const exported = (of: TestForm, query: Query = {}) =>
  api.call('GET', `/forms/${of.formId}/export`, { as: of.key, query })

async function json(of: TestForm, query: Query = {}): Promise<Exported[]> {
  return ok(await exported(of, { format: 'json', ...query }))
}

/** Header and records as an independent reader sees them. */
async function csv(of: TestForm, query: Query = {}): Promise<string[][]> {
  const response = await exported(of, query)
  expect(response.statusCode, response.body).toBe(200)
  return parse(response.body, { record_delimiter: '\r\n' })
}

/** Records as objects by the header. */
async function records(of: TestForm, query: Query = {}): Promise<Record<string, string>[]> {
  const [header = [], ...rows] = await csv(of, query)
  return rows.map((row) => Object.fromEntries(header.map((name, place) => [name, row[place] ?? ''])))
}

const textField = (key: string) => ({ type: 'textfield', key, label: key, input: true })
const formOf = (...components: object[]) => ({ display: 'form', components })
const addForm = (...components: object[]) => api.addForm({ schema: formOf(...components) })

/** Makes another version, and gives the form as its submissions then go. */
async function addVersion(of: TestForm, ...components: object[]): Promise<TestForm> {
  const draft = ok(
    await api.call('POST', `/forms/${of.formId}/drafts`, { as: api.owner, body: { schema: formOf(...components) } }),
  )
  const path = `/forms/${of.formId}/drafts/${draft.id}/publish`
  return { ...of, versionId: ok(await api.call('POST', path, { as: api.owner })).id }
}

const answersOf = (header: string[]) => header.filter((name) => !name.startsWith('form.'))

describe('the JSON export', () => {
  it('gives each submission its metadata and its answers', async () => {
    const id = await api.submit(form)
    const [row] = await json(form)
    expect(row).toEqual({
      ...plainAnswers,
      form: {
        submissionId: id,
        confirmationId: id.slice(0, 8).toUpperCase(),
        formName: 'Étude de l’eau',
        version: 1,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        fullName: 'api-key:Default',
        username: 'api-key:Default',
        email: null,
        submittedAt: expect.stringMatching(/Z$/),
        status: 'SUBMITTED',
        assignee: null,
        assigneeEmail: null,
      },
    })
  })

  it('names the person who signed in, and the one a submission is assigned to', async () => {
    const own = await addForm(textField('a'))
    const path = `/forms/${own.formId}/versions/${own.versionId}/submissions`
    const { id } = ok(await api.call('POST', path, { as: api.owner, body: { submission: { data: { a: 'x' } } } }))
    await sql`with given as (update submission set status = 'ASSIGNED' where id = ${id})
      insert into submission_status (id, submission_id, code, assigned_to_user_id, created_by, created_at)
      values (gen_random_uuid(), ${id}, 'ASSIGNED', ${api.owner.id}, 'test', now() + interval '1 second')`.execute(
      api.database.db,
    )
    const [row] = await json(own)
    expect(row?.form).toMatchObject({
      fullName: 'owner',
      username: 'owner@example.org',
      email: 'owner@example.org',
      status: 'ASSIGNED',
      assignee: 'owner',
      assigneeEmail: 'owner@example.org',
    })
  })

  it('adds the metadata that is asked for', async () => {
    const own = await addForm(textField('a'))
    await api.submit(own, { a: 'x' })
    const [row] = await json(own, { columns: ['draft', 'deleted', 'updatedAt'] })
    expect(row?.form).toMatchObject({ draft: false, deleted: false, updatedAt: expect.stringMatching(/Z$/) })
    expect(Object.keys((await json(own, { columns: 'updatedAt,draft' }))[0]?.form ?? {}).slice(-2)).toEqual([
      'draft',
      'updatedAt',
    ])
  })

  it('keeps the metadata apart from an answer that is called form', async () => {
    const own = await addForm(textField('form'))
    await api.submit(own, { form: 'mine' })
    const [row] = await json(own)
    expect(row?.form).toHaveProperty('confirmationId')
    expect(row?.['data.form']).toBe('mine')
    expect((await records(own))[0]).toMatchObject({ 'data.form': 'mine', 'form.version': '1' })
  })

  it('goes out as a file with the name and the type that CHEFS gives it', async () => {
    const { headers } = await exported(form, { format: 'json' })
    expect(headers['content-type']).toBe('text/json; charset=utf-8')
    expect(headers['content-disposition']).toBe('attachment; filename="etude_de_l_eau_submissions.json"')
  })

  it('is an empty list for a form without submissions', async () => {
    expect((await exported(await addForm(textField('a')), { format: 'json' })).body).toBe('[]')
  })

  it('is newest first', async () => {
    const own = await addForm(textField('a'))
    for (const a of ['1', '2', '3']) await api.submit(own, { a })
    expect((await json(own)).map((row) => row.a)).toEqual(['3', '2', '1'])
  })
})

describe('the CSV export', () => {
  it('is the default, with metadata first and then the answers in design order', async () => {
    const own = await api.addForm({ schema: plainForm })
    await api.submit(own)
    const response = await exported(own)
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(response.headers['content-disposition']).toBe('attachment; filename="survey_submissions.csv"')
    const [header] = await csv(own)
    expect(header).toEqual([
      'form.submissionId',
      'form.confirmationId',
      'form.formName',
      'form.version',
      'form.createdAt',
      'form.fullName',
      'form.username',
      'form.email',
      'form.submittedAt',
      'form.status',
      'form.assignee',
      'form.assigneeEmail',
      'name',
      'age',
      'mail',
      'agree',
      'children.first',
      'children.years',
    ])
    expect((await csv(own))[1]?.slice(12)).toEqual(['Ada', '36', 'ada@example.org', 'true', 'Bo', '3'])
  })

  it('brings every text through an independent reader as it was', async () => {
    const texts = ['a,b', 'say "hi"', 'two\r\nlines', 'one\nmore', ' edges ', 'naïve 😀 ᓄᓇᕗᑦ', ';', '', "'"]
    const own = await addForm(textField('a'), textField('b'))
    for (const a of texts) await api.submit(own, { a, b: 'end' })
    expect((await records(own)).map((row) => row.a)).toEqual(texts.toReversed())
  })

  it('ends every record with CR LF and begins without a byte order mark unless asked', async () => {
    const own = await addForm(textField('a'))
    await api.submit(own, { a: 'x' })
    const plain = (await exported(own)).body
    expect(plain.match(/\r\n/g)).toHaveLength(2)
    expect(plain.startsWith('form.submissionId,')).toBe(true)
    expect((await exported(own, { bom: 'true' })).body).toBe(`\uFEFF${plain}`)
  })

  it('prints numbers and booleans as JSON does, and lists and objects as JSON text', async () => {
    const own = await addForm(
      ...['integer', 'fraction', 'big'].map((key) => ({ type: 'number', key, input: true })),
      ...['yes', 'no'].map((key) => ({ type: 'checkbox', key, input: true })),
      { type: 'select', key: 'many', multiple: true, input: true, data: { values: [{ value: 'a' }, { value: 'b' }] } },
      { type: 'address', key: 'home', input: true },
    )
    await api.submit(own, {
      integer: -5,
      fraction: 0.1,
      big: 1e21,
      yes: true,
      no: false,
      many: ['a', 'b'],
      home: { city: 'Iqaluit' },
    })
    expect((await csv(own))[1]?.slice(12)).toEqual([
      '-5',
      '0.1',
      '1e+21',
      'true',
      'false',
      '["a","b"]',
      '{"city":"Iqaluit"}',
    ])
  })

  it('gives select boxes and surveys a column for each option and question', async () => {
    const own = await addForm(
      { type: 'simplecheckboxes', key: 'boxes', input: true, values: [{ value: 'a' }, { value: 'b' }] },
      {
        type: 'survey',
        key: 'mood',
        input: true,
        questions: [{ value: 'q1' }, { value: 'q2' }],
        values: [{ value: 'good' }],
      },
    )
    await api.submit(own, { boxes: { a: true, b: false }, mood: { q1: 'good' } })
    const [header = [], row] = await csv(own)
    expect(answersOf(header)).toEqual(['boxes.a', 'boxes.b', 'mood.q1', 'mood.q2'])
    expect(row?.slice(12)).toEqual(['true', 'false', 'good', ''])
  })

  it('has a header even without submissions: that of the newest version', async () => {
    const own = await addVersion(await addForm(textField('old')), textField('new'))
    const rows = await csv(own)
    expect(rows).toHaveLength(1)
    expect(answersOf(rows[0] ?? [])).toEqual(['new'])
  })

  it('appends answers that no definition declares, but no buttons', async () => {
    const own = await addForm(textField('a'), { type: 'button', key: 'submit', input: true })
    await api.submit(own, { a: 'x', submit: true, 'z.z': 1, extra: { deep: [1] } })
    const [row] = await records(own)
    expect(Object.keys(row ?? {}).slice(12)).toEqual(['a', 'extra', 'z.z'])
    expect(row).toMatchObject({ a: 'x', extra: '{"deep":[1]}', 'z.z': '1' })
  })

  it('keeps undeclared answers in one column when somebody sent very many', async () => {
    const own = await addForm(textField('a'))
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, place) => [`k${place}`, place]))
    await api.submit(own, { a: 'x', ...many })
    await api.submit(own, { a: 'y' })
    const [second, first] = await records(own)
    expect(JSON.parse(first?.undeclared ?? '')).toEqual(many)
    expect(second?.undeclared).toBe('')
  })
})

describe('columns over several versions', () => {
  it('come from every version that has rows, the newest first, lost ones after their old neighbour', async () => {
    const first = await addForm(textField('intro'), textField('a'), textField('gone'), textField('b'))
    await api.submit(first, { intro: 'i', a: '1', gone: 'g', b: '2' })
    const second = await addVersion(first, textField('b'), textField('a'), textField('new'))
    await api.submit(second, { a: '3', b: '4', new: 'n' })
    expect(answersOf((await csv(second))[0] ?? [])).toEqual(['intro', 'b', 'a', 'gone', 'new'])
    expect((await records(second)).map((row) => [row['form.version'], row.a, row.gone, row.new])).toEqual([
      ['2', '3', '', 'n'],
      ['1', '1', 'g', ''],
    ])
  })

  it('leave out versions that none of the rows has', async () => {
    const first = await addForm(textField('a'), textField('gone'))
    await api.submit(first, { a: '1' })
    const second = await addVersion(first, textField('a'))
    await api.submit(second, { a: '2' })
    expect(answersOf((await csv(second, { version: '2' }))[0] ?? [])).toEqual(['a'])
  })

  it('do not depend on which submission comes first', async () => {
    const own = await addForm(textField('a'), textField('b'))
    await api.submit(own, { a: '1', b: '2' })
    const before = (await csv(own))[0]
    await api.submit(own, {})
    expect((await csv(own))[0]).toEqual(before)
  })

  it('read a grid that was a container once', async () => {
    const first = await addForm({ type: 'container', key: 'pet', input: true, components: [textField('name')] })
    await api.submit(first, { pet: { name: 'Rex' } })
    const second = await addVersion(first, {
      type: 'datagrid',
      key: 'pet',
      input: true,
      components: [textField('name')],
    })
    await api.submit(second, { pet: [{ name: 'Ada' }, { name: 'Bo' }] })
    expect((await records(second)).map((row) => row['pet.name'])).toEqual(['Ada', 'Bo', 'Rex'])
  })
})

describe('grids', () => {
  const gridOf = (key: string, ...components: object[]) => ({ type: 'datagrid', key, input: true, components })

  it('take a line for each row, and leave the cells that do not repeat blank after the first', async () => {
    const own = await addForm(textField('a'), gridOf('list', textField('x')), textField('z'))
    await api.submit(own, { a: 'one', list: [{ x: '1' }, { x: '2' }], z: 'end' })
    const rows = await csv(own)
    expect(rows.slice(1).map((row) => row.slice(12))).toEqual([
      ['one', '1', 'end'],
      ['', '2', ''],
    ])
    expect(rows[2]?.slice(0, 12).every((cell) => cell === '')).toBe(true)
  })

  it('run side by side', async () => {
    const own = await addForm(gridOf('left', textField('l')), gridOf('right', textField('r')))
    await api.submit(own, { left: [{ l: '1' }, { l: '2' }, { l: '3' }], right: [{ r: 'a' }] })
    expect((await csv(own)).slice(1).map((row) => row.slice(12))).toEqual([
      ['1', 'a'],
      ['2', ''],
      ['3', ''],
    ])
  })

  it('nest: a row takes as many lines as the longest grid in it', async () => {
    const own = await addForm(gridOf('farm', textField('name'), gridOf('animals', textField('kind'))))
    await api.submit(own, {
      farm: [
        { name: 'North', animals: [{ kind: 'cow' }, { kind: 'pig' }] },
        { name: 'Empty', animals: [] },
        { name: 'South', animals: [{ kind: 'hen' }] },
      ],
    })
    expect((await csv(own)).slice(1).map((row) => row.slice(12))).toEqual([
      ['North', 'cow'],
      ['', 'pig'],
      ['Empty', ''],
      ['South', 'hen'],
    ])
  })

  it('that are empty leave one line', async () => {
    const own = await addForm(textField('a'), gridOf('list', textField('x')))
    await api.submit(own, { a: 'one', list: [] })
    expect((await csv(own)).slice(1).map((row) => row.slice(12))).toEqual([['one', '']])
  })

  it('of which no column is asked for make no lines', async () => {
    const own = await addForm(textField('a'), gridOf('list', textField('x')))
    await api.submit(own, { a: 'one', list: [{ x: '1' }, { x: '2' }] })
    expect(await csv(own, { fields: 'a' })).toEqual([['a'], ['one']])
  })
})

describe('the formula guard', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+cmd|x', "'+cmd|x"],
    ['-2+3+cmd', "'-2+3+cmd"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['-5', '-5'],
    ['+1 (250) 555-0199', '+1 (250) 555-0199'],
    ['a=b', 'a=b'],
  ])('makes %j %j when it is on, and leaves it when it is off', async (text, guarded) => {
    const own = await addForm(textField('a'))
    await api.submit(own, { a: text })
    expect((await records(own, { formulaGuard: 'true' }))[0]?.a).toBe(guarded)
    expect((await records(own, { formulaGuard: 'false' }))[0]?.a).toBe(text)
  })

  it('is on for people, who open the file, and off for API keys, which read it', async () => {
    const own = await addForm(textField('a'))
    await api.submit(own, { a: '=1' })
    const forPerson = await api.call('GET', `/forms/${own.formId}/export`, { as: api.owner })
    expect(parse(forPerson.body)[1]?.at(-1)).toBe("'=1")
    expect((await records(own))[0]?.a).toBe('=1')
  })

  it('covers the header, since whoever submits can send any key', async () => {
    const own = await addForm(textField('a'))
    await api.submit(own, { '=evil()': 1 })
    expect((await csv(own, { formulaGuard: 'true' }))[0]?.at(-1)).toBe("'=evil()")
  })
})

describe('filters', () => {
  let own: TestForm
  const set = (id: string, change: object) =>
    api.database.db.updateTable('submission').set(change).where('id', '=', id).execute()
  const found = async (query: Query) => (await json(own, query)).map((row) => row.a).sort()

  beforeAll(async () => {
    own = await addForm(textField('a'))
    const ids: Record<string, string> = {}
    for (const a of ['early', 'late', 'deleted', 'test', 'assigned']) ids[a] = await api.submit(own, { a })
    await api.submit(own, { a: 'draft' }, { draft: true })
    await set(ids.early ?? '', {
      created_at: new Date('2024-01-31T12:00:00Z'),
      updated_at: new Date('2024-03-01T00:00:00Z'),
    })
    await set(ids.late ?? '', {
      created_at: new Date('2024-02-01T00:00:00Z'),
      updated_at: new Date('2024-03-02T00:00:00Z'),
    })
    await set(ids.deleted ?? '', { deleted: true })
    await set(ids.test ?? '', { test: true })
    await set(ids.assigned ?? '', { status: 'ASSIGNED' })
  })

  it('leave deleted submissions, drafts and test submissions out', async () => {
    expect(await found({})).toEqual(['assigned', 'early', 'late'])
  })

  it('take deleted=false and drafts=false for what they say', async () => {
    expect(await found({ deleted: 'false', drafts: 'false' })).toEqual(['assigned', 'early', 'late'])
  })

  it('add deleted submissions and drafts, never test submissions', async () => {
    expect(await found({ deleted: 'true', drafts: 'true' })).toEqual(['assigned', 'deleted', 'draft', 'early', 'late'])
  })

  it('keep a status', async () => {
    expect(await found({ status: 'ASSIGNED' })).toEqual(['assigned'])
  })

  it.each([
    [{ preference: '{"maxDate":"2024-01-31"}' }, ['early']],
    [{ preference: '{"maxDate":"2024-01-31T11:59:59.999Z"}' }, []],
    [{ preference: '{"maxDate":"2024-01-31T12:00:00Z"}' }, ['early']],
    [{ preference: '{"minDate":"2024-02-01","maxDate":"2024-12-31"}' }, ['late']],
    [{ 'preference[minDate]': '2024-01-31T16:00:00+02:00', 'preference[maxDate]': '2024-12-31' }, ['late']],
    [{ preference: '{"updatedMaxDate":"2024-03-01"}' }, ['early']],
    [{ 'preference[updatedMinDate]': '2024-03-02', 'preference[updatedMaxDate]': '2024-03-02' }, ['late']],
    [{ preference: '{"maxDate":null,"minDate":""}' }, ['assigned', 'early', 'late']],
  ] as [Query, string[]][])('narrow by time: %j', async (query, rows) => {
    expect(await found(query)).toEqual(rows)
  })

  it('work in a body as in a query', async () => {
    const body = { format: 'json', preference: { maxDate: '2024-01-31', minDate: null }, deleted: false, version: 0 }
    const response = await api.call('POST', `/forms/${own.formId}/export/fields`, { as: own.key, body })
    expect(ok(response).map((row: Exported) => row.a)).toEqual(['early'])
  })

  it('keep a version, and all of them for 0', async () => {
    expect(await found({ version: '1' })).toHaveLength(3)
    expect(await found({ version: '0' })).toHaveLength(3)
  })

  it.each([
    { deleted: 'yes' },
    { drafts: '' },
    { version: '2' },
    { version: '-1' },
    { version: 'x' },
    { format: 'xml' },
    { type: 'forms' },
    { status: 'DONE' },
    { columns: 'secret' },
    { fields: '' },
    { fields: 'nothing' },
    { template: 'singleRowCSVExport' },
    { template: 'other' },
    { emailExport: 'true' },
    { bom: 'x' },
    { formulaGuard: 'x' },
    { preference: '{' },
    { preference: '[]' },
    { preference: '{"mindate":"2024-01-01"}' },
    { preference: '{"minDate":"2024-02-30"}' },
    { preference: '{"minDate":1}' },
    { 'preference[minDate]': 'yesterday' },
  ] as Query[])('refuse %j', async (query) => {
    const response = await exported(own, query)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({ code: 'invalid_query', status: 400 })
    expect(response.headers['content-disposition']).toBeUndefined()
  })

  it.each([
    { deleted: 'true' },
    { drafts: 1 },
    { version: '1' },
    { version: 7 },
    { fields: [] },
    { fields: ['nothing'] },
    { columns: ['secret'] },
    { emailExport: true },
    { template: 'unFormattedCSVExport' },
    { preference: { minDate: 'x' } },
    { preference: { mindate: '2024-01-01' } },
    { preference: '{}' },
    { unknown: 1 },
  ])('refuse %j in a body', async (body) => {
    const response = await api.call('POST', `/forms/${own.formId}/export/fields`, { as: own.key, body })
    expect(response.statusCode).toBe(400)
    expect(response.json().code).toBe('invalid_body')
  })
})

describe('chosen fields', () => {
  it('come in the order of the header, from a query as from a body', async () => {
    const own = await addForm(textField('a'), textField('b'), textField('c'))
    await api.submit(own, { a: '1', b: '2', c: '3' })
    const expected = [
      ['form.version', 'a', 'c'],
      ['1', '1', '3'],
    ]
    expect(await csv(own, { fields: 'c,a,form.version' })).toEqual(expected)
    const body = { fields: ['c', 'a', 'form.version'] }
    const response = await api.call('POST', `/forms/${own.formId}/export/fields`, { as: own.key, body })
    expect(parse(response.body)).toEqual(expected)
  })

  it('stay in the header whatever rows the filter leaves', async () => {
    const first = await addForm(textField('gone'))
    await api.submit(first, { gone: 'g', undeclared: 'u' })
    const second = await addVersion(first, textField('a'))
    const query = { fields: 'gone,a,undeclared', preference: '{"minDate":"2999-01-01"}' }
    expect(await csv(second, query)).toEqual([['gone', 'a', 'undeclared']])
  })

  it('make no empty line of one empty cell', async () => {
    const own = await addForm(textField('a'))
    await api.submit(own, {})
    expect((await exported(own, { fields: 'a' })).body).toBe('a\r\n""\r\n')
  })
})

describe('the list of header names', () => {
  it('equals the header of the CSV', async () => {
    const first = await addForm(textField('a'), textField('gone'))
    await api.submit(first, { a: '1', undeclared: 'x' })
    const second = await addVersion(first, textField('a'), textField('b'))
    await api.submit(second, { a: '2' })
    for (const query of [{}, { version: '1' }, { version: '2', columns: 'draft' }, { deleted: 'true' }]) {
      const names = await api.call('GET', `/forms/${second.formId}/csvexport/fields`, { as: second.key, query })
      expect(ok(names)).toEqual((await csv(second, query))[0])
    }
  })

  it.each([{ version: '9' }, { singleRow: 'true' }])('refuses %j', async (query) => {
    const response = await api.call('GET', `/forms/${form.formId}/csvexport/fields`, { as: form.key, query })
    expect(response.statusCode).toBe(400)
  })
})

describe('who may export', () => {
  const operations = (formId: string): [string, string, object | undefined][] => [
    ['GET', `/forms/${formId}/export`, undefined],
    ['POST', `/forms/${formId}/export/fields`, {}],
    ['GET', `/forms/${formId}/csvexport/fields`, undefined],
  ]

  it('nobody without a credential, and no key of another form', async () => {
    const other = await addForm(textField('a'))
    for (const [method, path, body] of operations(form.formId)) {
      expect((await api.call(method, path, { body })).statusCode).toBe(401)
      expect((await api.call(method, path, { body, as: other.key })).statusCode).toBe(401)
    }
  })

  it('no person without the right to see submissions', async () => {
    const stranger = await api.addPerson('stranger@example.org')
    for (const [method, path, body] of operations(form.formId)) {
      expect((await api.call(method, path, { body, as: stranger })).statusCode).toBe(403)
    }
  })

  it('a key sees its own form only', async () => {
    const other = await addForm(textField('a'))
    await api.submit(other, { a: 'theirs' })
    const own = await addForm(textField('a'))
    await api.submit(own, { a: 'mine' })
    expect((await json(own)).map((row) => row.a)).toEqual(['mine'])
    expect((await exported(own)).body).not.toContain('theirs')
  })
})

describe('streaming', () => {
  let large: TestForm
  let address: string
  const rowCount = 20_000

  beforeAll(async () => {
    address = await api.app.listen({ port: 0, host: '127.0.0.1' })
    large = await addForm(textField('a'), textField('filler'))
    await sql`insert into submission (id, form_id, form_version_id, status, submission, created_by, created_at)
      select gen_random_uuid(), ${large.formId}, ${large.versionId}, 'SUBMITTED',
        jsonb_build_object('data', jsonb_build_object('a', n::text, 'filler', repeat(md5(n::text), 45))),
        'test', now() - (n / 7) * interval '1 ms'
      from generate_series(1, ${sql.lit(rowCount)}) n`.execute(api.database.db)
  })

  async function download(format: string) {
    const headers = { authorization: basic(large.formId, large.secret) }
    const url = `${address}/app/api/v1/forms/${large.formId}/export?format=${format}`
    const [response] = await once(get(url, { headers }), 'response')
    return response as import('node:http').IncomingMessage
  }

  async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }

  const connectionsInUse = () => api.database.pool.totalCount - api.database.pool.idleCount

  it('brings every row once, though many were made in the same millisecond', async () => {
    const rows: Exported[] = JSON.parse(await textOf(await download('json')))
    expect(rows).toHaveLength(rowCount)
    expect(new Set(rows.map((row) => row.a)).size).toBe(rowCount)
  })

  it('brings every row once while others are written and deleted', async () => {
    const response = await download('json')
    await once(response, 'readable')
    const written = await Promise.all(Array.from({ length: 20 }, (_, n) => api.submit(large, { a: `new ${n}` })))
    const rows: Exported[] = JSON.parse(await textOf(response))
    await api.database.db.deleteFrom('submission').where('id', 'in', written).execute()
    const names = rows.map((row) => String(row.a)).filter((name) => !name.startsWith('new'))
    expect([names.length, new Set(names).size]).toEqual([rowCount, rowCount])
  })

  it.each(['json', 'csv'])('needs little memory for %s', async (format) => {
    await textOf(await download(format))
    const before = process.memoryUsage().rss
    let highest = before
    let bytes = 0
    for await (const chunk of await download(format)) {
      bytes += chunk.length
      highest = Math.max(highest, process.memoryUsage().rss)
    }
    expect(bytes).toBeGreaterThan(rowCount * 1400)
    expect((highest - before) / 1024 / 1024).toBeLessThan(100)
  })

  it('holds no connection for a client that stalls', async () => {
    const response = await download('csv')
    await once(response, 'readable')
    await expect.poll(connectionsInUse).toBe(0)
    response.destroy()
  })

  it('cuts the connection when it fails midway, so that half a file never looks whole', async () => {
    const response = await download('json')
    await once(response, 'readable')
    await sql`alter table submission rename to elsewhere`.execute(api.database.db)
    try {
      await expect(textOf(response)).rejects.toThrow('aborted')
    } finally {
      await sql`alter table elsewhere rename to submission`.execute(api.database.db)
    }
  })

  it('answers a failure at the start with its status, not as an attachment', async () => {
    await sql`alter table submission rename column submitted_at to elsewhere`.execute(api.database.db)
    try {
      const response = await exported(large)
      expect(response.statusCode).toBe(500)
      expect(response.headers['content-disposition']).toBeUndefined()
    } finally {
      await sql`alter table submission rename column elsewhere to submitted_at`.execute(api.database.db)
    }
  })
})
