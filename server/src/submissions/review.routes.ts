import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accessOf, authorOf } from '../access/caller.ts'
import { submissionAccess } from '../access/route-access.ts'
import type { Db } from '../db/database.ts'
import { newId } from '../http/ids.ts'
import { ProblemDetails, ref, SubmissionParams } from '../http/schemas.ts'
import { jsonArray, streamText } from '../http/stream.ts'
import { problems } from '../problem.ts'
import { assertAnswers, type IntakeDeps } from './intake.ts'
import {
  type EditRow,
  editsOfSubmission,
  type HistoryRow,
  historyOfSubmission,
  isReviewer,
  nextCodesOn,
} from './review.queries.ts'
import { StatusChange, SubmissionEdit, SubmissionHistory } from './review.schemas.ts'
import { decideStatus } from './review.ts'
import { submissionOf, toStatus } from './submission.ts'
import { changeSubmission } from './submission-writes.queries.ts'
import { statusesOfSubmission } from './submissions.queries.ts'
import { SubmissionStatus } from './submissions.schemas.ts'

type Deps = IntakeDeps & { db: Db }

const historyMax = 1000

/** What a team does with submissions once they are there: their statuses, and what happened to them. */
export function reviewRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  const { db } = deps
  return async (app) => {
    app.get(
      '/submissions/:formSubmissionId/edits',
      {
        config: { access: submissionAccess(['submission_read'], { byRole: true }) },
        schema: {
          operationId: 'listSubmissionEdits',
          tags: ['submissions'],
          description: 'Who changed, deleted or restored a submission since it was submitted. Newest first.',
          params: SubmissionParams,
          response: { 200: Type.Array(ref(SubmissionEdit)) },
        },
      },
      async (request, reply) => {
        const { form_id, id } = submissionOf(accessOf(request))
        return streamText(reply, jsonArray(editTexts(editsOfSubmission(db, form_id, id))))
      },
    )

    app.get(
      '/submissions/:formSubmissionId/history',
      {
        config: { access: submissionAccess(['submission_read'], { byRole: true }) },
        schema: {
          operationId: 'getSubmissionHistory',
          tags: ['submissions'],
          description: 'All that happened to a submission: its making, its changes and its statuses. Newest first.',
          params: SubmissionParams,
          response: { 200: ref(SubmissionHistory) },
        },
      },
      async (request) => {
        const { form_id, id } = submissionOf(accessOf(request))
        const rows = await historyOfSubmission(db, form_id, id, historyMax + 1)
        return { complete: rows.length <= historyMax, entries: rows.slice(0, historyMax).map(toEntry) }
      },
    )

    app.post(
      '/submissions/:formSubmissionId/status',
      {
        config: { access: submissionAccess(['submission_review'], { byRole: true, scope: 'status:write' }) },
        schema: {
          operationId: 'setSubmissionStatus',
          tags: ['submissions'],
          description:
            'Gives a submission its next status. `REVISING` makes it a draft that its submitter can change and submit again.',
          params: SubmissionParams,
          body: ref(StatusChange),
          response: { 200: ref(SubmissionStatus), 409: ref(ProblemDetails) },
        },
      },
      (request) => setStatus(deps, request, request.body),
    )
  }
}

async function setStatus(deps: Deps, request: FastifyRequest, body: StatusChange) {
  const access = accessOf(request)
  const before = submissionOf(access)
  const target = { formId: before.form_id, id: before.id }
  const { code, assignedToUserId = null, actionDate } = body
  const nextCodes = await nextCodesOn(deps.db, target.formId, before.status, code)
  if (!nextCodes) throw problems.invalidBody([{ path: 'code', message: 'is no status of this form' }])
  const decision = decideStatus(before, code, nextCodes)
  if (decision.kind === 'refused') throw problems.statusNotAllowed(decision.why)
  await assertAssignee(deps.db, target.formId, code, assignedToUserId)
  if (before.draft && !decision.draft) await assertComplete(deps, before)

  const status = { id: newId(), code, assignedToUserId, actionDate: actionDate ? new Date(actionDate) : null }
  const change = { status, ...(decision.draft === before.draft ? {} : { draft: decision.draft }) }
  const expected = { draft: before.draft, deleted: before.deleted, status: before.status }
  if (!(await changeSubmission(deps.db, target, expected, change, authorOf(access.caller)))) {
    throw problems.conflict('Somebody else changed this submission at the same moment. Read it again, then repeat.')
  }
  const stored = (await statusesOfSubmission(deps.run, target.formId, target.id)).find(({ id }) => id === status.id)
  if (!stored) throw new Error('A stored status was not returned.')
  return toStatus(stored)
}

/** Whom a submission is given to has to be able to open it. */
async function assertAssignee(db: Db, formId: string, code: string, userId: string | null): Promise<void> {
  const path = 'assignedToUserId'
  if (userId === null) {
    if (code === 'ASSIGNED') throw problems.invalidBody([{ path, message: 'is missing' }])
  } else if (!(await isReviewer(db, formId, userId))) {
    throw problems.invalidBody([{ path, message: 'is nobody who may review submissions of this form' }])
  }
}

/** Its submitter may have left it half done; what is no draft is complete. */
async function assertComplete(deps: Deps, before: ReturnType<typeof submissionOf>): Promise<void> {
  const target = { formId: before.form_id, versionId: before.form_version_id, draft: false }
  const definition = await deps.definitions.find(target.formId, target.versionId)
  if (!definition) throw problems.notFound('version')
  // Only bodies that passed their schema are stored.
  const { data } = JSON.parse(before.submission) as { data: Record<string, unknown> }
  await assertAnswers(deps, target, definition, [data], false)
}

async function* editTexts(batches: AsyncIterable<EditRow[]>): AsyncGenerator<string[]> {
  for await (const rows of batches) yield rows.map((row) => JSON.stringify(toEdit(row)))
}

function toEdit(row: EditRow) {
  const { id, kind, created_by, created_at } = row
  return { id, updatedByUsername: created_by, actionTimestamp: created_at.toISOString(), action: 'U', kind }
}

function toEntry(row: HistoryRow) {
  const assignee = row.assigned_to_user_id
  return {
    at: row.at.toISOString(),
    kind: row.kind as 'created',
    by: row.author,
    byName: row.author_name,
    code: row.code,
    assignedTo: assignee === null ? null : { id: assignee, fullName: row.assigned_to_name },
    actionDate: row.action_date?.toISOString() ?? null,
  }
}
