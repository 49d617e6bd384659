import { parentPort, workerData } from 'node:worker_threads'
import { parquetBytes } from '../src/exports/parquet.ts'
import { xlsxBytes } from '../src/exports/xlsx.ts'
import { batchesOf, columnsOf, surveyForm } from './generated-rows.ts'

/** Makes an export of many rows and keeps nothing of it. The thread that starts it bounds its heap. */
const { format, rows } = workerData as { format: 'xlsx' | 'parquet'; rows: number }
const write = { xlsx: xlsxBytes, parquet: parquetBytes }[format]
const columns = columnsOf({ n: 'number', on: 'boolean', at: 'dateTime', a: 'text', b: 'text' })
const answers = (n: number) => ({
  n,
  on: n % 2 === 0,
  at: '2026-03-01T08:30:00Z',
  a: `text ${n} `.repeat(20),
  b: `another ${n} `.repeat(20),
})
let bytes = 0
for await (const chunk of write(batchesOf(rows, answers), columns, surveyForm, { header: 'name' }))
  bytes += chunk.length
parentPort?.postMessage(bytes)
