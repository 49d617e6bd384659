import { type FieldProblem, problems } from '../problem.ts'
import { presetTemplate } from './export-formats.ts'
import {
  type ExportBody,
  type ExportFieldsQuery,
  type ExportQuery,
  type ExtraColumn,
  extraColumns,
  type Format,
  type WindowName,
  windowNames,
} from './exports.schemas.ts'
import { parseInstant } from './instant.ts'
import { type Template, templates } from './templates.ts'
import { type TimeZone, timeZoneNamed, utc } from './time-zone.ts'

/** Which submissions are wanted; an absent member does not narrow. */
export type ExportFilter = Partial<Record<WindowName, Date>> & {
  /** The number of a version. */
  version?: number
  deleted: boolean
  drafts: boolean
  /** Test submissions instead of live ones. */
  test: boolean
  status?: string
}

export type ExportRequest = {
  format: Format
  /** How the lines are laid out. */
  template: Template
  header: 'name' | 'label'
  filter: ExportFilter
  extras: ExtraColumn[]
  /** The name of a time zone that is known. */
  timeZone: string
  /** The header names to keep; all when undefined. */
  fields: string[] | undefined
  bom: boolean
  /** Undefined when the request leaves it to us. */
  formulaGuard: boolean | undefined
}

/** Makes the problem that a request's mistakes are answered with. */
export type Refuse = (errors: FieldProblem[]) => Error
export const badQuery: Refuse = (errors) => problems.invalidQuery(errors)
export const badBody: Refuse = (errors) => problems.invalidBody(errors, 400)

/** @throws Problem 400 `invalid_query` */
export function requestInQuery(query: ExportQuery): ExportRequest {
  const fields = namesIn(query.fields, query['fields[]'])
  if (fields?.length === 0) throw badQuery([{ path: 'fields', message: 'must name a column, or be left out for all' }])
  assertOffered(query, badQuery)
  return { ...selectionInQuery(query), ...presets(query), fields }
}

/** @throws Problem 400 `invalid_body` */
export function requestInBody(body: ExportBody): ExportRequest {
  assertOffered(body, badBody)
  const windows = body.preference ?? {}
  const { timeZone = 'UTC' } = body
  const filter = filterOf(body, windows, zoneNamed(timeZone, badBody), badBody)
  return { ...presets(body), filter, timeZone, extras: body.columns ?? [], fields: body.fields }
}

/** What decides the rows and the columns. @throws Problem 400 `invalid_query` */
export function selectionInQuery(
  query: ExportFieldsQuery,
): Pick<ExportRequest, 'filter' | 'timeZone' | 'extras' | 'template'> {
  assertKnownFilters(query)
  const { singleRow = false, template = singleRow ? 'singleRowCSVExport' : templates[0], timeZone = 'UTC' } = query
  const filter = filterOf(query, windowsIn(query), zoneNamed(timeZone, badQuery), badQuery)
  return { filter, timeZone, extras: extrasIn(query), template }
}

/** Names that are meant to narrow an export and that it does not have: without them it would be larger than was asked for. */
function assertKnownFilters(query: object): void {
  const unknown = Object.keys(query).filter((name) => isWindow(name) || /^filter\b/.test(name) || name === 'versions')
  if (unknown.length === 0) return
  throw badQuery(unknown.map((path) => ({ path, message: 'is no parameter of exports; dates go into preference' })))
}

function presets({
  format = 'csv',
  template = presetTemplate(format),
  header = 'key',
  bom = false,
  formulaGuard,
}: ExportQuery | ExportBody) {
  return { format, template, header: header === 'key' ? ('name' as const) : header, bom, formulaGuard }
}

function assertOffered(asked: ExportQuery | ExportBody, refuse: Refuse): void {
  const { format = 'csv', emailExport = false } = asked
  if (format === 'csv' && emailExport) {
    throw refuse([{ path: 'emailExport', message: 'must be false: the reply is the CSV itself, none is sent by mail' }])
  }
}

type Filters = Pick<ExportFieldsQuery, 'version' | 'deleted' | 'drafts' | 'test' | 'status'>

function filterOf(asked: Filters, windows: Record<string, unknown>, zone: TimeZone, refuse: Refuse): ExportFilter {
  const { version, deleted = false, drafts = false, test = false, status } = asked
  return {
    deleted,
    drafts,
    test,
    ...(version ? { version } : {}),
    ...(status === undefined ? {} : { status }),
    ...instantsIn(windows, zone, refuse),
  }
}

/** `preference` as JSON text, with the nested query keys over it. */
function windowsIn(query: ExportFieldsQuery): Record<string, unknown> {
  const nested = Object.entries(query).flatMap(([name, value]) => {
    const [, window] = /^preference\[(.*)\]$/.exec(name) ?? []
    return window === undefined || value === undefined ? [] : [[window, value]]
  })
  return { ...preferenceIn(query.preference), ...Object.fromEntries(nested) }
}

function preferenceIn(text: string | undefined): object {
  if (!text) return {}
  const value = parsed(text)
  if (value === null) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value
  throw badQuery([{ path: 'preference', message: 'must be the JSON text of an object' }])
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Every mistake counts: a filter that is left out in silence gives more data than was asked for. */
function instantsIn(
  windows: Record<string, unknown>,
  zone: TimeZone,
  refuse: Refuse,
): Partial<Record<WindowName, Date>> {
  const instants: Partial<Record<WindowName, Date>> = {}
  const mistakes: FieldProblem[] = []
  for (const [name, value] of Object.entries(windows)) {
    if (!isWindow(name)) mistakes.push({ path: `preference.${name}`, message: `is none of ${windowNames.join(', ')}` })
    else if (value !== null && value !== '') {
      const edge = /min/i.test(name) ? 'first' : 'last'
      const instant = typeof value === 'string' ? parseInstant(value, edge, zone) : undefined
      if (instant) instants[name] = instant
      else mistakes.push({ path: `preference.${name}`, message: 'must be a date or date-time of ISO 8601' })
    }
  }
  if (mistakes.length > 0) throw refuse(mistakes)
  return instants
}

function zoneNamed(name: string, refuse: Refuse): TimeZone {
  const zone = name === 'UTC' ? utc : timeZoneNamed(name)
  if (zone) return zone
  throw refuse([{ path: 'timeZone', message: 'must be a time zone such as America/Vancouver' }])
}

function isWindow(name: string): name is WindowName {
  return windowNames.some((each) => each === name)
}

function extrasIn(query: ExportFieldsQuery): ExtraColumn[] {
  const names = namesIn(query.columns, query['columns[]']) ?? []
  const unknown = names.find((name) => !extraColumns.some((each) => each === name))
  if (unknown !== undefined) {
    throw badQuery([{ path: 'columns', message: `holds ${unknown}, which is none of ${extraColumns.join(', ')}` }])
  }
  return extraColumns.filter((each) => names.includes(each))
}

function namesIn(...lists: (string | string[] | undefined)[]): string[] | undefined {
  const given = lists.filter((list) => list !== undefined)
  if (given.length === 0) return undefined
  return given
    .flat()
    .flatMap((each) => each.split(','))
    .map((name) => name.trim())
    .filter(Boolean)
}
