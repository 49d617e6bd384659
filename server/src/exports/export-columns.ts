import type { Db } from '../db/database.ts'
import { problems } from '../problem.ts'
import { hasOtherKeys } from '../submissions/answer-keys.queries.ts'
import type { Definitions } from '../versions/definitions.ts'
import { type AnswerColumn, type Design, formAnswerKey, mergeDesigns } from './columns.ts'
import { designsOf } from './designs.ts'
import type { ExportRequest } from './export-request.ts'
import { type ExportScope, mostRowsIn, undeclaredKeys, versionsExported } from './exports.queries.ts'
import type { Path } from './grid-lines.ts'
import { gridsOn, type Layout, layOut, type RowCounts, widthOfSingleRows } from './layouts.ts'
import { type MetadataName, metadataLabels, metadataNames, metadataValueTypes } from './metadata.ts'
import { templates } from './templates.ts'
import type { ValueType } from './value-type.ts'

/** A column, by where its cells come from. `rest` holds all undeclared answers of a submission. */
export type ExportColumn = { name: string; label: string; valueType: ValueType } & (
  | { kind: 'metadata'; member: MetadataName }
  | { kind: 'answer'; path: Path }
  | { kind: 'rest' }
)
export type ExportColumns = Layout & {
  /** The top-level keys that definitions declare. */
  declared: Design['keys']
}

/** What a request asks of the columns. */
export type Asked = Pick<ExportRequest, 'extras' | 'template'>

/** Anybody who may submit can send any key; past this many the undeclared answers share one column. */
const undeclaredMax = 200
/** Single rows make columns of rows, and no reader takes more. */
const widthMax = 50_000

type Deps = { db: Db; definitions: Definitions }
type Named = { kind: 'columns'; columns: ExportColumns } | { kind: 'unknown'; names: string[] }

/**
 * The columns for the rows of an export: metadata, then the answers of every version that the rows come from, then
 * answers that no definition declares, by name. They follow from definitions and keys, never from a first row.
 * @param versionIds the versions of the form that the request allows, newest first
 */
export async function columnsOfExport(
  deps: Deps,
  scope: ExportScope,
  versionIds: readonly string[],
  asked: Asked,
): Promise<ExportColumns> {
  const design = await designOfRows(deps, scope, versionIds)
  return laidOut(deps.db, scope, design, await undeclaredIn(deps.db, scope, design), asked)
}

/**
 * The columns that the request names, in the order of the header. Whoever names columns gets the same ones each time, so
 * they are looked for in the whole form, whatever rows the filter leaves.
 * @returns the columns, or the names that the form does not have
 */
export async function columnsNamed(
  deps: Deps,
  scope: ExportScope,
  versionIds: readonly string[],
  asked: Asked,
  names: readonly string[],
): Promise<Named> {
  const design = await merged(deps, scope.formId, versionIds)
  const wanted = new Set(names)
  const wholeForm = { ...scope, versionId: undefined, filter: { deleted: true, drafts: true, test: scope.filter.test } }
  const declared = await laidOut(deps.db, wholeForm, design, [], asked)
  if (missingIn(declared, names).length === 0) return { kind: 'columns', columns: only(declared, wanted) }
  const all = await laidOut(deps.db, wholeForm, design, await undeclaredIn(deps.db, wholeForm, design), asked)
  const unknown = missingIn(all, names)
  return unknown.length > 0 ? { kind: 'unknown', names: unknown } : { kind: 'columns', columns: only(all, wanted) }
}

/**
 * The members of a submission's object that the request names: by the names of the columns of lines, and a whole grid by its
 * own name. @returns as `columnsNamed` does
 */
export async function membersNamed(
  deps: Deps,
  scope: ExportScope,
  versionIds: readonly string[],
  { extras }: Pick<Asked, 'extras'>,
  names: readonly string[],
): Promise<Named> {
  const inLines = { extras, template: templates[0] }
  const found = await columnsNamed(deps, scope, versionIds, inLines, names)
  if (found.kind === 'columns') return found
  const whole = await columnsNamed(deps, scope, versionIds, { extras, template: 'unFormattedCSVExport' }, found.names)
  const others = names.filter((name) => !found.names.includes(name))
  if (whole.kind === 'unknown' || others.length === 0) return whole
  const rest = await columnsNamed(deps, scope, versionIds, inLines, others)
  if (rest.kind === 'unknown') return rest
  return { kind: 'columns', columns: { ...rest.columns, columns: [...rest.columns.columns, ...whole.columns.columns] } }
}

