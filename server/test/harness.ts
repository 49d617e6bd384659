import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashPassword } from 'better-auth/crypto'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { apiPrefix, authPrefix, buildApp } from '../src/app.ts'
import { type Config, readConfig } from '../src/config.ts'
import { type Database, openDatabase } from '../src/db/database.ts'
import { insertAccount } from '../src/people/people.queries.ts'
import { createValidator, type Validator } from '../src/validation/validator.ts'
import { createTestDatabase } from './database.ts'
import { plainAnswers, plainForm } from './definitions.ts'

/** Whose request it is: a cookie, a form's key, or an Authorization header word for word. */
export type As = { cookie: string } | { formId: string; secret: string } | { authorization: string } | undefined
export type Call = {
  as?: As
  body?: unknown
  headers?: Record<string, string>
  query?: Record<string, string | string[]>
}

export type TestForm = { formId: string; versionId: string; secret: string; key: { formId: string; secret: string } }

export type Api = {
  app: FastifyInstance
  database: Database
  owner: { cookie: string; id: string }
  advance(ms: number): void
  /** Writes what the keys were used for, which else happens every few seconds. */
  flushUsage(): Promise<void>
  call(method: string, path: string, options?: Call): Promise<LightMyRequestResponse>
  addPerson(email: string): Promise<{ cookie: string; id: string }>
  /** A published form with a key, unless asked otherwise. */
  addForm(options?: { schema?: object; access?: 'public' | 'login' | 'team'; settings?: object }): Promise<TestForm>
  /** Stores a submission with the form's key, and gives its id. */
  submit(form: TestForm, answers?: object, options?: { draft?: boolean }): Promise<string>
  close(): Promise<void>
}

const password = 'correct horse battery'
export const day = 86_400_000

/** One hash for all: making one takes a tenth of a second on purpose. */
let passwordHash: Promise<string> | undefined
/** One for all apps of a process: its workers take a second of a processor to start, and know nothing of an app. */
let validator: Validator | undefined

/** The real app on a database of its own. */
export async function openApi(config: Partial<Config> = {}): Promise<Api> {
  const testDatabase = await createTestDatabase()
  const database = openDatabase(testDatabase.url, 10)
  const dataDir = join(tmpdir(), `formgate-test-${randomUUID()}`)
  let now = Date.now()
  const { server: app, usage } = await buildApp({
    config: { ...defaults(), dataDir, ...config },
    database,
    secretKey: 'a secret key for tests, long enough',
    clock: () => now,
    delay: async () => undefined,
    validator: sharedValidator(),
  })
  await app.ready()
  const call: Api['call'] = (method, path, { as, body, headers, query } = {}) =>
    app.inject({
      method: method as 'GET',
      url: path.startsWith('/app') ? path : `${apiPrefix}${path}`,
      headers: { ...authorization(as), ...headers },
      ...(query ? { query } : {}),
      ...(body === undefined ? {} : { payload: body as NonNullable<InjectOptions['payload']> }),
    })

  const addPerson: Api['addPerson'] = async (email) => {
    const id = randomUUID()
    await insertAccount(database.db, {
      id,
      name: email.split('@')[0] ?? email,
      email,
      passwordHash: await sharedPasswordHash(),
      serverOwner: false,
    })
    const response = await call('POST', `${authPrefix}/sign-in/email`, { body: { email, password } })
    const cookies = response.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`)
    return { id, cookie: cookies.join('; ') }
  }
  const owner = await addPerson('owner@example.org')

  const addForm: Api['addForm'] = async ({ schema = plainForm, access = 'public', settings = {} } = {}) => {
    const identityProviders = access === 'team' ? [] : [{ code: access }]
    const form = ok(
      await call('POST', '/forms', { as: owner, body: { name: 'Survey', schema, identityProviders, ...settings } }),
    )
    const version = ok(await call('POST', `/forms/${form.id}/drafts/${form.draft.id}/publish`, { as: owner }))
    const { secret } = ok(await call('PUT', `/forms/${form.id}/apiKey`, { as: owner }))
    return { formId: form.id, versionId: version.id, secret, key: { formId: form.id, secret } }
  }

  const submit: Api['submit'] = async (form, answers = plainAnswers, { draft = false } = {}) => {
    const path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
    return ok(await call('POST', path, { as: form.key, body: { draft, submission: { data: answers } } })).id
  }

  return {
    app,
    database,
    owner,
    call,
    addPerson,
    addForm,
    submit,
    advance: (ms) => {
      now += ms
    },
    flushUsage: usage.flush,
    close: async () => {
      await app.close()
      await database.close()
      await testDatabase.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function sharedPasswordHash(): Promise<string> {
  passwordHash ??= hashPassword(password)
  return passwordHash
}

function sharedValidator(): Validator {
  validator ??= createValidator({ deadlineMs: 1000, workers: 2, log: { warn: () => undefined } })
  return validator
}

function defaults(): Config {
  const reading = readConfig({
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    RATE_LIMIT_API_KEY: '100000',
    RATE_LIMIT_DEFAULT: '100000',
  })
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join(' '))
  return reading.config
}

function authorization(as: As): Record<string, string> {
  if (!as) return {}
  if ('cookie' in as) return { cookie: as.cookie }
  return { authorization: 'authorization' in as ? as.authorization : basic(as.formId, as.secret) }
}

/** The Authorization header of RFC 7617. */
export function basic(user: string, secret: string): string {
  return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`
}

/** The body of an answer that must be a success. */
export function ok(response: LightMyRequestResponse) {
  if (response.statusCode >= 300) throw new Error(`${response.statusCode}: ${response.body.slice(0, 500)}`)
  return response.body === '' ? undefined : response.json()
}
