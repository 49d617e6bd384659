import { deserialize, serialize } from 'node:v8'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { ExportJob, Piece } from './export-chunks.ts'
import type { Format } from './exports.schemas.ts'

export type ExportStatus = 'waiting' | 'running' | 'complete' | 'broken' | 'failed' | 'cancelled' | 'expired'

/** An export that begins. */
export type NewExport = {
  id: string
  formId: string
  format: Format
  test: boolean
  background: boolean
  fileName: string
  job: ExportJob
  columns: string[] | undefined
  watermark: string
  author: string
  expiresAt: Date
}

export type ExportRecord = {
  id: string
  form_id: string
  format: Format
  test: boolean
  background: boolean
  status: ExportStatus
  file_name: string
  columns: string[] | null
  expected_rows: number | null
  rows: number
  bytes: number
  sha256: string | null
  watermark: string
  storage_name: string | null
  created_by: string
  created_at: Date
  updated_at: Date
  started_at: Date | null
  expires_at: Date
}

/** How far an export is. */
export type Progress = {
  status: ExportStatus
  rows: number
  bytes: number
  sha256?: string | undefined
  expiresAt?: Date
}

/** A piece and where it begins. */
export type PlacedPiece = Piece & { firstByte: number }

const shown = sql`id, form_id, format, test, background, status, file_name, columns, expected_rows, rows, bytes, sha256, watermark,
  storage_name, created_by, created_at, updated_at, started_at, expires_at`

/** Makes the record of an export: one in the background waits, another runs already. */
export async function insertExport(db: Db, row: NewExport): Promise<ExportRecord> {
  const status: ExportStatus = row.background ? 'waiting' : 'running'
  const { rows } =
    await sql<ExportRecord>`insert into export (id, form_id, format, test, background, status, file_name, job, columns,
      watermark, created_by, expires_at, started_at)
    values (${row.id}, ${row.formId}, ${row.format}, ${row.test}, ${row.background}, ${status}, ${row.fileName}, ${serialize(row.job)},
      ${row.columns ?? null}, ${row.watermark}, ${row.author}, ${row.expiresAt}, ${row.background ? null : sql`now()`})
    returning ${shown}`.execute(db)
  const [made] = rows
  if (!made) throw new Error('An export was stored and gave no row.')
  return made
}

/** Adds pieces and says how far the export is, in one statement. What was cancelled or removed meanwhile stays so. @returns whether it may go on */
export async function noteProgress(
  db: Db,
  id: string,
  pieces: PlacedPiece[],
  { status, rows, bytes, sha256, expiresAt }: Progress,
): Promise<boolean> {
  const result = await sql<{ id: string }>`with noted as (
      update export set status = ${status}, rows = ${rows}, bytes = ${bytes}, sha256 = ${sha256 ?? null}, updated_at = now(),
        expires_at = coalesce(${expiresAt ?? null}, expires_at)
      where id = ${id} and status not in ('cancelled', 'expired') returning id
    ), added as (
      insert into export_piece (export_id, first_byte, bytes, rows, sha256, last_created_at, last_id, is_final)
      select noted.id, piece.* from noted cross join unnest(${pieces.map((each) => each.firstByte)}::bigint[],
        ${pieces.map((each) => each.bytes)}::bigint[], ${pieces.map((each) => each.rows)}::int[], ${pieces.map((each) => each.sha256)}::text[],
        ${pieces.map((each) => each.last?.createdAt ?? null)}::timestamptz[], ${pieces.map((each) => each.last?.id ?? null)}::uuid[],
        ${pieces.map((each) => each.isFinal)}::boolean[]) piece
      on conflict (export_id, first_byte) do update set bytes = excluded.bytes, rows = excluded.rows, sha256 = excluded.sha256,
        last_created_at = excluded.last_created_at, last_id = excluded.last_id, is_final = excluded.is_final
    ) select id from noted`.execute(db)
  return result.rows.length > 0
}

/** An export of a form; undefined for another form's. */
export async function findExport(db: Db, formId: string, id: string): Promise<ExportRecord | undefined> {
  const result = await sql<ExportRecord>`select ${shown} from export where id = ${id} and form_id = ${formId}`.execute(
    db,
  )
  return result.rows[0]
}

