import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Exports, openExports, type Query, textField } from './exports-app.ts'
import type { Api, TestForm } from './harness.ts'
import { bytesOf, field, orchards, store } from './typed-exports.ts'

let exports: Exports
let api: Api
let form: TestForm
const folder = mkdtempSync(join(tmpdir(), 'formgate-parquet-'))
beforeAll(async () => {
  exports = await openExports()
  api = exports.api
  form = await orchards(exports)
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await api.close()
})

/** What DuckDB finds in the export. @param sql with `file` for the export */
async function found(of: TestForm, sql: string, query: Query = {}) {
  const path = join(folder, `${of.formId}.parquet`)
  writeFileSync(path, await bytesOf(exports, of, { format: 'parquet', ...query }))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await connection.run("set timezone = 'UTC'")
    const result = await connection.runAndReadAll(sql.replaceAll('file', `'${path}'`))
    return result.getRowObjectsJson()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

describe('the Parquet export', () => {
  it('is a file of its own type and name', async () => {
    const { headers } = await exports.exported(form, { format: 'parquet' })
    expect(headers['content-type']).toBe('application/vnd.apache.parquet')
    expect(headers['content-disposition']).toMatch(/_submissions\.parquet"$/)
  })

  it('has columns of real types, from all versions', async () => {
    const columns = await found(form, 'select column_name, column_type from (describe select * from file)')
    const types = Object.fromEntries(columns.map((each) => [each.column_name, each.column_type]))
    expect(types).toMatchObject({
      'form.submissionId': 'VARCHAR',
      'form.version': 'DOUBLE',
      'form.createdAt': 'TIMESTAMP WITH TIME ZONE',
      name: 'VARCHAR',
      fax: 'VARCHAR',
      trees: 'DOUBLE',
      organic: 'BOOLEAN',
      planted: 'TIMESTAMP WITH TIME ZONE',
      rows: 'JSON',
      note: 'JSON',
      misfits: 'JSON',
    })
  })

  it('holds a submission in each row, its grids as JSON', async () => {
    const rows = await found(
      form,
      `select name, fax, trees, organic, planted::text as planted, rows->>'$[1].sort' as sort,
      "form.createdAt"::text as created, note->>'$' as note, misfits from file`,
    )
    expect(rows).toEqual([
      {
        name: '=1+1 🍎',
        fax: null,
        trees: 12.5,
        organic: true,
        planted: '2026-07-01 16:00:00+00',
        sort: 'Fuji',
        created: '2026-03-01 08:30:00.25+00',
        note: 'sent by a program',
        misfits: null,
      },
      expect.objectContaining({ name: 'Old', fax: '555', trees: 7, organic: null, planted: null, sort: null }),
    ])
    expect(await found(form, 'select sum(trees) as trees, count(*) as n from file')).toEqual([{ trees: 19.5, n: '2' }])
  })

  it('takes another layout, chosen columns and labels', async () => {
    const query = { template: 'multiRowBackFilledCSVExport', fields: 'name,rows.kilos', header: 'label' }
    expect(await found(form, 'select * from file', query)).toEqual([
      { 'Name of the orchard': '=1+1 🍎', kilos: 3, misfits: null },
      { 'Name of the orchard': '=1+1 🍎', kilos: null, misfits: null },
      { 'Name of the orchard': 'Old', kilos: null, misfits: null },
    ])
  })

  it('loses no value that does not fit its column', async () => {
    const own = await exports.addForm(
      field('number', 'n'),
      field('datetime', 'd'),
      field('checkbox', 'b'),
      textField('t'),
    )
    const sent = { n: 'many', d: '2026-02-30', b: { x: 1 }, t: 5 }
    await store(exports, own, sent)
    await store(exports, own, { n: '42', d: '2026-02-03', b: '', t: null }, '2026-02-01')
    const query = { timeZone: 'America/Vancouver' }
    const [odd, even] = await found(own, 'select n, d::text as d, b, t, misfits from file', query)
    expect(odd).toMatchObject({ n: null, d: null, b: null, t: '5' })
    expect(JSON.parse(String(odd?.misfits))).toEqual({ n: 'many', d: '2026-02-30', b: { x: 1 } })
    // A day without an offset begins when it does in the zone that was asked for.
    expect(even).toEqual({ n: 42, d: '2026-02-03 08:00:00+00', b: null, t: null, misfits: null })
  })

  it('rounds no number', async () => {
    const own = await exports.addForm(
      field('number', 'n'),
      field('datagrid', 'g', { components: [field('number', 'm')] }),
    )
    const exact = '12345678901234567890'
    await store(exports, own, `{"n": ${exact}, "g": [{"m": ${exact}}]}`)
    const [row] = await found(own, 'select n, g, misfits from file')
    expect(row).toEqual({ n: null, g: `[{"m":${exact}}]`, misfits: `{"n":${exact}}` })
  })

  it('keeps long texts, and a column that is called misfits', async () => {
    const own = await exports.addForm(textField('misfits'))
    await store(exports, own, { misfits: 'é'.repeat(40_000) })
    expect(await found(own, 'select length(misfits) as n, "misfits (2)" as more from file')).toEqual([
      { n: '40000', more: null },
    ])
  })

  it('has its columns when there is no submission', async () => {
    const own = await exports.addForm(field('number', 'n'))
    expect(await found(own, 'select n, misfits from file')).toEqual([])
  })

  it('has the same bytes each time', async () => {
    const query = { format: 'parquet' }
    expect(await bytesOf(exports, form, query)).toEqual(await bytesOf(exports, form, query))
  })

  it('needs the form’s own key', async () => {
    const path = `/forms/${form.formId}/export`
    const other = await exports.addForm(textField('a'))
    expect((await api.call('GET', path, { as: other.key, query: { format: 'parquet' } })).statusCode).toBe(401)
    expect((await api.call('GET', path, { query: { format: 'parquet' } })).statusCode).toBe(401)
  })
})
