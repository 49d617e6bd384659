import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { hashPassword } from 'better-auth/crypto'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { guard } from '../src/access/guard.ts'
import type { Config } from '../src/config.ts'
import { type Database, openDatabase } from '../src/db/database.ts'
import { refuseCrossSite } from '../src/http/cross-site.ts'
import { answerErrors } from '../src/http/errors.ts'
import { ProblemDetails } from '../src/http/schemas.ts'
import { createServer } from '../src/http/server.ts'
import { attemptsOn } from '../src/people/attempts.ts'
import { authRoutes } from '../src/people/auth.routes.ts'
import { createAuth } from '../src/people/auth.ts'
import { type FirstAccount, firstAccountOf } from '../src/people/first-account.ts'
import { invitationsRoutes } from '../src/people/invitations.routes.ts'
import { invitationsOf } from '../src/people/invitations.ts'
import type { Mail } from '../src/people/mail.ts'
import { insertAccount } from '../src/people/people.queries.ts'
import { peopleSchemas } from '../src/people/people.schemas.ts'
import { setUpRoutes } from '../src/people/set-up.routes.ts'
import { limiterOn } from '../src/rate-limit/limiter.ts'
import { limitsOf } from '../src/rate-limit/limits.ts'
import { memoryStore } from '../src/rate-limit/memory-store.ts'
import { rolesRoutes } from '../src/team/roles.routes.ts'
import { teamRoutes } from '../src/team/team.routes.ts'
import { teamSchemas } from '../src/team/team.schemas.ts'
import { createTestDatabase } from './database.ts'

type Options = Partial<Pick<Config, 'publicUrl' | 'signUp' | 'trustProxy'>> & { mailServer?: boolean }

export type PeopleApp = {
  app: FastifyInstance
  database: Database
  databaseUrl: string
  firstAccount: FirstAccount
  mails: Mail[]
  /** Moves the clock that the limits and the links go by. */
  advance(ms: number): void
  /** Signs in, and gives what a browser would send as its Cookie header. */
  signIn(email: string, password?: string): Promise<string>
  /** Makes an account with the good password, and gives its id. */
  addPerson(name: string, email: string): Promise<string>
  /** Makes a form on which somebody has a role, and gives its id. */
  addForm(userId: string, role: string): Promise<string>
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
  const mails: Mail[] = []
  const deps = {
    db,
    auth,
    attempts: attemptsOn(limiter),
    firstAccount,
    config,
    clock,
    invitations: invitationsOf({ db, clock, random: randomBytes }),
    sendMail: async (mail: Mail) => options.mailServer === true && mails.push(mail) > 0,
    address: () => 'https://forms.example.org',
  }

  const app = createServer({ ...config, logLevel: 'silent' })
  answerErrors(app, limits.giveBack)
  for (const schema of [ProblemDetails, ...peopleSchemas, ...teamSchemas]) app.addSchema(schema)
  app.addHook('onRequest', refuseCrossSite(config))
  app.addHook('onRequest', guard({ run, findSession: auth.findSession, limits, sign }))
  await app.register(authRoutes(deps), { prefix: '/app/api/auth' })
  await app.register(setUpRoutes(deps), { prefix: '/app/api/v1' })
  await app.register(invitationsRoutes(deps), { prefix: '/app/api/v1' })
  await app.register(teamRoutes(deps), { prefix: '/app/api/v1' })
  await app.register(rolesRoutes(deps), { prefix: '/app/api/v1' })

  return {
    app,
    database,
    databaseUrl: testDatabase.url,
    firstAccount,
    mails,
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
    async addPerson(name, email) {
      const id = randomUUID()
      const passwordHash = await hashPassword(goodPassword)
      await insertAccount(db, { id, name, email, passwordHash, serverOwner: false })
      return id
    },
    async addForm(userId, role) {
      const id = randomUUID()
      await db.insertInto('form').values({ id, name: 'A form', created_by: 'test', settings: '{}' }).execute()
      await db.insertInto('form_role_user').values({ form_id: id, user_id: userId, role, created_by: 'test' }).execute()
      return id
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
