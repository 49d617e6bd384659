import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cookieOf, goodPassword, openPeopleApp, owner, type PeopleApp } from './people-app.ts'

let people: PeopleApp
beforeAll(async () => {
  people = await openPeopleApp({ trustProxy: '127.0.0.1' })
  await people.firstAccount.makeAdmin(owner)
})
afterAll(() => people.close())
// Each test begins with fresh windows.
beforeEach(() => people.advance(60 * 60 * 1000))

function post(url: string, payload: object | string, headers: Record<string, string> = {}) {
  const json = { 'content-type': 'application/json', ...headers }
  return people.app.inject({ method: 'POST', url: `/app/api/auth${url}`, payload, headers: json })
}

function signIn(password: string, email = owner.email) {
  return post('/sign-in/email', { email, password })
}

async function user(cookie: string): Promise<unknown> {
  return (await people.app.inject({ url: '/app/api/auth/get-session', headers: { cookie } })).json().user
}

it('signs in with e-mail address and password, whatever the case of the address', async () => {
  const reply = await signIn(goodPassword, 'ADA@Example.org')
  expect(reply.statusCode).toBe(200)
  expect(await user(cookieOf(reply))).toMatchObject({ email: owner.email, serverOwner: true })
})

it('tells until when the session lasts, and whether there is a password to change', async () => {
  const cookie = await people.signIn(owner.email)
  const reply = await people.app.inject({ url: '/app/api/auth/get-session', headers: { cookie } })
  const { expiresAt, hasPassword } = reply.json()
  const days = (Date.parse(expiresAt) - Date.now()) / (24 * 60 * 60 * 1000)
  expect([Math.round(days), hasPassword]).toEqual([7, true])
})

it('tells somebody without a session that there is none', async () => {
  const reply = await people.app.inject({ url: '/app/api/auth/get-session' })
  expect(reply.json()).toEqual({ user: null, expiresAt: null, hasPassword: false, followsProvider: false })
})

it('answers with one code to whoever is not signed in, and to whose session has ended', async () => {
  const cookie = await people.signIn(owner.email)
  await people.database.db
    .updateTable('auth_session')
    .set({ expires_at: new Date(0) })
    .execute()
  for (const headers of [{ cookie }, {}]) {
    const reply = await people.app.inject({ url: '/app/api/v1/rbac/current', headers })
    expect([reply.statusCode, reply.json().code]).toEqual([401, 'unauthorized'])
  }
})

it('says nothing about who is signed in to somebody without a session', async () => {
  expect(await user('formgate.session_token=made.up')).toBeNull()
})

it('does not open a session with a token that the database holds but we did not sign', async () => {
  await signIn(goodPassword)
  const rows = await people.database.db.selectFrom('auth_session').select('token').execute()
  const cookie = rows.map(({ token }) => `formgate.session_token=${token}.c2lnbmF0dXJl`).join('; ')
  expect(await user(cookie)).toBeNull()
})

it('ends the session on sign-out', async () => {
  const cookie = await people.signIn(owner.email)
  const reply = await post('/sign-out', {}, { cookie })
  expect(reply.statusCode).toBe(200)
  expect(await user(cookie)).toBeNull()
})

it('ends a session when its time is over', async () => {
  const cookie = await people.signIn(owner.email)
  await people.database.db
    .updateTable('auth_session')
    .set({ expires_at: new Date(0) })
    .execute()
  expect(await user(cookie)).toBeNull()
})

it('prolongs a session that is in use', async () => {
  const cookie = await people.signIn(owner.email)
  const soon = new Date(Date.now() + 5 * 24 * 60 * 60 * 1000)
  await people.database.db.updateTable('auth_session').set({ expires_at: soon }).execute()
  const reply = await people.app.inject({ url: '/app/api/auth/get-session', headers: { cookie } })
  expect(reply.cookies[0]).toMatchObject({ name: 'formgate.session_token', maxAge: 7 * 24 * 60 * 60 })
  const sessions = await people.database.db.selectFrom('auth_session').select('expires_at').execute()
  const prolonged = sessions.filter(({ expires_at }) => expires_at > soon)
  expect(prolonged).toHaveLength(1)
})

it('refuses sign-up unless the operator opened it', async () => {
  const reply = await post('/sign-up/email', { ...owner, email: 'new@example.org' })
  expect([reply.statusCode, reply.json().code]).toEqual([403, 'sign_up_closed'])
})

