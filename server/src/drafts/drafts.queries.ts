import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

const summaryColumns = [
  'id',
  'form_id',
  'form_version_id',
  'created_by',
  'created_at',
  'updated_by',
  'updated_at',
] as const

export type DraftRow = {
  id: string
  form_id: string
  form_version_id: string | null
  created_by: string
  created_at: Date
  updated_by: string | null
  updated_at: Date
}
const definitionText = sql<string>`schema::text`.as('definition')

/** Two changes in one millisecond still differ: the time of the last one is the draft's entity tag. */
const laterThanBefore = sql<Date>`greatest(now(), updated_at + interval '1 millisecond')`

/** Newest first. */
export function draftsOfForm(db: Db, formId: string, versionId: string | undefined): Promise<DraftRow[]> {
  return db
    .selectFrom('form_draft')
    .select(summaryColumns)
    .where('form_id', '=', formId)
    .$if(versionId !== undefined, (query) => query.where('form_version_id', '=', versionId ?? null))
    .orderBy('created_at', 'desc')
    .execute()
}

/** A draft with its definition as JSON text. */
export function findDraft(
  db: Db,
  formId: string,
  draftId: string,
): Promise<(DraftRow & { definition: string }) | undefined> {
  return db
    .selectFrom('form_draft')
    .select([...summaryColumns, definitionText])
    .where('form_id', '=', formId)
    .where('id', '=', draftId)
    .executeTakeFirst()
}

/** @param schema JSON text */
export function insertDraft(
  db: Db,
  id: string,
  formId: string,
  versionId: string | null,
  schema: string,
  author: string,
): Promise<DraftRow> {
  return db
    .insertInto('form_draft')
    .values({ id, form_id: formId, form_version_id: versionId, schema, created_by: author })
    .returning(summaryColumns)
    .executeTakeFirstOrThrow()
}

/** Serialises the changes of a draft, and tells its state; undefined when the form has no such draft. */
export async function lockDraft(tx: Db, formId: string, draftId: string): Promise<Date | undefined> {
  const row = await tx
    .selectFrom('form_draft')
    .select('updated_at')
    .where('form_id', '=', formId)
    .where('id', '=', draftId)
    .forUpdate()
    .executeTakeFirst()
  return row?.updated_at
}

/** Changes what is named; undefined when the form has no such draft. */
export function updateDraft(
  db: Db,
  formId: string,
  draftId: string,
  change: { schema?: string; form_version_id?: string | null },
  author: string,
): Promise<(DraftRow & { definition: string }) | undefined> {
  return db
    .updateTable('form_draft')
    .set({ ...change, updated_by: author, updated_at: laterThanBefore })
    .where('form_id', '=', formId)
    .where('id', '=', draftId)
    .returning([...summaryColumns, definitionText])
    .executeTakeFirst()
}

/** Removes a draft and gives its definition back; undefined when the form has no such draft. */
export async function takeDraft(db: Db, formId: string, draftId: string): Promise<string | undefined> {
  const row = await db
    .deleteFrom('form_draft')
    .where('form_id', '=', formId)
    .where('id', '=', draftId)
    .returning(definitionText)
    .executeTakeFirst()
  return row?.definition
}
