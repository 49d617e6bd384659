import { join } from 'node:path'
import { hashPassword } from 'better-auth/crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Database, openDatabase } from '../src/db/database.ts'
import { insertAccount } from '../src/people/people.queries.ts'
import { createBareDatabase } from './database.ts'
import { plainForm } from './definitions.ts'
import { makeFolder, removeFolders } from './embedded.ts'
import { basic } from './harness.ts'
import { endAll, startServing } from './started.ts'

// Four whole processes start here, while other tests keep the machine busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 })

const admin = { email: 'ann@example.org', password: 'correct horse battery' }
const helper = { id: crypto.randomUUID(), name: 'Bea', email: 'bea@example.org' }
const containers = 4

let dropDatabase: () => Promise<void>
let database: Database
let urls: URL[]
let owner: { cookie: string }
let form: { id: string; authorization: string }

beforeAll(async () => {
  const { url, drop } = await createBareDatabase()
  dropDatabase = drop
  const env = {
    DATABASE_URL: url,
    SECRET_KEY: 'k'.repeat(40),
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    RATE_LIMIT_API_KEY: '1000000',
    RATE_LIMIT_DEFAULT: '1000000',
  }
  const command = [process.execPath, 'server/src/main.ts']
  const started = await Promise.all(
    Array.from({ length: containers }, async () =>
      startServing({ ...env, DATA_DIR: join(await makeFolder(), 'data') }, command),
    ),
  )
  urls = started.map((each) => each.url)
  database = openDatabase(url, 2)
  owner = await signIn(admin.email)
  const passwordHash = await hashPassword(admin.password)
  await insertAccount(database.db, { ...helper, passwordHash, serverOwner: false })
})
beforeEach(async () => {
  const body = { name: 'Survey', schema: plainForm, identityProviders: [] }
  const { id } = await call('POST', '/forms', body)
  const { secret } = await call('PUT', `/forms/${id}/apiKey`)
  form = { id, authorization: basic(id, secret) }
})
afterAll(async () => {
  await endAll()
  await database?.close()
  await dropDatabase?.()
  await removeFolders()
})

async function signIn(email: string): Promise<{ cookie: string }> {
  const body = JSON.stringify({ email, password: admin.password })
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(new URL('/app/api/auth/sign-in/email', urls[0]), { method: 'POST', headers, body })
  expect(response.status).toBe(200)
  const cookies = response.headers.getSetCookie().map((each) => each.split(';')[0])
  return { cookie: cookies.join('; ') }
}

let turn = 0
/** A call of the owner's, each to another container, that must succeed. */
async function call(method: string, path: string, body?: unknown) {
  turn += 1
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const headers = { ...owner, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  const url = new URL(`/app/api/v1${path}`, urls[turn % containers])
  const response = await fetch(url, { method, headers, ...sent })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

/** One call: to which container, when it began, and how it was answered. */
type Shot = { container: number; began: number; status: number }

/** Calls the form through all containers without a pause, while something is done that must end the right to it. */
async function callingWhile(headers: Record<string, string>, act: () => Promise<unknown>) {
  const shots: Shot[] = []
  let going = true
  async function fire(container: number): Promise<void> {
    const url = new URL(`/app/api/v1/forms/${form.id}`, urls[container])
    while (going) {
      const began = performance.now()
      const response = await fetch(url, { headers })
      await response.arrayBuffer()
      shots.push({ container, began, status: response.status })
    }
  }
  const everywhere = (from: number, count: number) =>
    vi.waitFor(
      () => {
        for (let container = 0; container < containers; container += 1) {
          const since = shots.filter((each) => each.container === container && each.began > from)
          expect(since.length).toBeGreaterThanOrEqual(count)
        }
      },
      { timeout: 20_000, interval: 10 },
    )
  const firing = Array.from({ length: containers }, (_, index) => fire(index % containers))
  try {
    await everywhere(0, 3)
    await act()
    const answered = performance.now()
    await everywhere(answered, 10)
    return {
      before: shots.filter((each) => each.began < answered),
      after: shots.filter((each) => each.began > answered),
    }
  } finally {
    going = false
    await Promise.all(firing)
  }
}

/** Asserts that calls succeed on each container until the answer, and on none of them afterwards. */
async function expectEnd(headers: Record<string, string>, act: () => Promise<unknown>, refusals = [401]) {
  const { before, after } = await callingWhile(headers, act)
  const served = new Set(before.filter(({ status }) => status === 200).map(({ container }) => container))
  expect(served.size).toBe(containers)
  expect([...new Set(after.map(({ status }) => status))]).toEqual(refusals)
}

const keysPath = () => `/forms/${form.id}/apiKeys`
async function addKey() {
  const { id, secret } = await call('POST', keysPath(), { name: 'Program', scopes: ['form:read'] })
  return { path: `${keysPath()}/${id}`, headers: { authorization: basic(form.id, secret) } }
}

describe('no container takes a call that begins after the answer to', () => {
  it('regenerating the key', () =>
    expectEnd({ authorization: form.authorization }, () => call('PUT', `/forms/${form.id}/apiKey`)))

  it('deleting the key', () =>
    expectEnd({ authorization: form.authorization }, () => call('DELETE', `/forms/${form.id}/apiKey`)))

  it('revoking a named key', async () => {
    const key = await addKey()
    await expectEnd(key.headers, () => call('POST', `${key.path}/revoke`, {}))
  })

  it('switching a named key off', async () => {
    const key = await addKey()
    await expectEnd(key.headers, () => call('PATCH', key.path, { enabled: false }))
  })

  it('taking its scope from a named key', async () => {
    const key = await addKey()
    await expectEnd(key.headers, () => call('PATCH', key.path, { scopes: ['status:read'] }), [403])
  })

  it('ending the overlap of a rotation', async () => {
    const key = await addKey()
    await call('POST', `${key.path}/rotate`, { overlapHours: 1 })
    await expectEnd(key.headers, () => call('DELETE', `${key.path}/previousSecret`))
  })

  it('deleting the form', () =>
    expectEnd({ authorization: form.authorization }, () => call('DELETE', `/forms/${form.id}`)))

  it('taking a person’s role', async () => {
    const roles = [{ formId: form.id, userId: helper.id, role: 'form_designer' }]
    await call('PUT', `/rbac/users?formId=${form.id}&userId=${helper.id}`, roles)
    const act = () => call('DELETE', `/rbac/users?formId=${form.id}`, [helper.id])
    await expectEnd(await signIn(helper.email), act, [403])
  })
})

it('a new secret works on every container as soon as it is shown', async () => {
  const { secret } = await call('PUT', `/forms/${form.id}/apiKey`)
  const headers = { authorization: basic(form.id, secret) }
  const answers = await Promise.all(urls.map((url) => fetch(new URL(`/app/api/v1/forms/${form.id}`, url), { headers })))
  expect(answers.map(({ status }) => status)).toEqual(Array(containers).fill(200))
})
