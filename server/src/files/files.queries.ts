import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { fileIdsIn, unsubmittedKeptHours } from './file.ts'

export type NewFile = {
  id: string
  form_id: string
  storage_name: string
  original_name: string
  mime_type: string
  size: number
  created_by: string
  created_by_user_id: string | null
  network: string | null
}

/** Who uploads: a person, or a stranger by where the call comes from. */
export type Uploader = { created_by_user_id: string } | { network: string }

/** How many of somebody's files wait for this form to be submitted, and in how many seconds the oldest of them goes. */
export async function unsubmittedFilesOf(
  db: Db,
  formId: string,
  uploader: Uploader,
): Promise<{ count: number; firstGoesInSeconds: number }> {
  const [column, value] =
    'network' in uploader
      ? (['network', uploader.network] as const)
      : (['created_by_user_id', uploader.created_by_user_id] as const)
  const row = await db
    .selectFrom('file')
    .select([
      sql<number>`count(*)`.as('count'),
      sql<number | null>`ceil(extract(epoch from min(created_at) + ${keptFor} - now()))::integer`.as('seconds'),
    ])
    .where('form_id', '=', formId)
    .where('submission_id', 'is', null)
    .where(column, '=', value)
    .executeTakeFirstOrThrow()
  return { count: row.count, firstGoesInSeconds: Math.max(1, row.seconds ?? 1) }
}

const keptFor = sql`interval '1 hour' * ${sql.lit(unsubmittedKeptHours)}`

/** Notes content that is about to be written, so that it goes again if no row ever speaks of it. */
export async function reserveStorageName(db: Db, storageName: string): Promise<void> {
  // No request lasts an hour.
  await sql`insert into file_removal (storage_name, due_at) values (${storageName}, now() + interval '1 hour')`.execute(
    db,
  )
}

/** Stores the row of a file whose content is there. */
export function insertFile(db: Db, file: NewFile): Promise<{ created_at: Date }> {
  return db.transaction().execute(async (tx) => {
    const row = await tx.insertInto('file').values(file).returning('created_at').executeTakeFirstOrThrow()
    await forgetRemovals(tx, [file.storage_name])
    return row
  })
}

/**
 * Deletes files as the caller saw them, all or none.
 * @returns false when one of them was submitted or deleted meanwhile
 */
export function deleteFiles(
  db: Db,
  files: { id: string; form_id: string; submission_id: string | null }[],
): Promise<boolean> {
  const undone = Symbol('undone')
  return db
    .transaction()
    .execute(async (tx) => {
      // In the order of their ids, as submissions lock them: else two might wait for each other for ever.
      const inOrder = files.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      for (const { id, form_id, submission_id } of inOrder) {
        const { numDeletedRows } = await tx
          .deleteFrom('file')
          .where('id', '=', id)
          .where('form_id', '=', form_id)
          .where('submission_id', 'is not distinct from', submission_id)
          .executeTakeFirst()
        if (numDeletedRows === 0n) throw undone
      }
      return true
    })
    .catch((error: unknown) => {
      if (error === undone) return false
      throw error
    })
}

/** Deletes uploads that were never submitted. */
export async function deleteUnsubmitted(db: Db): Promise<void> {
  await sql`delete from file where submission_id is null and created_at < now() - ${keptFor}`.execute(db)
}

/** Content whose time has come; other containers pass over what one of them holds. */
export async function dueRemovals(tx: Db, max: number): Promise<string[]> {
  const { rows } = await sql<{ storage_name: string }>`select storage_name from file_removal where due_at <= now()
    order by due_at limit ${max} for update skip locked`.execute(tx)
  return rows.map((row) => row.storage_name)
}

export async function forgetRemovals(db: Db, storageNames: string[]): Promise<void> {
  if (storageNames.length > 0) await db.deleteFrom('file_removal').where('storage_name', 'in', storageNames).execute()
}

/** Puts off what could not be removed, so that the others get their turn. */
export async function postponeRemoval(db: Db, storageName: string): Promise<void> {
  await sql`update file_removal set due_at = now() + interval '1 hour' where storage_name = ${storageName}`.execute(db)
}

/**
 * A part of the statement that writes submissions, which gives them the files that their answers name: those of the same
 * form which wait for their submission and are the writer's own. A stranger's upload has no person to compare with; its
 * id is a random one that only its uploader was told, and until a submission names it nobody can read it anywhere. So
 * whoever knows it may submit it, once. Any other file that is named stays with whom it belongs: nothing is gained.
 * @param items JSON text each
 * @param stored the part of the statement that gives the written rows
 */
export function attachingFiles(
  formId: string,
  userId: string | null,
  items: { id: string; submission: string }[],
  stored: string,
): RawBuilder<unknown> {
  const named = items.flatMap(({ id, submission }) => fileIdsIn(submission).map((fileId) => ({ fileId, id })))
  if (named.length === 0) return sql``
  // Locked in the order of their ids: two who name the same files in other orders would wait for each other for ever.
  return sql`, free as (
      select file.id, named.submission_id
      from unnest(${named.map((each) => each.fileId)}::uuid[], ${named.map((each) => each.id)}::uuid[])
        as named (file_id, submission_id)
      join file on file.id = named.file_id
      where file.form_id = ${formId} and file.submission_id is null
        and (file.network is not null or file.created_by_user_id = ${userId}::uuid)
        and named.submission_id in (select id from ${sql.ref(stored)})
      order by file.id for update of file
    ), attached as (
      update file set submission_id = free.submission_id from free where file.id = free.id
    )`
}
