import { createHmac, randomBytes } from 'node:crypto'
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify'
import { guard } from '../src/access/guard.ts'
import type { Config } from '../src/config.ts'
import { type Database, openDatabase } from '../src/db/database.ts'
import { refuseCrossSite } from '../src/http/cross-site.ts'
import { answerErrors, sendProblem } from '../src/http/errors.ts'
import { checkJsonBodies } from '../src/http/json-body.ts'
import { ProblemDetails } from '../src/http/schemas.ts'
import { attemptsOn } from '../src/people/attempts.ts'
import { authRoutes } from '../src/people/auth.routes.ts'
import { createAuth } from '../src/people/auth.ts'
import { type FirstAccount, firstAccountOf } from '../src/people/first-account.ts'
import { peopleSchemas } from '../src/people/people.schemas.ts'
import { setUpRoutes } from '../src/people/set-up.routes.ts'
import { problems } from '../src/problem.ts'
import { limiterOn } from '../src/rate-limit/limiter.ts'
import { limitsOf } from '../src/rate-limit/limits.ts'
import { memoryStore } from '../src/rate-limit/memory-store.ts'
import { createTestDatabase } from './database.ts'

type Options = Partial<Pick<Config, 'publicUrl' | 'signUp' | 'trustProxy'>>

export type PeopleApp = {
  app: FastifyInstance
  database: Database
  firstAccount: FirstAccount
  /** Moves the clock that the limits and the links go by. */
  advance(ms: number): void
  /** Signs in, and gives what a browser would send as its Cookie header. */
  signIn(email: string, password?: string): Promise<string>
  close(): Promise<void>
}

export const goodPassword = 'correct horse battery'
export const owner = { name: 'Ada Owner', email: 'ada@example.org', password: goodPassword }

const rates = { apiKey: 120, others: 100_000, windowMs: 60_000 }

/** The routes about people on a database of their own, as app.ts puts them together. */
export async function openPeopleApp(options: Options = {}): Promise<PeopleApp> {
  const testDatabase = await createTestDatabase()
  const database = openDatabase(testDatabase.url, 10)
  const config = { publicUrl: undefined, signUp: 'invited' as const, trustProxy: false, ...options }
  let now = Date.now()
  const clock = () => now
  const sign = (text: string) => createHmac('sha256', 'a secret for tests').update(text).digest('base64url')
  const limiter = limiterOn(memoryStore(clock))
  const { db, run } = database
  const auth = createAuth({ db, run, config, sign, clock })
  const firstAccount = firstAccountOf({ db, sign, random: randomBytes })
  const limits = limitsOf({ limiter, rates, delay: async () => undefined })
  const deps = { db, auth, attempts: attemptsOn(limiter), firstAccount, config }

  const app = Fastify({ trustProxy: config.trustProxy, ajv: { customOptions: { removeAdditional: false } } })
  answerErrors(app, limits.giveBack)
  app.setNotFoundHandler((request, reply) => sendProblem(reply, problems.routeNotFound(request.method, request.url)))
  checkJsonBodies(app)
  for (const schema of [ProblemDetails, ...peopleSchemas]) app.addSchema(schema)
  app.addHook('onRequest', refuseCrossSite(config))
  app.addHook('onRequest', guard({ run, findSession: auth.findSession, limits, sign }))
  await app.register(authRoutes(deps), { prefix: '/app/api/auth' })
  await app.register(setUpRoutes(deps), { prefix: '/app/api/v1' })

  return {
    app,
    database,
    firstAccount,
    advance(ms) {
      now += ms
    },
    async signIn(email, password = goodPassword) {
      const reply = await app.inject({
        method: 'POST',
        url: '/app/api/auth/sign-in/email',
        payload: { email, password },
      })
      return cookieOf(reply)
    },
    async close() {
      await app.close()
      await database.close()
      await testDatabase.drop()
    },
  }
}

/** What a browser would send back after this reply. */
export function cookieOf(reply: LightMyRequestResponse): string {
  return reply.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ')
}
