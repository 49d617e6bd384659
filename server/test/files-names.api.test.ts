import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { openFilesApi } from './files-app.ts'
import { type Api, ok, type TestForm } from './harness.ts'
import { upload } from './multipart.ts'

let files: Awaited<ReturnType<typeof openFilesApi>>
let api: Api
let form: TestForm
let person: { cookie: string; id: string }

beforeAll(async () => {
  files = await openFilesApi()
  api = files.api
  form = await api.addForm()
  person = await api.addPerson('person@example.org')
})
afterAll(() => api.close())

describe('the name of a file', () => {
  it.each([
    ['a plain one', 'report 2026.pdf', 'report 2026.pdf'],
    ['letters of any script', 'Résumé ᐃᓄᒃᑎᑐᑦ 日本語 😀.pdf', 'Résumé ᐃᓄᒃᑎᑐᑦ 日本語 😀.pdf'],
    ['a path', '../../../etc/passwd', 'passwd'],
    ['an absolute path', '/etc/cron.d/job', 'job'],
    ['a path of Windows', 'C:\\\\Users\\\\ada\\\\notes.txt', 'notes.txt'],
    ['control characters', 'a\u0001b\tc\u007f.txt', 'abc.txt'],
    ['an override of the direction', 'gpj\u202e.txt', 'gpj.txt'],
    ['blanks around', '  a.txt  ', 'a.txt'],
    ['300 characters', `${'a'.repeat(300)}.pdf`, `${'a'.repeat(251)}.pdf`],
  ])('may hold %s', async (_, sent, kept) => {
    const file = ok(await upload(api, form.formId, { name: sent }, { as: person }))
    expect(file.originalName).toBe(kept)
    expect((await api.call('GET', `/files/${file.id}`, { as: person })).statusCode).toBe(200)
  })

  it('never becomes a name in the storage', async () => {
    const before = await files.storedFiles()
    ok(await upload(api, form.formId, { name: '../../evil.txt' }))
    const [added, ...more] = (await files.storedFiles()).filter((each) => !before.includes(each))
    expect(added).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
    expect(more).toEqual([])
  })

  it.each([
    'setup.exe',
    'SETUP.EXE',
    'photo.png.exe',
    'setup.exe.',
    'setup.exe . ',
    'setup.exe:x',
    'a/b/setup.exe',
    'x.js',
  ])('must not be that of a program: %s', async (name) => {
    await files.expectNoTrace(async () =>
      expectProblem(await upload(api, form.formId, { name }), 415, 'file_type_refused'),
    )
  })

  it.each(['exe', 'setup.exe.txt', 'a.exes', '.profile'])('may be %s', async (name) => {
    expect((await upload(api, form.formId, { name })).statusCode).toBe(201)
  })
})

describe('the number of uploads that wait', () => {
  it('is bounded for one form and one network, until some are submitted or deleted', async () => {
    const crowded = await api.addForm()
    const ip = '198.51.100.7'
    const first = ok(await upload(api, crowded.formId, {}, { ip }))
    await api.database.pool.query(
      `insert into file (id, form_id, storage_name, original_name, mime_type, size, created_by, network)
       select gen_random_uuid(), form_id, 'none/' || n, original_name, mime_type, size, created_by, network
       from file, generate_series(1, 99) n where id = $1`,
      [first.id],
    )
    const refused = await upload(api, crowded.formId, {}, { ip })
    expectProblem(refused, 429, 'too_many_uploads')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(86_000)
    expect((await upload(api, crowded.formId, {}, { ip: '203.0.113.9' })).statusCode).toBe(201)
    expect((await upload(api, form.formId, {}, { ip })).statusCode).toBe(201)
    expect((await upload(api, crowded.formId, {}, { ip, as: person })).statusCode).toBe(201)
    ok(await api.call('DELETE', `/files/${first.id}`, { headers: { 'x-file-token': first._accessToken } }))
    expect((await upload(api, crowded.formId, {}, { ip })).statusCode).toBe(201)
  })

  it('keeps no address', async () => {
    const file = ok(await upload(api, form.formId, {}, { ip: '198.51.100.77' }))
    const { rows } = await api.database.pool.query('select file::text as row from file where id = $1', [file.id])
    expect(rows[0].row).not.toContain('198.51')
  })
})
