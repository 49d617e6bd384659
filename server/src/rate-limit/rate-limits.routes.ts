import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { accessOf, authorOf, type Caller } from '../access/caller.ts'
import { formAccess, serverOwnerAccess } from '../access/route-access.ts'
import { recordAudit } from '../audit/audit.queries.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import { FormParams, NoContent, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { lockForm } from '../versions/versions.queries.ts'
import { limitOfKey } from './key-limit.ts'
import type { Limits } from './limits.ts'
import { findFormLimit, putRaisedLimit, type RaisedLimit as RaisedLimitRow } from './rate-limits.queries.ts'
import { FormRateLimit, RaisedLimit } from './rate-limits.schemas.ts'

type Deps = { db: Db; rates: Config['rateLimit']; limits: Pick<Limits, 'forgetForm'>; clock: Clock }

const longestMs = 366 * 86_400_000

/** The rate limit of one form's keys, which the owner of the server may raise for a while. */
export function rateLimitsRoutes(deps: Deps): FastifyPluginAsyncTypebox {
  const { db, rates, clock } = deps
  return async (app) => {
    app.get(
      '/forms/:formId/rateLimit',
      {
        config: { access: formAccess(['form_api_read'], { byRole: true, orServerOwner: true }) },
        schema: {
          operationId: 'showRateLimit',
          tags: ['API key'],
          description: 'The rate limit of the form’s keys, and whether it was raised.',
          params: FormParams,
          response: { 200: ref(FormRateLimit) },
        },
      },
      async (request) => {
        const form = await findFormLimit(db, request.params.formId)
        if (!form) throw problems.notFound('form')
        return toFormRateLimit(rates, form.raised)
      },
    )

    app.put(
      '/forms/:formId/rateLimit',
      {
        config: { access: serverOwnerAccess },
        schema: {
          operationId: 'raiseRateLimit',
          tags: ['API key'],
          description: 'Sets another rate limit for the form’s keys, until some day. It holds from the next call.',
          params: FormParams,
          body: ref(RaisedLimit),
          response: { 200: ref(FormRateLimit) },
        },
      },
      async (request) => {
        const { limit, reason } = request.body
        const until = untilIn(request.body.until, clock())
        const { caller } = accessOf(request)
        const raised = { limit, until, reason: reason.trim(), by: authorOf(caller) }
        await change(deps, request.params.formId, caller, raised)
        return toFormRateLimit(rates, raised)
      },
    )

    app.delete(
      '/forms/:formId/rateLimit',
      {
        config: { access: serverOwnerAccess },
        schema: {
          operationId: 'endRaisedRateLimit',
          tags: ['API key'],
          description: 'Lets the configured rate limit hold again.',
          params: FormParams,
          response: { 204: NoContent },
        },
      },
      async (request, reply) => {
        await change(deps, request.params.formId, accessOf(request).caller, undefined)
        return reply.code(204).send(null)
      },
    )
  }
}

/** Stores it with its record; this process knows at once, the others by the next call that they look up. */
async function change({ db, limits }: Deps, formId: string, caller: Caller, raised: RaisedLimitRow | undefined) {
  await db.transaction().execute(async (tx) => {
    if (!(await lockForm(tx, formId))) throw problems.notFound('form')
    await putRaisedLimit(tx, formId, raised)
    if (!raised) return recordAudit(tx, 'rateLimit.ended', caller, formId)
    const { limit, until, reason } = raised
    await recordAudit(tx, 'rateLimit.raised', caller, formId, { limit, until: until.toISOString(), reason })
  })
  limits.forgetForm(formId)
}

/** @throws Problem for a time that has passed, that is too far away, or that no calendar has */
function untilIn(text: string, now: number): Date {
  const until = new Date(text)
  const lastsMs = until.getTime() - now
  if (lastsMs > 0 && lastsMs <= longestMs) return until
  throw problems.invalidBody([{ path: 'until', message: 'must be a time to come, within a year' }])
}

function toFormRateLimit(rates: Config['rateLimit'], raised: RaisedLimitRow | undefined) {
  return {
    limit: limitOfKey({ configured: rates.apiKey, raised: raised?.limit ?? null, own: null }),
    windowSeconds: rates.windowMs / 1000,
    configuredLimit: rates.apiKey,
    raised: raised ? { ...raised, until: raised.until.toISOString() } : null,
  }
}
