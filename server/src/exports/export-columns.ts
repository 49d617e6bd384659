import type { Db } from '../db/database.ts'
import type { Definitions } from '../versions/definitions.ts'
import { type Design, designOf, formAnswerKey, mergeDesigns } from './columns.ts'
import type { ExportRequest } from './export-request.ts'
import { type ExportScope, undeclaredKeys, versionsExported } from './exports.queries.ts'
import { type MetadataName, metadataNames } from './metadata.ts'

/** A column of the CSV, by where its cells come from. `rest` holds all undeclared answers of a submission. */
export type ExportColumn = { name: string } & (
  | { kind: 'metadata'; member: MetadataName }
  | { kind: 'answer'; path: string[] }
  | { kind: 'rest' }
)
export type ExportColumns = {
  columns: ExportColumn[]
  grids: Design['grids']
  /** The top-level keys that definitions declare. */
  declared: Design['keys']
}

/** Anybody who may submit can send any key; past this many the undeclared answers share one column. */
const undeclaredMax = 200

type Deps = { db: Db; definitions: Definitions }

/**
 * The columns for the rows of an export: metadata, then the answers of every version that the rows come from, then
 * answers that no definition declares, by name. They follow from definitions and keys, never from a first row.
 * @param versionIds the versions of the form that the request allows, newest first
 */
export async function columnsOfExport(
  deps: Deps,
  scope: ExportScope,
  versionIds: readonly string[],
  extras: ExportRequest['extras'],
): Promise<ExportColumns> {
  const design = await designOfRows(deps, scope, versionIds)
  return toColumns(design, extras, await undeclaredIn(deps.db, scope, design))
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
  extras: ExportRequest['extras'],
  names: readonly string[],
): Promise<{ kind: 'columns'; columns: ExportColumns } | { kind: 'unknown'; names: string[] }> {
  const design = await merged(deps, scope.formId, versionIds)
  const wanted = new Set(names)
  const declared = toColumns(design, extras, [])
  if (missingIn(declared, names).length === 0) return { kind: 'columns', columns: only(declared, wanted) }
  const wholeForm = { ...scope, versionId: undefined, filter: { deleted: true, drafts: true, test: scope.filter.test } }
  const all = toColumns(design, extras, await undeclaredIn(deps.db, wholeForm, design))
  const unknown = missingIn(all, names)
  return unknown.length > 0 ? { kind: 'unknown', names: unknown } : { kind: 'columns', columns: only(all, wanted) }
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
  const found = await undeclaredKeys(db, scope, [...design.keys], undeclaredMax + 1)
  return found.sort().map((key) => (key === 'form' ? formAnswerKey : key))
}

async function merged({ definitions }: Deps, formId: string, versionIds: readonly string[]): Promise<Design> {
  const designs: Design[] = []
  // One after another: a form may have hundreds of versions, and their definitions are large.
  for (const id of versionIds) designs.push(designOf((await definitions.find(formId, id))?.parse()))
  return mergeDesigns(designs)
}

function toColumns(design: Design, extras: ExportRequest['extras'], undeclared: string[]): ExportColumns {
  const paths = [...design.columns.map(({ path }) => path), ...rested(undeclared)]
  const columns: ExportColumn[] = [
    ...[...metadataNames, ...extras].map((member) => ({ kind: 'metadata' as const, name: `form.${member}`, member })),
    ...paths.map((path) => ({ kind: 'answer' as const, name: path.join('.'), path })),
    ...(undeclared.length > undeclaredMax ? [{ kind: 'rest' as const, name: 'undeclared' }] : []),
  ]
  return { columns: distinct(columns), grids: design.grids, declared: design.keys }
}

function rested(undeclared: string[]): string[][] {
  return undeclared.length > undeclaredMax ? [] : undeclared.map((key) => [key])
}

/** A key with a dot in it can read like a path; the later column gets a number, so that no reader drops one of them. */
function distinct(columns: ExportColumn[]): ExportColumn[] {
  const taken = new Set<string>()
  return columns.map((column) => {
    let { name } = column
    for (let count = 2; taken.has(name); count += 1) name = `${column.name} (${count})`
    taken.add(name)
    return { ...column, name }
  })
}
