import type { Db } from '../db/database.ts'
import { type FieldProblem, problems } from '../problem.ts'
import { versionsOfForm } from '../versions/versions.queries.ts'
import type { ExportFilter } from './export-request.ts'
import { type ExportScope, findExportedForm } from './exports.queries.ts'

/** Where an export's rows and columns come from. */
export type ExportSource = {
  /** The form's. */
  name: string
  scope: ExportScope
  /** The versions that the request allows, newest first. */
  versionIds: string[]
}

/** Looks up what a request names. @throws Problem 404, and what `refuse` makes of an unknown version */
export async function openSource(
  db: Db,
  formId: string,
  filter: ExportFilter,
  refuse: (errors: FieldProblem[]) => Error,
): Promise<ExportSource> {
  const form = await findExportedForm(db, formId)
  if (!form) throw problems.notFound('form')
  const versions = await versionsOfForm(db, formId)
  const asked = versions.filter(({ version }) => filter.version === undefined || version === filter.version)
  if (filter.version !== undefined && asked.length === 0) {
    throw refuse([{ path: 'version', message: `is ${filter.version}, which this form does not have` }])
  }
  const versionId = filter.version === undefined ? undefined : asked[0]?.id
  const scope = { formId, until: form.until, versionId, filter }
  return { name: form.name, scope, versionIds: asked.map(({ id }) => id) }
}
