import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAnswers, plainForm } from './definitions.ts'
import { answersOf, type Exports, openExports, textField } from './exports-app.ts'
import { type Api, ok, type TestForm } from './harness.ts'

let form: TestForm
let exports: Exports
let api: Api
beforeAll(async () => {
  exports = await openExports()
  api = exports.api
  form = await api.addForm({ schema: plainForm, settings: { name: 'Étude de l’eau' } })
})
afterAll(() => api.close())

describe('the JSON export', () => {
  it('gives each submission its metadata and its answers', async () => {
    const id = await api.submit(form)
    const [row] = await exports.json(form)
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
    const own = await exports.addForm(textField('a'))
    const path = `/forms/${own.formId}/versions/${own.versionId}/submissions`
    const { id } = ok(await api.call('POST', path, { as: api.owner, body: { submission: { data: { a: 'x' } } } }))
    const status = { code: 'ASSIGNED', assignedToUserId: api.owner.id }
    ok(await api.call('POST', `/submissions/${id}/status`, { as: api.owner, body: status }))
    const [row] = await exports.json(own)
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
    const own = await exports.addForm(textField('a'))
    await api.submit(own, { a: 'x' })
    const [row] = await exports.json(own, { columns: ['draft', 'deleted', 'updatedAt'] })
    expect(row?.form).toMatchObject({ draft: false, deleted: false, updatedAt: expect.stringMatching(/Z$/) })
    expect(Object.keys((await exports.json(own, { columns: 'updatedAt,draft' }))[0]?.form ?? {}).slice(-2)).toEqual([
      'draft',
      'updatedAt',
    ])
  })

  it('keeps the metadata apart from an answer that is called form', async () => {
    const own = await exports.addForm(textField('form'))
    await api.submit(own, { form: 'mine' })
    const [row] = await exports.json(own)
    expect(row?.form).toHaveProperty('confirmationId')
    expect(row?.['data.form']).toBe('mine')
    expect((await exports.records(own))[0]).toMatchObject({ 'data.form': 'mine', 'form.version': '1' })
  })

  it('goes out as a file with the name and the type that CHEFS gives it', async () => {
    const { headers } = await exports.exported(form, { format: 'json' })
    expect(headers['content-type']).toBe('text/json; charset=utf-8')
    expect(headers['content-disposition']).toBe('attachment; filename="etude_de_l_eau_submissions.json"')
  })

  it('is an empty list for a form without submissions', async () => {
    expect((await exports.exported(await exports.addForm(textField('a')), { format: 'json' })).body).toBe('[]')
  })

  it('is newest first', async () => {
    const own = await exports.addForm(textField('a'))
    for (const a of ['1', '2', '3']) await api.submit(own, { a })
    expect((await exports.json(own)).map((row) => row.a)).toEqual(['3', '2', '1'])
  })
})

describe('the CSV export', () => {
  it('is the default, with metadata first and then the answers in design order', async () => {
    const own = await api.addForm({ schema: plainForm })
    await api.submit(own)
    const response = await exports.exported(own)
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(response.headers['content-disposition']).toBe('attachment; filename="survey_submissions.csv"')
    const [header] = await exports.csv(own)
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
    expect((await exports.csv(own))[1]?.slice(12)).toEqual(['Ada', '36', 'ada@example.org', 'true', 'Bo', '3'])
  })

  it('brings every text through an independent reader as it was', async () => {
    const texts = ['a,b', 'say "hi"', 'two\r\nlines', 'one\nmore', ' edges ', 'naïve 😀 ᓄᓇᕗᑦ', ';', '', "'"]
    const own = await exports.addForm(textField('a'), textField('b'))
    for (const a of texts) await api.submit(own, { a, b: 'end' })
    expect((await exports.records(own)).map((row) => row.a)).toEqual(texts.toReversed())
  })

  it('ends every record with CR LF and begins without a byte order mark unless asked', async () => {
    const own = await exports.addForm(textField('a'))
    await api.submit(own, { a: 'x' })
    const plain = (await exports.exported(own)).body
    expect(plain.match(/\r\n/g)).toHaveLength(2)
    expect(plain.startsWith('form.submissionId,')).toBe(true)
    expect((await exports.exported(own, { bom: 'true' })).body).toBe(`\uFEFF${plain}`)
  })

  it('prints numbers and booleans as JSON does, and lists and objects as JSON text', async () => {
    const own = await exports.addForm(
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
    expect((await exports.csv(own))[1]?.slice(12)).toEqual([
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
    const own = await exports.addForm(
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
    const [header = [], row] = await exports.csv(own)
    expect(answersOf(header)).toEqual(['boxes.a', 'boxes.b', 'mood.q1', 'mood.q2'])
    expect(row?.slice(12)).toEqual(['true', 'false', 'good', ''])
  })

  it('has a header even without submissions: that of the newest version', async () => {
    const own = await exports.addVersion(await exports.addForm(textField('old')), textField('new'))
    const rows = await exports.csv(own)
    expect(rows).toHaveLength(1)
    expect(answersOf(rows[0] ?? [])).toEqual(['new'])
  })

  it('appends answers that no definition declares, but no buttons', async () => {
    const own = await exports.addForm(textField('a'), { type: 'button', key: 'submit', input: true })
    await api.submit(own, { a: 'x', submit: true, 'z.z': 1, extra: { deep: [1] } })
    const [row] = await exports.records(own)
    expect(Object.keys(row ?? {}).slice(12)).toEqual(['a', 'extra', 'z.z'])
    expect(row).toMatchObject({ a: 'x', extra: '{"deep":[1]}', 'z.z': '1' })
  })

  it('keeps undeclared answers in one column when somebody sent very many', async () => {
    const own = await exports.addForm(textField('a'))
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, place) => [`k${place}`, place]))
    await api.submit(own, { a: 'x', ...many })
    await api.submit(own, { a: 'y' })
    const [second, first] = await exports.records(own)
    expect(JSON.parse(first?.undeclared ?? '')).toEqual(many)
    expect(second?.undeclared).toBe('')
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
    const own = await exports.addForm(textField('a'))
    await api.submit(own, { a: text })
    expect((await exports.records(own, { formulaGuard: 'true' }))[0]?.a).toBe(guarded)
    expect((await exports.records(own, { formulaGuard: 'false' }))[0]?.a).toBe(text)
  })

  it('is on for people, who open the file, and off for API keys, which read it', async () => {
    const own = await exports.addForm(textField('a'))
    await api.submit(own, { a: '=1' })
    const forPerson = await api.call('GET', `/forms/${own.formId}/export`, { as: api.owner })
    expect(parse(forPerson.body)[1]?.at(-1)).toBe("'=1")
    expect((await exports.records(own))[0]?.a).toBe('=1')
  })

  it('covers the header, since whoever submits can send any key', async () => {
    const own = await exports.addForm(textField('a'))
    await api.submit(own, { '=evil()': 1 })
    expect((await exports.csv(own, { formulaGuard: 'true' }))[0]?.at(-1)).toBe("'=evil()")
  })
})
