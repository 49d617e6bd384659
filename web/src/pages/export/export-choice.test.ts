import { describe, expect, it } from 'vitest'
import { curlLine, type ExportChoice, exportRequest, formatChange, presetChoice } from './export-choice.ts'

const origin = 'https://forms.example.org'
const plain: ExportChoice = { ...presetChoice, bom: false }

function query(choice: ExportChoice): Record<string, string> {
  const request = exportRequest(origin, 'f-1', choice)
  return Object.fromEntries(new URL(request.url).searchParams)
}

describe('exportRequest', () => {
  it.each<[string, Partial<ExportChoice>, Record<string, string>]>([
    ['everything', {}, {}],
    ['a version', { version: 3 }, { version: '3' }],
    ['a mark for Excel', { bom: true }, { bom: 'true' }],
    ['drafts, told apart', { drafts: true }, { drafts: 'true', columns: 'draft' }],
    ['another layout', { template: 'singleRowCSVExport' }, { template: 'singleRowCSVExport' }],
    ['labels', { labels: true }, { header: 'label' }],
    ['test submissions', { test: true }, { test: 'true' }],
    ['deleted ones, told apart', { deleted: true }, { deleted: 'true', columns: 'deleted' }],
    [
      'days of the reader',
      { from: '2026-01-02', to: '2026-01-03' },
      {
        'preference[minDate]': new Date(2026, 0, 2).toISOString(),
        'preference[maxDate]': new Date(2026, 0, 3, 23, 59, 59, 999).toISOString(),
      },
    ],
    ['a status', { status: 'COMPLETED' }, { status: 'COMPLETED' }],
    [
      'a first day of submitting',
      { date: 'submitted', from: '2026-01-02' },
      { 'preference[submittedMinDate]': new Date(2026, 0, 2).toISOString() },
    ],
    [
      'a last day of changing',
      { date: 'updated', to: '2026-01-03' },
      { 'preference[updatedMaxDate]': new Date(2026, 0, 3, 23, 59, 59, 999).toISOString() },
    ],
    [
      'chosen columns',
      { fields: ['name', 'form.updatedAt'], drafts: true },
      { drafts: 'true', fields: 'name,form.updatedAt', columns: 'updatedAt' },
    ],
  ])('asks for %s', (_, choice, expected) => {
    expect(query({ ...plain, ...choice })).toEqual({ format: 'csv', formulaGuard: 'true', ...expected })
  })

  it.each(['json', 'ndjson'] as const)('leaves out of %s what only a CSV has', (format) => {
    const csvOnly = { labels: true, template: 'unFormattedCSVExport', format } as const
    expect(query({ ...presetChoice, ...csvOnly, fields: ['name'] })).toEqual({ format, fields: 'name' })
  })

  it('asks for a spreadsheet in the time zone of the reader', () => {
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
    expect(query({ ...presetChoice, format: 'xlsx', labels: true })).toEqual({
      format: 'xlsx',
      timeZone,
      header: 'label',
    })
  })

  it('names the layout of a Parquet file where it is not its own', () => {
    const parquet = { ...presetChoice, ...formatChange(presetChoice, 'parquet') }
    expect(query(parquet)).toEqual({ format: 'parquet' })
    const { template } = presetChoice
    expect(query({ ...parquet, template })).toEqual({ format: 'parquet', template })
  })

  it.each<[string, string[]]>([
    ['many columns', Array.from({ length: 500 }, (_, place) => `column${place}`)],
    ['a column with a comma', ['a,b']],
    ['a column with a space at its end', ['a ']],
  ])('asks for %s in a body', (_, fields) => {
    const request = exportRequest(origin, 'f-1', {
      ...plain,
      fields,
      version: 2,
      status: 'ASSIGNED',
      date: 'updated',
      from: '2026-01-02',
    })
    expect(request).toMatchObject({ method: 'POST', url: `${origin}/app/api/v1/forms/f-1/export/fields` })
    expect('body' in request && JSON.parse(request.body)).toEqual({
      format: 'csv',
      version: 2,
      status: 'ASSIGNED',
      preference: { updatedMinDate: new Date(2026, 0, 2).toISOString() },
      fields,
      bom: false,
      formulaGuard: true,
    })
  })
})

describe('formatChange', () => {
  const chosen: ExportChoice = { ...presetChoice, template: 'singleRowCSVExport', fields: ['a.0.b'] }

  it('keeps layout and columns between a CSV and a spreadsheet', () => {
    expect(formatChange(chosen, 'xlsx')).toEqual({ format: 'xlsx', template: chosen.template })
  })

  it('takes the other layout of Parquet, whose columns are others', () => {
    expect(formatChange(chosen, 'parquet')).toEqual({ format: 'parquet', template: 'unFormattedCSVExport', fields: [] })
  })

  it('lets columns be chosen anew for a JSON of another layout', () => {
    expect(formatChange(chosen, 'json')).toMatchObject({ format: 'json', fields: [] })
    expect(formatChange({ ...presetChoice, fields: ['a'] }, 'json')).not.toHaveProperty('fields')
  })
})

describe('curlLine', () => {
  it('quotes for a shell whatever columns are called, and leaves the key to the environment', () => {
    const request = exportRequest(origin, 'f-1', { ...plain, fields: ["it's, $(rm)"] })
    const line = curlLine('f-1', request, 'form.csv')
    expect(line).toContain(`-u "f-1:$API_KEY" -o 'form.csv' -H 'content-type: application/json' -d '{"format"`)
    expect(line).toContain(`["it'\\''s, $(rm)"]`)
  })

  it('has no character in the address that curl reads as a range', () => {
    const request = exportRequest(origin, 'f-1', { ...plain, from: '2026-01-02', fields: ['a[0]', '{b}'] })
    expect(request.url).not.toMatch(/[[\]{}']/)
  })
})