describe('cookies', () => {
  it('are HttpOnly and SameSite=Lax, and over http not Secure', async () => {
    const [cookie] = (await signIn(goodPassword)).cookies
    expect(cookie).toMatchObject({ name: 'formgate.session_token', httpOnly: true, sameSite: 'Lax', path: '/' })
    expect(cookie).not.toHaveProperty('secure')
  })

  it('are Secure when a trusted proxy says that the request came by https', async () => {
    const reply = await post('/sign-in/email', owner, { 'x-forwarded-proto': 'https' })
    expect(reply.cookies[0]).toMatchObject({ name: '__Secure-formgate.session_token', secure: true, httpOnly: true })
  })

  it('that are Secure open the session too', async () => {
    const reply = await post('/sign-in/email', owner, { 'x-forwarded-proto': 'https' })
    expect(await user(cookieOf(reply))).toMatchObject({ email: owner.email })
  })
})

describe('tries', () => {
  it('are refused with 429 after ten wrong passwords for one account, even with the right one', async () => {
    for (let n = 0; n < 10; n++) expect((await signIn('wrong password')).statusCode).toBe(401)
    const reply = await signIn(goodPassword)
    expect([reply.statusCode, reply.json().code]).toEqual([429, 'rate_limited'])
    expect(reply.headers).toMatchObject({
      'retry-after': '900',
      'ratelimit-policy': '10;w=900',
      ratelimit: 'limit=10, remaining=0, reset=900',
    })
  })

  it('at once count one by one', async () => {
    const replies = await Promise.all(Array.from({ length: 30 }, () => signIn('wrong password')))
    expect(replies.filter((reply) => reply.statusCode === 401)).toHaveLength(10)
  })

  it('that succeed do not count', async () => {
    for (let n = 0; n < 11; n++) expect((await signIn(goodPassword)).statusCode).toBe(200)
  })

  it('get one and the same answer for an unknown account as for a wrong password', async () => {
    const unknown = await signIn('wrong password', 'nobody@example.org')
    const wrong = await signIn('wrong password')
    expect([unknown.statusCode, unknown.json()]).toEqual([wrong.statusCode, wrong.json()])
    expect(wrong.json().code).toBe('wrong_password')
  })
})

describe('bad input', () => {
  it.each([
    ['malformed JSON', '{"email":', 400],
    ['a NUL byte in the address', { email: 'a\u0000@example.org', password: goodPassword }, 422],
    ['half a surrogate pair', '{"email":"\\ud800@example.org","password":"long enough"}', 422],
    ['an address that is an object', { email: { a: 1 }, password: goodPassword }, 422],
    ['a missing password', { email: owner.email }, 422],
    ['a list for a body', '[]', 422],
    ['an endless password', { email: owner.email, password: 'x'.repeat(5000) }, 422],
    ['a huge body', { email: owner.email, password: 'x'.repeat(100_000) }, 413],
    ['an address that no mail has', { email: 'no address', password: goodPassword }, 401],
  ])('is refused: %s', async (_what, payload, status) => {
    const reply = await post('/sign-in/email', payload)
    expect(reply.statusCode).toBe(status)
    expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'is refused: a body as %s, which a page of another site can send unasked',
    async (type) => {
      const reply = await post('/sign-in/email', JSON.stringify(owner), { 'content-type': type })
      expect([415, 422]).toContain(reply.statusCode)
    },
  )

  it.each(['/sign-in/social', '/list-sessions', '/update-user', '/delete-user', '/request-password-reset', '/error'])(
    'finds nothing of better-auth that we do not offer: %s',
    async (url) => {
      const reply = await post(url, {})
      expect([reply.statusCode, reply.json().code]).toEqual([404, 'route_not_found'])
    },
  )
})

describe('a new password', () => {
  const changed = { currentPassword: goodPassword, newPassword: 'another good password' }
  const email = 'grace@example.org'

  beforeAll(() => people.addPerson('Grace', email))

  it('is refused with a wrong present one', async () => {
    const cookie = await people.signIn(email)
    const reply = await post('/change-password', { ...changed, currentPassword: 'wrong password' }, { cookie })
    expect(reply.statusCode).toBe(401)
  })

  it('is refused to somebody who is not signed in', async () => {
    expect((await post('/change-password', changed)).statusCode).toBe(401)
  })

  it('replaces the old one, ends other sessions and keeps this one', async () => {
    const other = await people.signIn(email)
    const cookie = await people.signIn(email)
    const reply = await post('/change-password', changed, { cookie })
    expect(reply.statusCode).toBe(200)
    expect(await user(other)).toBeNull()
    expect(await user(cookieOf(reply))).toMatchObject({ email })
    expect((await signIn(goodPassword, email)).statusCode).toBe(401)
    expect((await signIn(changed.newPassword, email)).statusCode).toBe(200)
  })
})
