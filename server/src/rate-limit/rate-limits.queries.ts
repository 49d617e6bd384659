import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

/** What the owner of the server has set for a form's keys. */
export type RaisedLimit = { limit: number; until: Date; reason: string; by: string }

/** What holds for a form's keys instead of the configured limit, if anything does; undefined for an unknown or deleted form. */
export async function findFormLimit(db: Db, formId: string): Promise<{ raised: RaisedLimit | undefined } | undefined> {
  const { rows } = await sql<{ running: boolean | null } & RaisedLimit>`
    select raised_limit_until > now() as running,
      raised_limit as "limit", raised_limit_until as until, raised_limit_reason as reason, raised_limit_by as by
    from form where id = ${formId} and active`.execute(db)
  const [form] = rows
  if (!form) return undefined
  const { running, ...raised } = form
  return { raised: running ? raised : undefined }
}

/** Puts a limit in place of the one before, or ends it. */
export async function putRaisedLimit(db: Db, formId: string, raised: RaisedLimit | undefined): Promise<void> {
  await db
    .updateTable('form')
    .set({
      raised_limit: raised?.limit ?? null,
      raised_limit_until: raised?.until ?? null,
      raised_limit_reason: raised?.reason ?? null,
      raised_limit_by: raised?.by ?? null,
    })
    .where('id', '=', formId)
    .execute()
}
