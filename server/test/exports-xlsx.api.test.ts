import { createHash } from 'node:crypto'
import readSheets from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Exports, openExports, type Query, textField } from './exports-app.ts'
import type { Api, TestForm } from './harness.ts'
import { bytesOf, field, orchards, store } from './typed-exports.ts'

let exports: Exports
let api: Api
let form: TestForm
beforeAll(async () => {
  exports = await openExports()
  api = exports.api
  form = await orchards(exports)
})
afterAll(() => api.close())

/** The cells of the answers' columns as an independent reader sees them; the first sheet's unless said. */
async function answers(of: TestForm, query: Query = {}, sheet = 0) {
  const sheets = await readSheets(await bytesOf(exports, of, { format: 'xlsx', ...query }))
  return (sheets[sheet]?.data ?? []).map((row) => row.slice(12))
}

describe('the XLSX export', () => {
  it('is a file of its own type and name', async () => {
    const { headers } = await exports.exported(form, { format: 'xlsx' })
    expect(headers['content-type']).toBe('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    expect(headers['content-disposition']).toMatch(/_submissions\.xlsx"$/)
  })

  it('is not compressed twice', async () => {
    const path = `/forms/${form.formId}/export`
    const headers = { 'accept-encoding': 'gzip, zstd' }
    const response = await api.call('GET', path, { as: form.key, headers, query: { format: 'xlsx' } })
    expect(response.headers['content-encoding']).toBeUndefined()
    expect(response.rawPayload.subarray(0, 2).toString()).toBe('PK')
  })

  it('tells how many submissions it has, and what its bytes add up to', async () => {
    const { trailers, rawPayload } = await exports.exported(form, { format: 'xlsx' })
    const digest = createHash('sha256').update(rawPayload).digest('base64')
    expect(trailers).toMatchObject({ 'export-rows': '2', 'unencoded-digest': `sha-256=:${digest}:` })
  })

  it('holds the lines of the CSV as numbers, booleans, times and texts, below two rows of names', async () => {
    expect(await answers(form)).toEqual([
      ['name', 'fax', 'trees', 'organic', 'planted', 'rows.sort', 'rows.kilos', 'note'],
      ['Name of the orchard', 'fax', 'trees', 'organic', 'planted', 'sort', 'kilos', 'note'],
      ['=1+1 🍎', null, 12.5, true, new Date('2026-07-01T16:00:00Z'), 'Gala', 3, 'sent by a program'],
      [null, null, null, null, null, 'Fuji', null, null],
      ['Old', '555', 7, null, null, null, null, null],
    ])
  })

  it('puts labels first when they are asked for, and the keys below', async () => {
    const [first, second] = await answers(form, { header: 'label' })
    expect([first?.[0], second?.[0]]).toEqual(['Name of the orchard', 'name'])
  })

  it('takes the layout and the columns that are asked for', async () => {
    const query = { format: 'xlsx', template: 'singleRowCSVExport', fields: 'rows.1.sort,trees' }
    const [sheet] = await readSheets(await bytesOf(exports, form, query))
    expect(sheet?.data.map(([cell]) => cell)).toEqual(['trees', 'trees', 12.5, 7])
  })

  it('shows times as clocks in the zone do', async () => {
    const [sheet] = await readSheets(
      await bytesOf(exports, form, { format: 'xlsx', timeZone: 'America/Vancouver', fields: 'form.createdAt,planted' }),
    )
    // The reader takes what the cells show for UTC.
    expect(sheet?.data.slice(2)).toEqual([
      [new Date('2026-03-01T00:30:00.250Z'), new Date('2026-07-01T09:00:00Z')],
      [new Date('2026-01-15T12:00:00Z'), null],
    ])
  })

  it('keeps what does not fit its column as it was sent', async () => {
    const own = await exports.addForm(field('number', 'n'), field('datetime', 'd'), field('checkbox', 'b'))
    await store(exports, own, { n: 'many', d: 'soon', b: 'yes' })
    await store(exports, own, { n: '007', d: '1850-01-01T00:00:00Z', b: ['x'] }, '2026-02-01')
    await store(exports, own, '{"n": 123456789012345678, "d": 5, "b": 1}', '2026-01-01')
    expect((await answers(own)).slice(2)).toEqual([
      ['many', 'soon', 'yes'],
      ['007', '1850-01-01T00:00:00Z', '["x"]'],
      ['123456789012345678', 5, 1],
    ])
  })

  it('gives a text of 40,000 characters whole, in parts on a sheet that its cell names', async () => {
    const own = await exports.addForm(textField('a'), textField('b'))
    const text = `${'é'.repeat(32_766)}🍎${'x'.repeat(7_232)}`
    await store(exports, own, { a: text, b: 'short' })
    const [cell] = (await answers(own))[2] ?? []
    expect(String(cell)).toHaveLength(32_767)
    expect(cell).toMatch(/^é+ \[…\] \(whole in the sheet “Long texts”\)$/)
    const [, long] = await readSheets(await bytesOf(exports, own, { format: 'xlsx' }))
    expect(long?.sheet).toBe('Long texts')
    const parts = long?.data.slice(1) ?? []
    expect(parts.map((row) => row.slice(0, 4))).toEqual([
      ['Submissions', 'M3', 'a', 1],
      ['Submissions', 'M3', 'a', 2],
    ])
    expect(parts.map((row) => row[4]).join('')).toBe(text)
  })

  it('has its header when there is no submission', async () => {
    const own = await exports.addForm(textField('a'))
    expect(await answers(own)).toEqual([['a'], ['a']])
  })

  it('has the same bytes each time', async () => {
    const query = { format: 'xlsx' }
    expect(await bytesOf(exports, form, query)).toEqual(await bytesOf(exports, form, query))
  })

  it('refuses more columns than Excel has, before anything is sent', async () => {
    const own = await exports.addForm(field('datagrid', 'rows', { components: [textField('a')] }))
    await store(exports, own, { rows: Array.from({ length: 17_000 }, () => ({ a: 'x' })) })
    const query = { format: 'xlsx', template: 'singleRowCSVExport' }
    expectProblem(await exports.exported(own, query), 400, 'too_many_columns')
  })

  it('needs the form’s own key', async () => {
    const path = `/forms/${form.formId}/export`
    const other = await exports.addForm(textField('a'))
    expect((await api.call('GET', path, { as: other.key, query: { format: 'xlsx' } })).statusCode).toBe(401)
    expect((await api.call('GET', path, { query: { format: 'xlsx' } })).statusCode).toBe(401)
  })
})
