import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { assertingStillAllowed, guard } from './access/guard.ts'
import { recordingUse } from './access/used-key.ts'
import { apiKeysRoutes } from './api-keys/api-keys.routes.ts'
import { namedKeysRoutes } from './api-keys/named-keys.routes.ts'
import { openTurns } from './api-keys/turns.ts'
import { addUsage, forgetUsage } from './api-keys/usage.queries.ts'
import { type UsageRecorder, usageFlushMs, usageKeptMs, usageRecorderOf } from './api-keys/usage-recorder.ts'
import { forgetChanges } from './changes/changes.queries.ts'
import { changesKeptMs, changesRoutes } from './changes/changes.routes.ts'
import type { Clock, RandomBytes } from './clock.ts'
import type { Config } from './config.ts'
import { type Database, openDatabase } from './db/database.ts'
import { draftsRoutes } from './drafts/drafts.routes.ts'
import { backgroundExports } from './exports/background-exports.ts'
import { exportDownloadsRoutes } from './exports/export-downloads.routes.ts'
import { exportFilesRoutes } from './exports/export-files.routes.ts'
import { expiredExportsKeptMs, forgetExports } from './exports/export-records.queries.ts'
import { exportThreads } from './exports/export-threads.ts'
import { exportsRoutes } from './exports/exports.routes.ts'
import { exportPlaces } from './exports/sending.routes.ts'
import { filesFolder, storageInFolder } from './files/file-storage.ts'
import { filesRoutes } from './files/files.routes.ts'
import { sweepingOf } from './files/removal.ts'
import { uploadsRoutes } from './files/uploads.routes.ts'
import { formOpenapiRoutes } from './form-openapi/form-openapi.routes.ts'
import { formsRoutes } from './forms/forms.routes.ts'
import { restoredFormsRoutes } from './forms/restored-forms.routes.ts'
import { refuseCrossSite } from './http/cross-site.ts'
import { answerErrors } from './http/errors.ts'
import { healthRoutes } from './http/health.routes.ts'
import { metricsRoutes } from './http/metrics.routes.ts'
import { placesFor } from './http/places.ts'
import { timingRequests } from './http/request-metrics.ts'
import { createServer } from './http/server.ts'
import { fillingOf } from './indexed-fields/filling.ts'
import { indexedFieldsRoutes } from './indexed-fields/indexed-fields.routes.ts'
import { openJobs } from './jobs/jobs.ts'
import { odataRoutes } from './odata/odata.routes.ts'
import { documentApi } from './openapi/document.ts'
import { openapiRoutes } from './openapi/openapi.routes.ts'
import { pageFilesIn } from './pages/page-files.ts'
import { pagesRoutes } from './pages/pages.routes.ts'
import { acceptInvitationRoutes } from './people/accept-invitation.routes.ts'
import { attemptsOn } from './people/attempts.ts'
import { authRoutes } from './people/auth.routes.ts'
import { createAuth } from './people/auth.ts'
import { sweepEnded, sweepEveryMs } from './people/ended.ts'
import { type FirstAccount, firstAccountOf } from './people/first-account.ts'
import { invitationsRoutes } from './people/invitations.routes.ts'
import { invitationsOf } from './people/invitations.ts'
import { mailOver } from './people/mail.ts'
import { oidcRoutes } from './people/oidc.routes.ts'
import { oidcProviderOf } from './people/oidc-provider.ts'
import { peopleRoutes } from './people/people.routes.ts'
import { setUpRoutes } from './people/set-up.routes.ts'
import { openCounts } from './rate-limit/counts.ts'
import { limiterOn } from './rate-limit/limiter.ts'
import { limitsOf } from './rate-limit/limits.ts'
import { rateLimitsRoutes } from './rate-limit/rate-limits.routes.ts'
import { regularly } from './regularly.ts'
import { sealingWith } from './sealing.ts'
import { manySubmissionsRoutes } from './submissions/many-submissions.routes.ts'
import { newSubmissionsRoutes } from './submissions/new-submissions.routes.ts'
import { ownSubmissionsRoutes } from './submissions/own-submissions.routes.ts'
import { reviewRoutes } from './submissions/review.routes.ts'
import { slowListMs, slowListsMax, slowListsWaitMs } from './submissions/slow-lists.ts'
import { submissionListsRoutes } from './submissions/submission-lists.routes.ts'
import { submissionsRoutes } from './submissions/submissions.routes.ts'
import { rolesRoutes } from './team/roles.routes.ts'
import { teamRoutes } from './team/team.routes.ts'
import { createValidator, type Validator } from './validation/validator.ts'
import { definitionsOf } from './versions/definitions.ts'
import { versionsRoutes } from './versions/versions.routes.ts'
import { webRoutes } from './web/web.routes.ts'

