import type { ExportColumn, ExportColumns } from '../src/exports/export-columns.ts'
import type { ExportRow } from '../src/exports/exports.queries.ts'
import type { ExportForm } from '../src/exports/metadata.ts'
import type { ValueType } from '../src/exports/value-type.ts'

/** What the writers of an export take, without a database. */
export const surveyForm: ExportForm = { name: 'Survey', extras: [], timeZone: 'UTC' }

/** Columns of answers by their types. */
export function columnsOf(types: Record<string, ValueType>): ExportColumns {
  const columns: ExportColumn[] = Object.entries(types).map(([name, valueType]) => ({
    kind: 'answer',
    name,
    label: name.toUpperCase(),
    path: [name],
    valueType,
  }))
  return { columns, grids: new Set(), backFilled: false, declared: new Set(Object.keys(types)) }
}

export function rowOf(answers: object): ExportRow {
  const at = new Date('2026-03-01T08:30:00Z')
  return {
    id: 'a40e2053-0196-4e71-8de9-7bde0419d38b',
    confirmation_id: 'A40E2053',
    version: 1,
    created_at: at,
    created_by: 'test',
    full_name: null,
    email: null,
    submitted_at: at,
    updated_at: at,
    status: 'SUBMITTED',
    assignee: null,
    assignee_email: null,
    draft: false,
    deleted: false,
    answers: Buffer.from(JSON.stringify(answers)),
  }
}

/** Rows in batches as the database gives them. */
export async function* batchesOf(
  count: number,
  answersOf: (n: number) => object,
  size = 500,
): AsyncGenerator<ExportRow[]> {
  for (let n = 0; n < count; n += size) {
    yield Array.from({ length: Math.min(size, count - n) }, (_, place) => rowOf(answersOf(n + place)))
  }
}

export async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}
