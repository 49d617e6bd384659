import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accessOf, type Caller } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import { unauthorized } from '../access/unauthorized.ts'
import type { Db } from '../db/database.ts'
import { newId } from '../http/ids.ts'
import { sendJsonText } from '../http/json-text.ts'
import { ref, VersionParams } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { clientNetwork } from '../rate-limit/client-address.ts'
import {
  answerBefore,
  hashOfBody,
  type IdempotentAnswer,
  type IdempotentCall,
  onceForKey,
} from './idempotency.queries.ts'
import { assertAnswers, createdText, type IntakeDeps, openVersion, type Target, writerOf } from './intake.ts'
import { submissionText } from './submission.ts'
import { insertSubmissions } from './submission-writes.queries.ts'
import {
  CreatedSubmission,
  IdempotencyHeaders,
  NewSubmission,
  NewSubmissions,
  Submission,
} from './submissions.schemas.ts'

type Deps = IntakeDeps & { db: Db; sign(text: string): string }

export function newSubmissionsRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/forms/:formId/versions/:formVersionId/submissions',
      {
        config: { access: formAccess(['form_read', 'submission_create'], { scope: 'submissions:write' }) },
        schema: {
          operationId: 'createSubmission',
          tags: ['submissions'],
          description:
            'Validates the answers against the version’s definition and stores them. Answers that the form does not know are kept.',
          params: VersionParams,
          headers: IdempotencyHeaders,
          body: ref(NewSubmission),
          response: { 201: ref(CreatedSubmission) },
        },
      },
      async (request, reply) => {
        const { formId, formVersionId } = request.params
        const { submission, draft = false } = request.body
        const access = accessOf(request)
        const target = { formId, versionId: formVersionId, draft }
        const call = callOf(request, target, 'createSubmission')
        // A repeat is answered as before, also when the form has closed since.
        const before = call && (await answerBefore(deps.db, call))
        if (before) return sendJsonText(reply.code(201), textOf(before))
        const { definition, form, late } = await openVersion(deps, target, access)
        await assertAnswers(deps, target, definition, [submission.data], false)
        const items = [{ id: newId(), submission: JSON.stringify(submission) }]
        const write = async (db: Db) => {
          const [row] = await insertSubmissions(db, { ...target, late, ...writerOf(access.caller), items })
          if (!row) throw new Error('A stored submission was not returned.')
          return createdText(row, access.caller, form, deps.sign)
        }
        const text = call ? textOf(await onceForKey(deps.db, call, write)) : await write(deps.db)
        return sendJsonText(reply.code(201), text)
      },
    )

    app.post(
      '/forms/:formId/versions/:formVersionId/multiSubmission',
      {
        config: { access: formAccess(['form_read', 'submission_create'], { scope: 'submissions:write' }) },
        schema: {
          operationId: 'createSubmissions',
          summary: 'Create many submissions',
          tags: ['submissions'],
          description: 'Stores up to 1,000 submissions, all or none. Errors name the item by its index.',
          params: VersionParams,
          headers: IdempotencyHeaders,
          body: ref(NewSubmissions),
          response: { 201: Type.Array(ref(Submission)) },
        },
      },
      async (request, reply) => {
        const { formId, formVersionId } = request.params
        const { submission, draft = false } = request.body
        const access = accessOf(request)
        const target = { formId, versionId: formVersionId, draft }
        const call = callOf(request, target, 'createSubmissions')
        // A repeat is answered as before, also when the form has closed since.
        const before = call && (await answerBefore(deps.db, call))
        if (before) return sendJsonText(reply.code(201), textOf(before))
        const { definition, form, late } = await openVersion(deps, target, access)
        assertMultiAllowed(form.settings, request)
        await assertAnswers(deps, target, definition, submission.data, true)
        const { data, ...common } = submission
        const items = data.map((answers) => ({ id: newId(), submission: JSON.stringify({ ...common, data: answers }) }))
        const write = async (db: Db) => {
          const rows = await insertSubmissions(db, { ...target, late, ...writerOf(access.caller), items })
          return `[${rows.map(submissionText).join(',')}]`
        }
        const text = call ? textOf(await onceForKey(deps.db, call, write)) : await write(deps.db)
        return sendJsonText(reply.code(201), text)
      },
    )
  }
}

/** People send many at once only where the form's switches for it are on; a key always may. */
function assertMultiAllowed(settings: Record<string, unknown>, request: FastifyRequest): void {
  const { caller } = accessOf(request)
  if (caller.kind === 'apiKey') return
  if (caller.kind === 'anonymous') throw unauthorized(request)
  if (settings.allowSubmitterToUploadFile !== true) throw problems.forbidden('This form takes no bulk submissions.')
}

/** The call that an Idempotency-Key names, if the request has one. */
function callOf(request: FastifyRequest, target: Target, operation: string): IdempotentCall | undefined {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return undefined
  return {
    formId: target.formId,
    caller: callerName(accessOf(request).caller, request.ip),
    operation: `${operation} ${target.versionId}`,
    key,
    bodyHash: hashOfBody(request.body),
  }
}

function textOf(answer: IdempotentAnswer): string {
  if (answer.kind === 'otherBody') throw problems.idempotencyKeyReused()
  return answer.response
}

/** Two callers may choose the same key without meaning the same call; strangers are told apart by their networks. */
function callerName(caller: Caller, ip: string): string {
  if (caller.kind === 'user') return `user:${caller.id}`
  return caller.kind === 'apiKey' ? `api-key:${caller.id}` : `public:${clientNetwork(ip)}`
}
