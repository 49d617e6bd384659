import { authorOf, type Caller, userIdOf } from '../access/caller.ts'
import type { Db } from '../db/database.ts'

export type AuditAction =
  | 'form.created'
  | 'form.deleted'
  | 'form.restored'
  | 'form.indexedFields'
  | 'apiKey.created'
  | 'apiKey.shown'
  | 'apiKey.regenerated'
  | 'apiKey.deleted'
  | 'apiKey.filesApiAccess'
  | 'apiKey.changed'
  | 'apiKey.rotated'
  | 'apiKey.overlapEnded'
  | 'apiKey.revoked'
  | 'rateLimit.raised'
  | 'rateLimit.ended'
  | 'team.roles'

/** Records who did what to a form; call it in the transaction of the deed. */
export async function recordAudit(
  db: Db,
  action: AuditAction,
  caller: Caller,
  formId: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  const row = { action, actor: authorOf(caller), actor_user_id: userIdOf(caller), form_id: formId }
  await db
    .insertInto('audit_event')
    .values({ ...row, details: JSON.stringify(details) })
    .execute()
}
