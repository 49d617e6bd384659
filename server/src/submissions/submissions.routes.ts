import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { SubmissionAccessRow } from '../access/access.queries.ts'
import { accessOf, authorOf, userIdOf } from '../access/caller.ts'
import { submissionAccess } from '../access/route-access.ts'
import type { Db } from '../db/database.ts'
import { sendJsonText } from '../http/json-text.ts'
import { assertUnchanged } from '../http/precondition.ts'
import { Precondition, ProblemDetails, ref, SubmissionParams } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { assertAnswers, type IntakeDeps, openVersion } from './intake.ts'
import { type Saving, savingOf, submissionOf, submissionWithFormText, toStatus } from './submission.ts'
import { type Change, changeSubmission } from './submission-writes.queries.ts'
import { statusesOfSubmission } from './submissions.queries.ts'
import { Restore, SubmissionChange, SubmissionStatus, SubmissionWithForm } from './submissions.schemas.ts'

type Deps = IntakeDeps & { db: Db }

export function submissionsRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  /** Applies a change to the submission that the guard read, and answers with the result. */
  async function change<Reply>(request: FastifyRequest, reply: Reply, wanted: Change): Promise<Reply> {
    const before = submissionOf(accessOf(request))
    const isConditional = request.headers['if-match'] !== undefined
    const author = authorOf(accessOf(request).caller)
    const target = { formId: before.form_id, id: before.id }
    const seen = isConditional ? { updatedAt: before.updated_at } : {}
    const expected = { draft: before.draft, deleted: before.deleted, ...seen }
    const apply = (state: typeof expected) => changeSubmission(deps.db, target, state, wanted, author)
    // Whoever deletes what another has just deleted gets what was asked for.
    const already = wanted.deleted === undefined ? undefined : { ...expected, deleted: wanted.deleted }
    const after = (await apply(expected)) ?? (already && (await apply(already)))
    if (!after && isConditional) throw problems.changedMeanwhile()
    if (!after)
      throw problems.conflict('Somebody else changed this submission at the same moment. Read it again, then repeat.')
    return send(request, reply, { ...before, ...after })
  }

  async function send<Reply>(request: FastifyRequest, reply: Reply, row: SubmissionAccessRow): Promise<Reply> {
    const definition = await deps.definitions.find(row.form_id, row.form_version_id)
    const toTeam = accessOf(request).permissions.has('design_read')
    return sendJsonText(reply, submissionWithFormText(row, definition?.text ?? 'null', toTeam))
  }

  return async (app) => {
    app.get(
      '/submissions/:formSubmissionId',
      {
        config: { access: submissionAccess(['submission_read'], { scope: 'submissions:read' }) },
        schema: {
          operationId: 'getSubmission',
          tags: ['submissions'],
          description:
            'A submission with its version’s definition and its form. A respondent who did not sign in sends X-Submission-Token.',
          params: SubmissionParams,
          headers: Type.Object({ 'x-submission-token': Type.Optional(Type.String()) }),
          response: { 200: ref(SubmissionWithForm) },
        },
      },
      async (request, reply) => send(request, reply, submissionOf(accessOf(request))),
    )

    app.put(
      '/submissions/:formSubmissionId',
      {
        config: { access: submissionAccess(['submission_update']) },
        schema: {
          operationId: 'updateSubmission',
          tags: ['submissions'],
          params: SubmissionParams,
          headers: Precondition,
          body: ref(SubmissionChange),
          response: { 200: ref(SubmissionWithForm), 409: ref(ProblemDetails) },
        },
      },
      async (request, reply) => {
        assertUnchanged(request.headers, submissionOf(accessOf(request)).updated_at)
        return change(request, reply, await changeIn(deps, request, request.body))
      },
    )

    app.delete(
      '/submissions/:formSubmissionId',
      {
        config: { access: submissionAccess(['submission_delete'], { scope: 'submissions:delete' }) },
        schema: {
          operationId: 'deleteSubmission',
          tags: ['submissions'],
          description: 'Marks the submission as deleted; it can be restored.',
          params: SubmissionParams,
          response: { 200: ref(SubmissionWithForm), 409: ref(ProblemDetails) },
        },
      },
      async (request, reply) => change(request, reply, { deleted: true }),
    )

    app.put(
      '/submissions/:formSubmissionId/restore',
      {
        config: { access: submissionAccess(['submission_delete']) },
        schema: {
          operationId: 'restoreSubmission',
          tags: ['submissions'],
          params: SubmissionParams,
          body: ref(Restore),
          response: { 200: ref(SubmissionWithForm), 409: ref(ProblemDetails) },
        },
      },
      async (request, reply) => change(request, reply, { deleted: false }),
    )

    app.get(
      '/submissions/:formSubmissionId/status',
      {
        config: { access: submissionAccess(['submission_review'], { scope: 'status:read' }) },
        schema: {
          operationId: 'listSubmissionStatuses',
          tags: ['submissions'],
          description: 'Newest first; empty for a draft.',
          params: SubmissionParams,
          response: { 200: Type.Array(ref(SubmissionStatus)) },
        },
      },
      async (request) => {
        const { form_id, id } = submissionOf(accessOf(request))
        return (await statusesOfSubmission(deps.run, form_id, id)).map(toStatus)
      },
    )
  }
}

/** What a PUT means for the submission; answers are validated like new ones. */
async function changeIn(deps: Deps, request: FastifyRequest, body: SubmissionChange): Promise<Change> {
  const before = submissionOf(accessOf(request))
  const access = accessOf(request)
  if (body.deleted !== undefined) {
    if (!access.permissions.has('submission_delete'))
      throw problems.forbidden('Deleting takes the right to delete submissions.')
    return { deleted: body.deleted }
  }
  if (!body.submission) throw problems.invalidBody([{ path: 'submission', message: 'is missing' }])
  const saving = savingOf(before, body.draft ?? before.draft)
  const draft = draftAfter(saving)
  const target = { formId: before.form_id, versionId: before.form_version_id, draft }
  // Whoever corrects what was submitted in time may do so when the form is closed, also when the team asked for it.
  const definition =
    before.status !== null
      ? await deps.definitions.find(target.formId, target.versionId)
      : (await openVersion(deps, target, access)).definition
  if (!definition) throw problems.notFound('version')
  await assertAnswers(deps, target, definition, [body.submission.data], false)
  const submitted = saving.kind === 'submit'
  return { submission: JSON.stringify(body.submission), userId: userIdOf(access.caller), draft, submitted }
}

function draftAfter(saving: Saving): boolean {
  if (saving.kind === 'refused') throw problems.badRequest(saving.why)
  return saving.kind === 'draft'
}
