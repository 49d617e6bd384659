import { randomUUID } from 'node:crypto'
import { hashPassword } from 'better-auth/crypto'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { buildApp } from '../src/app.ts'
import { type Config, readConfig } from '../src/config.ts'
import { type Database, openDatabase } from '../src/db/database.ts'
import type { FirstAccount } from '../src/people/first-account.ts'
import { insertAccount } from '../src/people/people.queries.ts'
import { createTestDatabase } from './database.ts'

export type PeopleApp = {
  app: FastifyInstance
  database: Database
  databaseUrl: string
  firstAccount: FirstAccount
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

/** The real app on a database of its own, without any account. */
export async function openPeopleApp(options: Partial<Config> = {}): Promise<PeopleApp> {
  const testDatabase = await createTestDatabase()
  const database = openDatabase(testDatabase.url, 10)
  const { db } = database
  let now = Date.now()
  const { server: app, firstAccount } = await buildApp({
    config: { ...presets(), ...options },
    database,
    secretKey: 'a secret key for tests, long enough',
    clock: () => now,
  })
  await app.ready()
  // One hash for all: making one takes a tenth of a second on purpose.
  const passwordHash = await hashPassword(goodPassword)

  return {
    app,
    database,
    databaseUrl: testDatabase.url,
    firstAccount,
    advance(ms) {
      now += ms
    },
    async signIn(email, password = goodPassword) {
      const payload = { email, password }
      return cookieOf(await app.inject({ method: 'POST', url: '/app/api/auth/sign-in/email', payload }))
    },
    async addPerson(name, email) {
      const id = randomUUID()
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

/** The general limit is not what these tests are about. */
function presets(): Config {
  const reading = readConfig({ LOG_LEVEL: 'silent', RATE_LIMIT_DEFAULT: '100000' })
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join(' '))
  return reading.config
}
