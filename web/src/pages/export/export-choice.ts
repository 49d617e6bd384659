import { isJson, presetTemplate } from '../../../../server/src/exports/export-formats.ts'
import { type Template, templates } from '../../../../server/src/exports/templates.ts'
import type { submissionStatuses } from '../../../../server/src/submissions/review.ts'
import type { operations } from '../../api/schema.d.ts'

/** The formats that people are offered, in this order. */
export const exportFormats = ['csv', 'xlsx', 'json', 'ndjson', 'parquet'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** What days can be about, in this order. */
export const exportDates = ['created', 'submitted', 'updated'] as const
export type ExportDate = (typeof exportDates)[number]

/** What somebody wants to have exported. */
export type ExportChoice = {
  format: ExportFormat
  /** How a table is laid out. */
  template: Template
  /** Whether columns are named by the fields' labels instead of their keys. */
  labels: boolean
  /** The number of a version; all of them when absent. */
  version?: number | undefined
  /** One status; all of them when absent. */
  status?: Status | undefined
  /** What `from` and `to` are about. */
  date: ExportDate
  /** Days such as `2026-11-24`, in the reader's time zone. */
  from?: string | undefined
  to?: string | undefined
  deleted: boolean
  drafts: boolean
  /** Test submissions instead of live ones. */
  test: boolean
  /** Header names; every column when absent. */
  fields?: string[] | undefined
  /** For Excel, which takes a CSV without this mark for another encoding. */
  bom: boolean
  /** Texts that a spreadsheet would calculate get a mark in front. */
  formulaGuard: boolean
}

type Status = (typeof submissionStatuses)[number]

export const presetChoice: ExportChoice = {
  format: 'csv',
  template: templates[0],
  labels: false,
  date: 'created',
  deleted: false,
  drafts: false,
  test: false,
  bom: true,
  formulaGuard: true,
}

const extraColumns = ['draft', 'deleted', 'updatedAt'] as const
/** Columns that an export has only when it is asked for them. */
export const extraFields = extraColumns.map((name) => `form.${name}`)

type ExportBody = operations['requestExport']['requestBody']['content']['application/json']

export type ExportRequest = { method: 'GET'; url: string } | { method: 'POST'; url: string; body: string }

/** Longer addresses are refused by servers and proxies; the choice then goes into a body. */
const addressMax = 2000

/** The request that gives this export. @param origin such as `https://forms.example.org` */
export function exportRequest(origin: string, formId: string, choice: ExportChoice): ExportRequest {
  const form = `${origin}/app/api/v1/forms/${formId}`
  const url = `${form}/export?${new URLSearchParams(parameters(choice))}`
  const isLong =
    url.length > addressMax || (choice.fields ?? []).some((name) => name.includes(',') || name !== name.trim())
  return isLong
    ? { method: 'POST', url: `${form}/export/fields`, body: JSON.stringify(exportBody(choice)) }
    : { method: 'GET', url }
}

/** What narrows the rows. */
export type ExportFilters = Pick<
  ExportChoice,
  'version' | 'status' | 'date' | 'from' | 'to' | 'deleted' | 'drafts' | 'test'
>

/** Query parameters for what narrows the rows, as the export and its list of columns take them. */
export function filterParameters(filters: ExportFilters): [string, string][] {
  const { version, status, deleted, drafts, test } = filters
  return [
    ...(version === undefined ? [] : [['version', String(version)] as [string, string]]),
    ...(status === undefined ? [] : [['status', status] as [string, string]]),
    ...Object.entries(windowOf(filters)).map(([name, at]): [string, string] => [`preference[${name}]`, at]),
    ...(deleted ? [['deleted', 'true'] as [string, string]] : []),
    ...(drafts ? [['drafts', 'true'] as [string, string]] : []),
    ...(test ? [['test', 'true'] as [string, string]] : []),
  ]
}

/** How the API names the two ends of the time in which something was. */
const windowNames = {
  created: ['minDate', 'maxDate'],
  submitted: ['submittedMinDate', 'submittedMaxDate'],
  updated: ['updatedMinDate', 'updatedMaxDate'],
} as const
type WindowName = (typeof windowNames)[ExportDate][number]

function windowOf({ date, ...days }: ExportFilters): Partial<Record<WindowName, string>> {
  const [min, max] = windowNames[date]
  const { first, last } = instants(days)
  return { ...(first === undefined ? {} : { [min]: first }), ...(last === undefined ? {} : { [max]: last }) }
}

/** Where the days of the reader begin and end. */
export function instants({ from, to }: Pick<ExportChoice, 'from' | 'to'>): { first?: string; last?: string } {
  return {
    ...(from === undefined ? {} : { first: new Date(`${from}T00:00:00`).toISOString() }),
    ...(to === undefined ? {} : { last: new Date(`${to}T23:59:59.999`).toISOString() }),
  }
}

/** Whether a format has lines and columns. */
export const isTable = (format: ExportFormat): boolean => !isJson(format)

/** The layout that tells which columns there are; members of a JSON go by the names of the preset one. */
export function layoutOf({ format, template }: ExportChoice): Template {
  return isTable(format) ? template : templates[0]
}

/** What another format changes besides: its own preset layout, and chosen columns where it has others. */
export function formatChange(choice: ExportChoice, format: ExportFormat): Partial<ExportChoice> {
  const sharesPreset = presetTemplate(format) === presetTemplate(choice.format)
  const template = sharesPreset ? choice.template : presetTemplate(format)
  const columnsStay = layoutOf({ ...choice, format, template }) === layoutOf(choice)
  return { format, template, ...(choice.fields && !columnsStay ? { fields: [] } : {}) }
}

/** Whether the layout has to be said, since it is another than the preset one. */
function isOwnLayout({ format, template }: ExportChoice): boolean {
  return isTable(format) && template !== presetTemplate(format)
}

/** A spreadsheet shows times without their offset: they are to be those of the reader's clocks. */
function readersZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

function parameters(choice: ExportChoice): [string, string][] {
  const { format, labels, bom, formulaGuard } = choice
  const columns = extrasOf(choice).join(',')
  const { fields } = choice
  return [
    ['format', format],
    ...(isOwnLayout(choice) ? [['template', choice.template] as [string, string]] : []),
    ...(format === 'xlsx' ? [['timeZone', readersZone()] as [string, string]] : []),
    ...filterParameters(choice),
    ...(columns === '' ? [] : [['columns', columns] as [string, string]]),
    ...(fields === undefined ? [] : [['fields', fields.join(',')] as [string, string]]),
    ...(isTable(format) && labels ? [['header', 'label'] as [string, string]] : []),
    ...(format === 'csv' && bom ? [['bom', 'true'] as [string, string]] : []),
    // Always said: what is preset differs between people and keys, and both are to get the same file.
    ...(format === 'csv' ? [['formulaGuard', String(formulaGuard)] as [string, string]] : []),
  ]
}

/** The choice as the body of the operations that take one. */
export function exportBody(choice: ExportChoice): ExportBody {
  const { format, template, version, status, deleted, drafts, test, labels, bom, formulaGuard } = choice
  const preference = windowOf(choice)
  const columns = extrasOf(choice)
  const { fields } = choice
  return {
    format,
    ...(isOwnLayout(choice) ? { template } : {}),
    ...(format === 'xlsx' ? { timeZone: readersZone() } : {}),
    ...(version === undefined ? {} : { version }),
    ...(status === undefined ? {} : { status }),
    ...(Object.keys(preference).length === 0 ? {} : { preference }),
    ...(deleted ? { deleted } : {}),
    ...(drafts ? { drafts } : {}),
    ...(test ? { test } : {}),
    ...(columns.length === 0 ? {} : { columns }),
    ...(fields === undefined ? {} : { fields }),
    ...(isTable(format) && labels ? { header: 'label' as const } : {}),
    ...(format === 'csv' ? { bom, formulaGuard } : {}),
  }
}

/** Who mixes drafts or deleted submissions in wants to tell them apart; else what was chosen by name. */
function extrasOf(choice: ExportChoice): (typeof extraColumns)[number][] {
  const chosen = choice.fields
  if (chosen) return extraColumns.filter((name) => chosen.includes(`form.${name}`))
  return [...(choice.drafts ? ['draft' as const] : []), ...(choice.deleted ? ['deleted' as const] : [])]
}

/** A line for a POSIX shell that gets the same bytes; the key comes from the environment. */
export function curlLine(formId: string, request: ExportRequest, fileName: string): string {
  const parts = ['curl', '--fail', '-u', `"${formId}:$API_KEY"`, '-o', quoted(fileName)]
  if (request.method === 'POST') parts.push('-H', quoted('content-type: application/json'), '-d', quoted(request.body))
  return [...parts, quoted(request.url)].join(' ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