export type AppOptions = {
  config: Config
  database: Database
  secretKey: string
  clock?: Clock
  random?: RandomBytes
  delay?(ms: number): Promise<unknown>
  /** Instead of one of the app's own; whoever gives it closes it. */
  validator?: Validator
}

export type App = { server: FastifyInstance; firstAccount: FirstAccount; usage: UsageRecorder }

export const apiPrefix = '/app/api/v1'
export const authPrefix = '/app/api/auth'

/** What a server that was stopped left undone can wait until this one has answered its first calls. */
const jobsBeginAfterMs = 5_000

/** Builds everything and passes it down: from here any call can be followed by "go to definition". */
export async function buildApp(options: AppOptions): Promise<App> {
  const { config, database, secretKey, clock = Date.now, random = randomBytes, delay = sleep } = options
  const { db, run } = database
  const server = createServer(config)
  const log = server.log

  const sealing = sealingWith(secretKey, random)
  const { sign } = sealing
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const ticks = options.clock ?? (() => performance.now())
  const fieldForm = config.rateLimitHeaders
  const counts = await openCounts({
    store: config.rateLimitStore,
    databaseUrl: database.url,
    ticks,
    registry,
    warn: (message) => log.warn(message),
  })
  const limiter = limiterOn(counts.store, counts.metrics)
  const pause = async (ms: number) => void (await delay(ms))
  const limits = limitsOf({ limiter, rates: config.rateLimit, fieldForm, ticks, delay: pause })
  const auth = createAuth({ db, run, config, sign, clock })
  const attempts = attemptsOn(limiter)
  const firstAccount = firstAccountOf({ db, sign, random })
  const invitations = invitationsOf({ db, clock, random })
  const sendMail = mailOver({ ...config, warn: (message) => log.warn(message) })
  const warn = (message: string) => log.warn(message)
  const provider = config.oidc && oidcProviderOf({ config: config.oidc, clock, warn })
  const address = () => addressOf(server, config)
  const definitions = definitionsOf(db)
  const validator = options.validator ?? createValidator({ deadlineMs: 1000, workers: 2, log })

  const storage = storageInFolder(filesFolder(config.dataDir))
  const files = { db, storage, warn: (message: string) => log.warn(message) }

  const threads = exportThreads(database.url)
  const jobs = openJobs({ databaseUrl: database.url, warn })
  const background = backgroundExports({ db, jobs, storage, threads, warn })
  let beginning: NodeJS.Timeout | undefined
  server.addHook('onListen', async () => {
    const begin = () => jobs.start().catch((error: unknown) => warn(`No jobs are done: ${error}`))
    beginning = setTimeout(begin, jobsBeginAfterMs).unref()
  })
  server.addHook('onClose', async () => {
    clearTimeout(beginning)
    await jobs.stop()
    await threads.close()
  })

  answerErrors(server, { limits, fieldForm })
  server.addHook('onReady', counts.start)
  server.addHook('onClose', counts.stop)
  server.addHook('onListen', async () => validator.warmUp())
  if (!options.validator) server.addHook('onClose', () => validator.close())
  const sweeping = sweepingOf(files)
  server.addHook('onListen', async () => sweeping.start())
  server.addHook('onClose', () => sweeping.stop())
  const tidying = regularly(
    sweepEveryMs,
    async () => {
      await sweepEnded(db, clock)
      await forgetUsage(db, new Date(clock() - usageKeptMs))
      await forgetChanges(db, new Date(clock() - changesKeptMs))
      await background.removeExpired()
      await forgetExports(db, new Date(clock() - expiredExportsKeptMs))
    },
    (error) => warn(`What is too old was not deleted: ${error}`),
  )
  server.addHook('onListen', async () => tidying.start())
  server.addHook('onClose', () => tidying.stop())
  const slowLists = openDatabase(database.url, slowListsMax, {
    applicationName: 'formgate-lists',
    statementMs: slowListMs,
    waitMs: slowListsWaitMs,
  })
  server.addHook('onClose', () => slowLists.close())
  const filling = fillingOf(db, warn)
  server.addHook('onListen', async () => filling.start())
  server.addHook('onClose', () => filling.stop())
  const usage = usageRecorderOf((recorded) => addUsage(db, recorded))
  const flushing = regularly(usageFlushMs, usage.flush, (error) => warn(`The keys’ usage was not stored yet: ${error}`))
  server.addHook('onListen', async () => flushing.start())
  server.addHook('onClose', async () => {
    await flushing.stop()
    await usage.flush().catch((error: unknown) => warn(`The keys’ last usage was not stored: ${error}`))
  })
  server.addHook('onRequest', refuseCrossSite(config))
  const guarding = { run, findSession: auth.findSession, limits, sign }
  server.addHook('onRequest', guard(guarding))
  server.addHook('onResponse', timingRequests(registry))
  server.addHook('onResponse', recordingUse(usage.record, clock))
  await documentApi(server)

  const keys = { db, sealing, random, limits, clock, turns: openTurns() }

  const assertStillAllowed = assertingStillAllowed(guarding)
  const places = placesFor(exportPlaces)
  const exporting = { db, definitions, threads, places, clock, warn, assertStillAllowed }

  /** All features; each is a folder's routes. */
  const api = [
    formsRoutes({ db, definitions, clock }),
    restoredFormsRoutes({ db }),
    versionsRoutes({ db, definitions }),
    draftsRoutes({ db }),
    indexedFieldsRoutes({ db, definitions }),
    newSubmissionsRoutes({ db, run, definitions, validator, clock, sign }),
    submissionListsRoutes({ db, slow: slowLists.db, definitions }),
    ownSubmissionsRoutes({ db }),
    manySubmissionsRoutes({ db, definitions }),
    submissionsRoutes({ db, run, definitions, validator, clock }),
    reviewRoutes({ db, run, definitions, validator, clock }),
    exportsRoutes(exporting),
    exportFilesRoutes({ ...exporting, background }),
    exportDownloadsRoutes({ ...exporting, storage }),
    formOpenapiRoutes({ db, definitions, validator, address }),
    odataRoutes({ db, definitions, addressFor: (request) => addressFor(request, config) }),
    changesRoutes({ db, assertStillAllowed }),
    uploadsRoutes({ ...files, run, sign, clock, limits: config.files }),
    filesRoutes({ ...files, run, sign }),
    apiKeysRoutes(keys),
    namedKeysRoutes(keys),
    rateLimitsRoutes({ db, rates: config.rateLimit, limits, clock }),
    teamRoutes({ db }),
    rolesRoutes({ db, clock }),
    peopleRoutes({ db, config }),
    setUpRoutes({ db, auth, attempts, firstAccount, config }),
    invitationsRoutes({ db, attempts, invitations, sendMail, clock, address }),
    acceptInvitationRoutes({ db, auth, attempts, invitations, config }),
    pagesRoutes({ pageFiles: pageFilesIn(config.pagesDir) }),
    openapiRoutes(),
  ]
  for (const feature of api) await server.register(feature, { prefix: apiPrefix })
  await server.register(authRoutes({ db, auth, attempts, config }), { prefix: authPrefix })
  await server.register(oidcRoutes({ db, auth, provider, config, sign, clock, random, address }))
  await server.register(healthRoutes({ db }))
  await server.register(metricsRoutes({ registry, config }))
  await server.register(webRoutes(config))
  return { server, firstAccount, usage }
}

/** Where browsers find the server; without PUBLIC_URL on this machine, at the port that it listens on. */
export function addressOf(server: FastifyInstance, { publicUrl, port }: Pick<Config, 'publicUrl' | 'port'>): string {
  if (publicUrl) return publicUrl.href.replace(/\/$/, '')
  const bound = server.server.address()
  return `http://localhost:${typeof bound === 'object' && bound ? bound.port : port}`
}

/** Where the caller of a request finds the server: its own address for it, unless PUBLIC_URL tells. */
function addressFor({ protocol, host }: FastifyRequest, { publicUrl }: Pick<Config, 'publicUrl'>): string {
  return publicUrl ? publicUrl.href.replace(/\/$/, '') : `${protocol}://${host}`
}
