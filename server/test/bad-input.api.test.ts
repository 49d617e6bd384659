import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Api, type As, type Call, ok, openApi, type TestForm } from './harness.ts'
import { rowsOfForm } from './operations.ts'

let api: Api
let form: TestForm
let submissions: string

beforeAll(async () => {
  api = await openApi()
  form = await api.addForm()
  submissions = `/forms/${form.formId}/versions/${form.versionId}/submissions`
})
afterAll(() => api.close())

/** Sends text as JSON, word for word. */
const sendText = (method: string, path: string, text: string, as: As = form.key) =>
  api.call(method, path, { as, body: text, headers: { 'content-type': 'application/json' } })

const sendAnswer = (text: string) =>
  sendText('POST', submissions, `{"submission":{"data":{"name":"Ada","other":${text}}}}`)

describe('bodies', () => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

  it.each<[string, string, number, string]>([
    ['nothing', '', 422, 'invalid_body'],
    ['null', 'null', 422, 'invalid_body'],
    ['a number', '1', 422, 'invalid_body'],
    ['a list', '[]', 422, 'invalid_body'],
    ['an object without what is needed', '{}', 422, 'invalid_body'],
    ['a text for an object', '{"submission":"a"}', 422, 'invalid_body'],
    ['a list for an object', '{"submission":[]}', 422, 'invalid_body'],
    ['a list of answers', '{"submission":{"data":[]}}', 422, 'invalid_body'],
    ['a text for a switch', '{"submission":{"data":{}},"draft":"true"}', 422, 'invalid_body'],
    ['a number for a switch', '{"submission":{"data":{}},"draft":1}', 422, 'invalid_body'],
    ['a cut end', '{"submission":{"data":{"name":"A', 400, 'malformed_json'],
    ['more behind the end', '{"submission":{"data":{}}} {}', 400, 'malformed_json'],
    ['NaN', '{"submission":{"data":{"age":NaN}}}', 400, 'malformed_json'],
    ['a byte order mark alone', '\uFEFF', 400, 'malformed_json'],
    ['__proto__', '{"submission":{"data":{"__proto__":{"draft":true}}}}', 400, 'malformed_json'],
    ['__proto__ in disguise', '{"submission":{"data":{"\\u005f_proto__":{}}}}', 400, 'malformed_json'],
    ['constructor.prototype', '{"constructor":{"prototype":{}},"submission":{"data":{}}}', 400, 'malformed_json'],
  ])('of %s are refused, and nothing is stored', async (_what, text, status, code) => {
    const before = await rowsOfForm(api.database.pool, form.formId)
    expectProblem(await sendText('POST', submissions, text), status, code)
    expect(await rowsOfForm(api.database.pool, form.formId)).toEqual(before)
  })

  it.each<[string, string]>([
    ['a NUL', '"a\\u0000b"'],
    ['a NUL in a name', '{"a\\u0000b":1}'],
    ['half of a surrogate pair', '"\\ud83d"'],
    ['a surrogate pair the wrong way round', '["\\ude00\\ud83d"]'],
    ['half of a surrogate pair in a name', '{"\\udc00":1}'],
    ['a number beyond all', '1e400'],
    ['its negative', '{"a":[-1e400]}'],
    ['10,000 levels', deep(10_000)],
    ['1,000,000 levels', deep(1_000_000)],
    ['10,000 levels of objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ])('with %s are refused, and nothing is stored', async (_what, text) => {
    const before = await rowsOfForm(api.database.pool, form.formId)
    const response = await sendAnswer(text)
    expectProblem(response, 422, 'unstorable_value')
    expect(response.json().errors[0].path).toMatch(/^submission\.data\.other/)
    expect(response.body.length).toBeLessThan(1500)
    expect(await rowsOfForm(api.database.pool, form.formId)).toEqual(before)
  })

  it.each<[string, string, unknown]>([
    ['a number with 400 digits', '1'.repeat(300), Number('1'.repeat(300))],
    ['a number next to nothing', '1e-400', 0],
    ['minus zero', '-0', 0],
    ['100 levels', deep(100), JSON.parse(deep(100))],
    ['a name twice', '{"a":1,"a":2}', { a: 2 }],
    [
      'names that objects have',
      '{"toString":1,"hasOwnProperty":2,"toJSON":3}',
      { toString: 1, hasOwnProperty: 2, toJSON: 3 },
    ],
    ['what looks like SQL', '"\'; drop table form; -- $1"', "'; drop table form; -- $1"],
    ['characters of all planes', '"\\ud83d\\ude00\\u2028\\ufeff\\uffff"', '😀\u2028\ufeff\uffff'],
  ])('with %s are stored as they are', async (_what, text, value) => {
    const { id } = ok(await sendAnswer(text))
    expect(ok(await api.call('GET', `/submissions/${id}`, { as: form.key })).submission.submission.data.other).toEqual(
      value,
    )
  })

  it.each<[string, Call, number, string]>([
    ['no type', { body: Buffer.from('{}'), headers: { 'content-type': '' } }, 415, 'unsupported_media_type'],
    [
      'a form’s type',
      { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    ['XML', { body: '<a/>', headers: { 'content-type': 'text/xml' } }, 415, 'unsupported_media_type'],
    ['a type that is none', { body: '{}', headers: { 'content-type': ';;;,' } }, 415, 'unsupported_media_type'],
    [
      'a type that begins like JSON’s',
      { body: '{}', headers: { 'content-type': 'application/jsonp' } },
      415,
      'unsupported_media_type',
    ],
  ])('with %s are refused', async (_what, call, status, code) => {
    expectProblem(await api.call('POST', submissions, { as: form.key, ...call }), status, code)
  })
})

describe('values that cannot be stored', () => {
  it('are found without holding up others: 10 million values in one body', async () => {
    const started = performance.now()
    const response = await sendAnswer(`[${'0,'.repeat(10_000_000)}"\\u0000"]`)
    expect([response.statusCode, response.json().code]).toEqual([422, 'unstorable_value'])
    expect(response.json().errors[0].path).toBe('submission.data.other[10000000]')
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('are named in a reply that does not grow with their names', async () => {
    const response = await sendAnswer(`{"${'k'.repeat(5_000_000)}":"\\u0000"}`)
    expect(response.statusCode).toBe(422)
    expect(response.body.length).toBeLessThan(2000)
  })
})
