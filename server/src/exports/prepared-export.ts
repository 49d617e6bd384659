import { randomUUID } from 'node:crypto'
import { authorOf, type Caller, concernsTest } from '../access/caller.ts'
import { cursorOf } from '../changes/cursor.ts'
import { endOfFeed } from '../changes/feed.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { snakeName } from '../forms/form.ts'
import type { Definitions } from '../versions/definitions.ts'
import { fitting } from './column-limits.ts'
import { columnsNamed, columnsOfExport, type ExportColumns, membersNamed } from './export-columns.ts'
import { isJson } from './export-formats.ts'
import { keptMs } from './export-recorder.ts'
import type { NewExport } from './export-records.queries.ts'
import type { ExportFilter, ExportRequest, Refuse } from './export-request.ts'
import { type ExportSource, openSource } from './export-source.ts'
import type { Writing } from './row-writer.ts'

type Deps = { db: Db; definitions: Definitions; clock: Clock }
export type Asking = { formId: string; caller: Caller; asked: ExportRequest; background: boolean; refuse: Refuse }

/** Looks up all that an export needs to know before its first row. @throws Problem 404, and what `refuse` makes of mistakes */
export async function prepareExport(deps: Deps, asking: Asking): Promise<NewExport> {
  const { formId, caller, asked, background, refuse } = asking
  const filter = filterFor(caller, asked.filter)
  // Before the rows are read: whoever follows the feed from there on misses no change, and may see one that is in the export.
  const watermark = cursorOf(await endOfFeed(deps.db, { formId, test: filter.test }))
  const source = await openSource(deps.db, formId, filter, refuse)
  const writing = await writingFor(deps, source, asking)
  return {
    id: randomUUID(),
    formId,
    format: asked.format,
    test: filter.test,
    background,
    fileName: `${snakeName(source.name)}_submissions.${asked.format}`,
    job: { scope: source.scope, writing },
    columns: 'columns' in writing ? writing.columns.columns.map(({ name }) => name) : undefined,
    watermark,
    author: authorOf(caller),
    expiresAt: new Date(deps.clock() + keptMs),
  }
}

/** A test key exports test submissions, whatever it asks for. */
export function filterFor(caller: Caller, filter: ExportFilter): ExportFilter {
  return { ...filter, test: concernsTest(caller, filter.test) }
}

async function writingFor(deps: Deps, source: ExportSource, { asked, caller, refuse }: Asking): Promise<Writing> {
  const { format, extras, timeZone, bom, header } = asked
  const form = { name: source.name, extras, timeZone }
  if (isJson(format) && !asked.fields) return { format, form }
  const columns = fitting(format, await columnsFor(deps, source, asked, refuse))
  if (isJson(format)) return { format, form, chosen: columns }
  if (format !== 'csv') return { format, form, columns, header }
  const formulaGuard = asked.formulaGuard ?? caller.kind !== 'apiKey'
  return { format, form, columns, csv: { bom, header, formulaGuard } }
}

async function columnsFor(
  deps: Deps,
  { scope, versionIds }: ExportSource,
  { fields, ...asked }: ExportRequest,
  refuse: Refuse,
): Promise<ExportColumns> {
  if (!fields) return columnsOfExport(deps, scope, versionIds, asked)
  const named = isJson(asked.format) ? membersNamed : columnsNamed
  const found = await named(deps, scope, versionIds, asked, fields)
  if (found.kind === 'columns') return found.columns
  throw refuse(
    found.names.slice(0, 20).map((name) => ({ path: 'fields', message: `holds ${name}, which is no column` })),
  )
}
