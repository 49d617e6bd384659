import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { cookieOf, openPeopleApp, owner, type PeopleApp } from './people-app.ts'

let people: PeopleApp
beforeAll(async () => {
  people = await openPeopleApp()
})
afterAll(() => people.close())
// Each test begins without accounts and with fresh windows.
beforeEach(async () => {
  await people.database.db.deleteFrom('app_user').execute()
  await people.database.db.deleteFrom('server_setting').execute()
  people.advance(60 * 60 * 1000)
})

function setUp(token: string, person = owner) {
  return people.app.inject({ method: 'POST', url: '/app/api/v1/set-up', payload: { token, ...person } })
}

async function token(): Promise<string> {
  const made = await people.firstAccount.setUpToken()
  if (made === undefined) throw new Error('There are accounts already.')
  return made
}

async function accounts(): Promise<number> {
  return (await people.database.db.selectFrom('app_user').selectAll().execute()).length
}

it('makes the first account, which owns the server, with the token of the link', async () => {
  const reply = await setUp(await token())
  expect(reply.statusCode).toBe(201)
  expect(reply.json().user).toEqual({ id: expect.any(String), email: owner.email, name: owner.name, serverOwner: true })
})

it('signs the first account in', async () => {
  const cookie = cookieOf(await setUp(await token()))
  const session = await people.app.inject({ url: '/app/api/auth/get-session', headers: { cookie } })
  expect(session.json().user).toMatchObject({ email: owner.email })
})

it('makes one account of 50 concurrent tries with the right token', async () => {
  const secret = await token()
  const tries = Array.from({ length: 50 }, (_, n) => setUp(secret, { ...owner, email: `owner${n}@example.org` }))
  const statuses = (await Promise.all(tries)).map((reply) => reply.statusCode)
  expect(statuses.filter((status) => status === 201)).toHaveLength(1)
  expect(statuses.filter((status) => status === 403)).toHaveLength(49)
  expect(await accounts()).toBe(1)
})

it('refuses a wrong token', async () => {
  await token()
  const reply = await setUp('wrong')
  expect([reply.statusCode, reply.json().code]).toEqual([403, 'dead_link'])
  expect(await accounts()).toBe(0)
})

it('refuses the token once it was used', async () => {
  const secret = await token()
  await setUp(secret)
  expect((await setUp(secret, { ...owner, email: 'second@example.org' })).statusCode).toBe(403)
})

it('gives the same token to containers that start at once', async () => {
  const tokens = await Promise.all(Array.from({ length: 10 }, token))
  expect(new Set(tokens).size).toBe(1)
})

it('has no link when there is an account', async () => {
  await setUp(await token())
  expect(await people.firstAccount.setUpToken()).toBeUndefined()
})

it('keeps nothing in the database that would make the token', async () => {
  const secret = await token()
  const settings = await people.database.db.selectFrom('server_setting').select('value').execute()
  expect(settings.map((row) => row.value)).not.toContain(secret)
})

it('makes one account when ten containers start with ADMIN_EMAIL', async () => {
  const admin = { email: 'Admin@Example.org', password: owner.password }
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => people.firstAccount.makeAdmin(admin)))
  expect(outcomes.filter((outcome) => outcome === 'made')).toHaveLength(1)
})

it('lets the account of ADMIN_EMAIL sign in', async () => {
  await people.firstAccount.makeAdmin({ email: 'Admin@Example.org', password: owner.password })
  expect(await people.signIn('admin@example.org')).toContain('session_token')
})

it('refuses a short password and makes nothing', async () => {
  const reply = await setUp(await token(), { ...owner, password: 'short' })
  expect([reply.statusCode, reply.json().code]).toEqual([422, 'invalid_body'])
  expect(await accounts()).toBe(0)
})

it('refuses further tries from an address after 50 wrong tokens', async () => {
  const secret = await token()
  for (let n = 0; n < 50; n++) await setUp('wrong')
  const reply = await setUp(secret)
  expect(reply.statusCode).toBe(429)
  expect(reply.headers['retry-after']).toBe('900')
})

it.each([
  ['admin@localhost', 'correct horse battery'],
  [owner.email, 'x'.repeat(129)],
])('makes no account from the environment that nobody could sign in to: %s', async (email, password) => {
  await expect(people.firstAccount.makeAdmin({ email, password })).rejects.toThrow(/^ADMIN_/)
  expect(await accounts()).toBe(0)
})

it.each(['', ' ', 'Ada\nBcc: everybody', 'x'.repeat(201), 'Ada \u0000'])('refuses the name %j', async (name) => {
  expect((await setUp(await token(), { ...owner, name })).statusCode).toBe(422)
})
