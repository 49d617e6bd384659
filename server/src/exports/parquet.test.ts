import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, expect, it } from 'vitest'
import { batchesOf, columnsOf, joined, rowOf, surveyForm } from '../../test/generated-rows.ts'
import { parquetBytes } from './parquet.ts'

const folder = mkdtempSync(join(tmpdir(), 'formgate-parquet-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const columns = columnsOf({ n: 'number', on: 'boolean', a: 'text' })
const answers = (n: number) => ({ n, on: n % 2 === 0, a: `row ${n} `.repeat(30) })
const written = (size: number) =>
  parquetBytes(batchesOf(12_000, answers, size), columns, surveyForm, { header: 'name' })

it('writes row groups of a bounded size, which add up', async () => {
  const path = join(folder, 'many.parquet')
  writeFileSync(path, await joined(written(500)))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson()
  const groups = `select distinct row_group_id, row_group_num_rows as n from parquet_metadata('${path}') order by 1`
  expect((await rowsOf(groups)).map(({ n }) => Number(n))).toEqual([5000, 5000, 2000])
  const sums = `select sum(n) as sum, count(*) filter (where "on") as "on", count(distinct a) as a from '${path}'`
  expect(await rowsOf(sums)).toEqual([{ sum: (12_000 * 11_999) / 2, on: '6000', a: '12000' }])
  // Readers skip groups by these.
  const bounds = `select stats_max_value as most from parquet_metadata('${path}') where path_in_schema = 'n' order by row_group_id`
  expect((await rowsOf(bounds)).map(({ most }) => Number(most))).toEqual([4999, 9999, 11_999])
  connection.closeSync()
  instance.closeSync()
})

it('makes the same bytes however the rows are read', async () => {
  expect(await joined(written(7))).toEqual(await joined(written(500)))
})

it('ends the reading of rows when nobody takes them any more', async () => {
  let ended = false
  async function* endless() {
    try {
      for (let n = 0; ; n += 500) yield Array.from({ length: 500 }, (_, place) => rowOf(answers(n + place)))
    } finally {
      ended = true
    }
  }
  const bytes = parquetBytes(endless(), columns, surveyForm, { header: 'name' })
  await bytes.next()
  await bytes.return(undefined)
  expect(ended).toBe(true)
})
