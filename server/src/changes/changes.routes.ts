import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accessOf, concernsTest } from '../access/caller.ts'
import { formAccess } from '../access/route-access.ts'
import type { Db } from '../db/database.ts'
import { streamEvents, wantsEvents } from '../http/events.ts'
import { takePlace } from '../http/places.ts'
import { FormParams, ProblemDetails, ref } from '../http/schemas.ts'
import { streamText } from '../http/stream.ts'
import { problems } from '../problem.ts'
import { changesText, eventsText, type ReadSubmissions } from './change-text.ts'
import { placesWithChanges, withSubmissions } from './changes.queries.ts'
import { Changes, ChangesQuery, EventStreamHeaders } from './changes.schemas.ts'
import { placeIn } from './cursor.ts'
import { endOfFeed, type FollowDeps, type FollowOptions, followFeed } from './feed.ts'
import { followersWith } from './followers.ts'

type Deps = {
  db: Db
  /** Looks again whether a request that has been open for a while may go on. @throws Problem when it may not */
  assertStillAllowed(request: FastifyRequest): Promise<void>
}

/** How long a change can be asked for. */
export const changesKeptMs = 90 * 24 * 60 * 60 * 1000

/** A proxy between us and the reader cuts what is silent for a minute. */
const heartbeatMs = 15_000
/** Then the reader comes again, and is counted again. */
const streamMs = 10 * 60_000
/** After which a reader whose stream has ended comes again. */
const retryMs = 2000
const pageSize = 100

export function changesRoutes({ db, assertStillAllowed }: Deps): FastifyPluginAsyncTypebox {
  return async (app) => {
    const followers = followersWith((all) => placesWithChanges(db, all))
    app.addHook('preClose', async () => followers.stop())

    app.get(
      '/forms/:formId/changes',
      {
        config: { access: formAccess(['form_read', 'submission_read'], { scope: 'submissions:read' }) },
        exposeHeadRoute: false,
        schema: {
          operationId: 'listChanges',
          tags: ['changes'],
          description:
            'What happened to submissions, oldest first. Whoever goes on at `next` misses no change and sees none twice. With `Accept: text/event-stream` changes are sent as they come.',
          params: FormParams,
          querystring: ChangesQuery,
          headers: EventStreamHeaders,
          response: {
            200: {
              description: 'Changes',
              content: {
                'application/json': { schema: ref(Changes) },
                'text/event-stream': {
                  schema: Type.String({ description: 'Events `change`, each with a Change as its data' }),
                },
              },
            },
            410: ref(ProblemDetails),
          },
        },
      },
      async (request, reply) => {
        const { query, params } = request
        const isStream = wantsEvents(request.headers.accept)
        const waitMs = (query.wait ?? 0) * 1000
        if (isStream || waitMs > 0) takePlace(followers, params.formId, reply, problems.tooManyWaiting)
        const after = (isStream && request.headers['last-event-id']) || query.after
        const options = {
          formId: params.formId,
          test: concernsTest(accessOf(request).caller, query.test),
          limit: query.limit ?? pageSize,
        }
        const following = {
          ...options,
          after: after === 'now' ? await endOfFeed(db, options) : after ? placeIn(after) : undefined,
          waitMs,
          signal: goneSignal(reply),
        }
        // Looked at again between reading and sending, whenever time may have passed since the guard did.
        const assertAllowed = () => assertStillAllowed(request)
        const read: ReadSubmissions | undefined =
          query.include === 'submission' ? (changes) => withSubmissions(db, params.formId, changes) : undefined
        const deps = { db, followers }
        if (isStream) {
          return streamEvents(reply, events(deps, following, { read, assertAllowed }))
        }
        const page = await followFeed(deps, following)
        if (waitMs > 0) await assertAllowed()
        return streamText(reply, changesText(page, read))
      },
    )
  }
}

/** Tells when the reader has gone. */
function goneSignal({ raw }: Pick<FastifyReply, 'raw'>): AbortSignal {
  const gone = new AbortController()
  raw.once('close', () => gone.abort())
  return gone.signal
}

async function* events(
  deps: FollowDeps,
  following: FollowOptions,
  { read, assertAllowed }: { read: ReadSubmissions | undefined; assertAllowed(): Promise<void> },
): AsyncGenerator<string> {
  const endsAt = performance.now() + streamMs
  // At once, so that a cursor that is too old is still an error with its status.
  let page = await followFeed(deps, { ...following, waitMs: 0 })
  yield `retry: ${retryMs}\n\n`
  while (!following.signal.aborted) {
    const shown = yield* eventsText(page, read)
    if (performance.now() > endsAt || deps.followers.isStopped) return
    page = await followFeed(deps, { ...following, after: shown.next, waitMs: shown.more ? 0 : heartbeatMs })
    await assertAllowed()
  }
}