/** What an export does; undefined when it is gone. */
export async function jobOfExport(db: Db, id: string): Promise<ExportJob | undefined> {
  const result = await sql<{ job: Buffer }>`select job from export
    where id = ${id} and status <> 'expired'`.execute(db)
  // Nobody but us writes this column.
  return result.rows[0] && (deserialize(result.rows[0].job) as ExportJob)
}

type PieceRow = {
  first_byte: number
  bytes: number
  rows: number
  sha256: string
  last_created_at: Date | null
  last_id: string | null
  is_final: boolean
}

/** The pieces of an export in their order, those from a byte on alone when it is given. */
export async function piecesOfExport(db: Db, exportId: string): Promise<PlacedPiece[]> {
  const result =
    await sql<PieceRow>`select first_byte, bytes, rows, sha256, last_created_at, last_id, is_final from export_piece
    where export_id = ${exportId} order by first_byte`.execute(db)
  return result.rows.map(({ first_byte, bytes, rows, sha256, last_created_at, last_id, is_final }) => ({
    firstByte: first_byte,
    bytes,
    rows,
    sha256,
    last: last_created_at && last_id ? { createdAt: last_created_at, id: last_id } : undefined,
    isFinal: is_final,
  }))
}

/** An export that goes on at a byte: what came after it does not count any more. */
export async function takeUp(db: Db, exportId: string, firstByte: number): Promise<void> {
  await sql`with cut as (delete from export_piece where export_id = ${exportId} and first_byte >= ${firstByte})
    update export set status = 'running', sha256 = null, updated_at = now()
    where id = ${exportId} and status <> 'expired'`.execute(db)
}

/** Takes an export on. @returns whether it is still wanted */
export async function beginBackground(db: Db, id: string, storageName: string): Promise<boolean> {
  const result = await sql<{
    id: string
  }>`update export set status = 'running', storage_name = ${storageName}, rows = 0, bytes = 0,
      started_at = now(), updated_at = now()
    where id = ${id} and status in ('waiting', 'running') returning id`.execute(db)
  return result.rows.length > 0
}

export async function expectRows(db: Db, id: string, rows: number): Promise<void> {
  await sql`update export set expected_rows = ${rows} where id = ${id}`.execute(db)
}

export async function setStatus(db: Db, id: string, status: ExportStatus): Promise<void> {
  await sql`update export set status = ${status}, updated_at = now() where id = ${id} and status not in ('cancelled', 'expired')`.execute(
    db,
  )
}

/** Cancels an export of a form. @returns false when it is over already */
export async function cancelExport(db: Db, formId: string, id: string): Promise<boolean> {
  const result = await sql`update export set status = 'cancelled', updated_at = now()
    where id = ${id} and form_id = ${formId} and status in ('waiting', 'running') returning id`.execute(db)
  return result.rows.length > 0
}

/** The exports of a form that were asked for in the background, newest first. */
export async function backgroundExportsOf(
  db: Db,
  formId: string,
  onlyTest: boolean,
  limit: number,
): Promise<ExportRecord[]> {
  const result = await sql<ExportRecord>`select ${shown} from export
    where form_id = ${formId} and background and (test or not ${onlyTest}::boolean) order by created_at desc, id desc limit ${limit}`.execute(
    db,
  )
  return result.rows
}

/** How many exports of a form wait or run in the background. */
export async function unfinishedExports(db: Db, formId: string): Promise<number> {
  const result = await sql<{ count: number }>`select count(*) from export
    where form_id = ${formId} and background and status in ('waiting', 'running')`.execute(db)
  return result.rows[0]?.count ?? 0
}

/** Some of the exports whose time is over, with the names of their files. */
export async function expiredFiles(db: Db): Promise<{ id: string; storage_name: string | null }[]> {
  const result = await sql<{ id: string; storage_name: string | null }>`select id, storage_name from export
    where expires_at < now() and status <> 'expired' order by expires_at limit 1000`.execute(db)
  return result.rows
}

/** What is left says that it was there. */
export async function markExpired(db: Db, id: string): Promise<void> {
  await sql`with pieces as (delete from export_piece where export_id = ${id})
    update export set status = 'expired', job = '', columns = null, storage_name = null, updated_at = now() where id = ${id}`.execute(
    db,
  )
}

/** For so long a program is told that its export is kept no longer. */
export const expiredExportsKeptMs = 7 * 24 * 3_600_000

export async function forgetExports(db: Db, before: Date): Promise<void> {
  await sql`delete from export where status = 'expired' and expires_at < ${before}`.execute(db)
}
