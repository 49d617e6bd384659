import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { accessOf } from '../access/caller.ts'
import { signedInAccess } from '../access/route-access.ts'
import type { Db } from '../db/database.ts'
import { ref } from '../http/schemas.ts'
import { jsonArray, streamText } from '../http/stream.ts'
import { problems } from '../problem.ts'
import { type OwnRow, submissionsOfPerson } from './own-submissions.queries.ts'
import { OwnSubmission, OwnSubmissionsQuery } from './submission-lists.schemas.ts'

/** What somebody filled in, to find a draft again. */
export function ownSubmissionsRoutes({ db }: { db: Db }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/rbac/current/submissions',
      {
        config: { access: signedInAccess },
        schema: {
          operationId: 'listCurrentSubmissions',
          tags: ['submissions'],
          description: 'What the person who asks filled in, drafts too, newest first. What they deleted is left out.',
          querystring: OwnSubmissionsQuery,
          response: { 200: Type.Array(ref(OwnSubmission)) },
        },
      },
      async (request, reply) => {
        const { caller } = accessOf(request)
        if (caller.kind !== 'user') throw problems.unauthorized()
        const { formId, formSubmissionId, active = true } = request.query
        const batches = submissionsOfPerson(db, caller.id, { formId, submissionId: formSubmissionId, active })
        return streamText(reply, jsonArray(texts(batches)))
      },
    )
  }
}

async function* texts(batches: AsyncIterable<OwnRow[]>): AsyncGenerator<string[]> {
  for await (const rows of batches) yield rows.map((row) => JSON.stringify(toOwnSubmission(row)))
}

function toOwnSubmission(row: OwnRow) {
  return {
    formSubmissionId: row.id,
    formId: row.form_id,
    formVersionId: row.form_version_id,
    version: row.version,
    name: row.name,
    description: row.description,
    active: row.active,
    confirmationId: row.confirmation_id,
    draft: row.draft,
    lateEntry: row.late_entry,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    userId: row.created_by_user_id,
    enableStatusUpdates: row.enable_status_updates,
    enableSubmitterDraft: row.enable_submitter_draft,
    submissionStatus: row.status === null ? [] : [{ code: row.status }],
    permissions: permissionsOf(row),
  }
}

/** The same as the guard lets a submitter do. */
function permissionsOf({ draft, status }: OwnRow): string[] {
  const change = draft ? ['submission_update'] : []
  return ['submission_read', ...change, ...(draft && status === null ? ['submission_delete'] : [])]
}