/** The columns of an export in the default layout, as far as definitions tell them: metadata and declared answers. */
export function declaredColumns(design: Design): Pick<ExportColumn, 'name' | 'label' | 'valueType'>[] {
  return distinct(toColumns(design, [], []))
}

function missingIn({ columns }: ExportColumns, names: readonly string[]): string[] {
  const known = new Set(columns.map(({ name }) => name))
  return names.filter((name) => !known.has(name))
}

function only(all: ExportColumns, wanted: ReadonlySet<string>): ExportColumns {
  return { ...all, columns: all.columns.filter(({ name }) => wanted.has(name)) }
}

/** An export without rows has the header of the newest version: a program that reads it every day finds its columns. */
async function designOfRows(deps: Deps, scope: ExportScope, versionIds: readonly string[]): Promise<Design> {
  const ids = await versionsExported(deps.db, scope)
  return merged(deps, scope.formId, ids.length > 0 ? ids : versionIds.slice(0, 1))
}

async function undeclaredIn(db: Db, scope: ExportScope, design: Design): Promise<string[]> {
  // Looking into every row takes about as long as exporting it.
  if (!(await hasOtherKeys(db, scope.formId, [...design.keys]))) return []
  const found = await undeclaredKeys(db, scope, [...design.keys], undeclaredMax + 1)
  return found.sort().map((key) => (key === 'form' ? formAnswerKey : key))
}

async function merged({ definitions }: Deps, formId: string, versionIds: readonly string[]): Promise<Design> {
  return mergeDesigns(await designsOf(definitions, formId, versionIds))
}

async function laidOut(
  db: Db,
  scope: ExportScope,
  design: Design,
  undeclared: string[],
  { extras, template }: Asked,
): Promise<ExportColumns> {
  const columns = toColumns(design, extras, undeclared)
  const counts: RowCounts = template === 'singleRowCSVExport' ? await rowCountsOf(db, scope, design) : new Map()
  if (counts.size > 0 && widthOfSingleRows(columns, design.grids, counts) > widthMax) {
    throw problems.tooManyColumns(widthMax)
  }
  const layout = layOut(template, columns, design, counts)
  return { ...layout, columns: distinct(layout.columns), declared: design.keys }
}

async function rowCountsOf(db: Db, scope: ExportScope, { columns, grids }: Design): Promise<RowCounts> {
  const levelsByName = new Map(
    columns.flatMap(({ path }) => gridsOn(path, grids)).map((levels) => [levels.flat().join('.'), levels]),
  )
  const counts = new Map<string, number>()
  // One after another: each reads all answers.
  for (const [name, levels] of levelsByName) counts.set(name, await mostRowsIn(db, scope, levels))
  return counts
}

function toColumns(design: Design, extras: ExportRequest['extras'], undeclared: string[]): ExportColumn[] {
  const answers = [...design.columns, ...rested(undeclared)]
  return [
    ...[...metadataNames, ...extras].map((member) => ({
      kind: 'metadata' as const,
      name: `form.${member}`,
      label: metadataLabels[member],
      valueType: metadataValueTypes[member] ?? ('text' as const),
      member,
    })),
    ...answers.map(({ path, label, valueType }) => ({
      kind: 'answer' as const,
      name: path.join('.'),
      label,
      valueType,
      path,
    })),
    ...(undeclared.length > undeclaredMax ? [restColumn] : []),
  ]
}

const restColumn = { kind: 'rest', name: 'undeclared', label: 'Undeclared', valueType: 'json' } as const

function rested(undeclared: string[]): Pick<AnswerColumn, 'path' | 'label' | 'valueType'>[] {
  return undeclared.length > undeclaredMax
    ? []
    : undeclared.map((key) => ({ path: [key], label: key, valueType: 'json' as const }))
}

/**
 * A key with a dot in it can read like a path, and two fields may have one label; the later column gets a number, so that
 * no reader drops one of them.
 */
function distinct(columns: ExportColumn[]): ExportColumn[] {
  const names = numberingFrom(columns.map(({ name }) => name))
  const labels = numberingFrom(columns.map(({ label }) => label))
  return columns.map((column, place) => ({ ...column, name: names[place] ?? '', label: labels[place] ?? '' }))
}

function numberingFrom(texts: string[]): string[] {
  const taken = new Set<string>()
  const counts = new Map<string, number>()
  return texts.map((text) => {
    let distinctText = text
    for (let count = counts.get(text) ?? 2; taken.has(distinctText); count += 1) {
      distinctText = `${text} (${count})`
      counts.set(text, count + 1)
    }
    taken.add(distinctText)
    return distinctText
  })
}
