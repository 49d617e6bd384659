import type { FastifyRequest } from 'fastify'
import { accessOf } from '../access/caller.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { problems } from '../problem.ts'
import { type ExportRecord, findExport } from './export-records.queries.ts'

export type ExportRequestInPath = FastifyRequest<{ Params: { formId: string; exportId: string } }>

/** The export that the path names, of the form that it names; test keys see those of test submissions alone. @throws Problem 404 or 410 */
export async function exportInPath(
  { db, clock }: { db: Db; clock: Clock },
  request: ExportRequestInPath,
): Promise<ExportRecord> {
  const { formId, exportId } = request.params
  const row = await findExport(db, formId, exportId)
  if (!row || !maySee(request, row)) throw problems.notFound('export')
  if (row.status === 'expired' || row.expires_at.getTime() <= clock()) throw problems.exportExpired()
  return row
}

function maySee(request: FastifyRequest, { test }: ExportRecord): boolean {
  const { caller } = accessOf(request)
  return caller.kind !== 'apiKey' || caller.test === test || !caller.test
}
