import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SubmissionAccessRow } from '../access/access.queries.ts'
import { accessOf, authorOf } from '../access/caller.ts'
import { submissionAccess } from '../access/route-access.ts'
import type { Db } from '../db/database.ts'
import { toForm } from '../forms/form.ts'
import { ref, SubmissionOfFormParams } from '../http/schemas.ts'
import { enclosed, jsonArray, streamText } from '../http/stream.ts'
import { problems } from '../problem.ts'
import type { Definitions } from '../versions/definitions.ts'
import { versionText } from '../versions/version.ts'
import { versionsOfForm } from '../versions/versions.queries.ts'
import { submissionOf, submissionText } from './submission.ts'
import { markSubmissions } from './submission-writes.queries.ts'
import { submissionsById, versionIdsOf } from './submissions.queries.ts'
import { SubmissionIds, SubmissionsWithForm } from './submissions.schemas.ts'

type Deps = { db: Db; definitions: Definitions }

const all = 'All or none: one id that is unknown or of another form, and nothing is changed.'
const oneOfThem = 'The submission in the path only tells whose right is looked up.'

/** Deleting and restoring many submissions of a form at once. */
export function manySubmissionsRoutes({ db, definitions }: Deps): FastifyPluginAsyncTypebox {
  async function mark<Reply>(request: FastifyRequest, reply: Reply, submissionIds: string[], deleted: boolean) {
    const { form } = submissionOf(accessOf(request))
    const ids = [...new Set(submissionIds.map((id) => id.toLowerCase()))]
    const done = await markSubmissions(db, form.id, ids, deleted, authorOf(accessOf(request).caller))
    if (!done) throw problems.notFound('submission in this form; nothing was changed')
    return streamText(reply, marked(form, ids))
  }

  async function* marked(form: SubmissionAccessRow['form'], ids: string[]): AsyncGenerator<string> {
    const { submissionReceivedEmails: _, ...shownForm } = toForm(form)
    const after = `,"version":[${await versionTexts(form.id, ids)}],"form":${JSON.stringify([shownForm])}}`
    const texts = async function* () {
      for await (const rows of submissionsById(db, form.id, ids)) yield rows.map(submissionText)
    }
    yield* enclosed('{"submission":', jsonArray(texts()), after)
  }

  async function versionTexts(formId: string, ids: string[]): Promise<string[]> {
    const used = new Set(await versionIdsOf(db, formId, ids))
    const versions = (await versionsOfForm(db, formId)).filter(({ id }) => used.has(id))
    const known = await Promise.all(versions.map(({ id }) => definitions.find(formId, id)))
    return versions.map((version, place) => versionText(version, known[place]?.text ?? 'null'))
  }

  return async (app) => {
    app.delete(
      '/submissions/:formSubmissionId/:formId/submissions',
      {
        config: { access: submissionAccess(['submission_delete'], { byRole: true }) },
        schema: {
          operationId: 'deleteSubmissions',
          tags: ['submissions'],
          description: `Marks up to 1,000 submissions of a form as deleted; they can be restored. ${all} ${oneOfThem}`,
          params: SubmissionOfFormParams,
          body: ref(SubmissionIds),
          response: { 200: ref(SubmissionsWithForm) },
        },
        preHandler: assertSameForm,
      },
      async (request, reply) => mark(request, reply, request.body.submissionIds, true),
    )

    app.put(
      '/submissions/:formSubmissionId/:formId/submissions/restore',
      {
        config: { access: submissionAccess(['submission_delete'], { byRole: true }) },
        schema: {
          operationId: 'restoreSubmissions',
          tags: ['submissions'],
          description: `Restores up to 1,000 submissions of a form. ${all} ${oneOfThem}`,
          params: SubmissionOfFormParams,
          body: ref(SubmissionIds),
          response: { 200: ref(SubmissionsWithForm) },
        },
        preHandler: assertSameForm,
      },
      async (request, reply) => mark(request, reply, request.body.submissionIds, false),
    )
  }
}

/** The guard looked up the right on the submission's form, so the path must not name another. */
async function assertSameForm(request: FastifyRequest, _reply: FastifyReply): Promise<void> {
  const { formId } = request.params as { formId: string }
  if (formId.toLowerCase() !== submissionOf(accessOf(request)).form_id) throw problems.notFound('submission')
}
