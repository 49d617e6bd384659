import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

const summaryColumns = [
  'id',
  'form_id',
  'version',
  'published',
  'created_by',
  'created_at',
  'updated_by',
  'updated_at',
] as const

export type VersionRow = {
  id: string
  form_id: string
  version: number
  published: boolean
  created_by: string
  created_at: Date
  updated_by: string | null
  updated_at: Date
}

export function versionsOfForm(db: Db, formId: string): Promise<VersionRow[]> {
  return db
    .selectFrom('form_version')
    .select(summaryColumns)
    .where('form_id', '=', formId)
    .orderBy('version', 'desc')
    .execute()
}

export function findVersion(db: Db, formId: string, versionId: string): Promise<VersionRow | undefined> {
  return db
    .selectFrom('form_version')
    .select(summaryColumns)
    .where('form_id', '=', formId)
    .where('id', '=', versionId)
    .executeTakeFirst()
}

export function findPublishedVersion(db: Db, formId: string): Promise<VersionRow | undefined> {
  return db
    .selectFrom('form_version')
    .select(summaryColumns)
    .where('form_id', '=', formId)
    .where('published', '=', true)
    .executeTakeFirst()
}

/** A version's definition as the JSON text that was sent. */
export async function findDefinition(db: Db, formId: string, versionId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('form_version')
    .select(sql<string>`schema::text`.as('schema'))
    .where('form_id', '=', formId)
    .where('id', '=', versionId)
    .executeTakeFirst()
  return row?.schema
}

/** Publishes a version in place of the one that was; the caller holds a transaction. False when there is no such version. */
export async function publishVersion(db: Db, formId: string, versionId: string, author: string): Promise<boolean> {
  await unpublishAll(db, formId, author)
  const { numUpdatedRows } = await db
    .updateTable('form_version')
    .set({ published: true, updated_by: author, updated_at: sql`now()` })
    .where('form_id', '=', formId)
    .where('id', '=', versionId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function unpublishVersion(db: Db, formId: string, versionId: string, author: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('form_version')
    .set({ published: false, updated_by: author, updated_at: sql`now()` })
    .where('form_id', '=', formId)
    .where('id', '=', versionId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/**
 * Turns a definition into the form's next version and publishes it; the caller holds a transaction and the form's lock.
 * @param schema JSON text
 */
export async function insertPublishedVersion(
  db: Db,
  id: string,
  formId: string,
  schema: string,
  author: string,
): Promise<VersionRow> {
  await unpublishAll(db, formId, author)
  const next = sql<number>`(select coalesce(max(version), 0) + 1 from form_version where form_id = ${formId})`
  return db
    .insertInto('form_version')
    .values({ id, form_id: formId, version: next, schema, published: true, created_by: author })
    .returning(summaryColumns)
    .executeTakeFirstOrThrow()
}

/**
 * Two who publish at once would both take the next number; the second waits here.
 * @returns whether the form is there still: it may have been deleted since the guard looked
 */
export async function lockForm(db: Db, formId: string): Promise<boolean> {
  const form = await db.selectFrom('form').select('active').where('id', '=', formId).forUpdate().executeTakeFirst()
  return form?.active ?? false
}

async function unpublishAll(db: Db, formId: string, author: string): Promise<void> {
  await db
    .updateTable('form_version')
    .set({ published: false, updated_by: author, updated_at: sql`now()` })
    .where('form_id', '=', formId)
    .where('published', '=', true)
    .execute()
}
