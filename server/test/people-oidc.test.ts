import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callback, cookieIn, expectProblem, type OidcApp, openOidcApp, visit } from './oidc-app.ts'
import { type OidcServer, openOidcServer } from './oidc-server.ts'
import { goodPassword, owner } from './people-app.ts'

let provider: OidcServer
let people: OidcApp

beforeAll(async () => {
  provider = await openOidcServer(callback)
  people = await openOidcApp(provider)
  await people.firstAccount.makeAdmin(owner)
})
afterAll(async () => {
  await people.close()
  await provider.close()
})

let visitors = 0
/** Somebody whom the provider knows. */
function visitor(more: { email?: string; email_verified?: boolean; name?: string } = {}) {
  const subject = `subject-${++visitors}`
  const claims = { email: `${subject}@example.org`, email_verified: true, name: 'Vera Visitor', ...more }
  provider.describe(subject, claims)
  return { subject, ...claims }
}

async function accountsWith(email: string) {
  return people.database.db.selectFrom('app_user').selectAll().where('email', '=', email).execute()
}

describe('somebody new', () => {
  it('gets an account with the name and the address that the provider tells, and goes where they wanted', async () => {
    const { subject, email } = visitor()
    const reply = await people.signInAt(subject, '/app/form/manage?f=1')
    expect([reply.statusCode, reply.headers.location]).toEqual([302, '/app/form/manage?f=1'])
    expect(await people.userOf(reply)).toMatchObject({ email, name: 'Vera Visitor', serverOwner: false })
  })

  it('has no password to change, and a name that follows the provider', async () => {
    const cookie = cookieIn(await people.signInAt(visitor().subject), 'formgate.session_token')
    const session = await people.app.inject({ url: '/app/api/auth/get-session', headers: { cookie } })
    expect(session.json()).toMatchObject({ hasPassword: false, followsProvider: true })
    const payload = { name: 'Somebody else' }
    const renamed = await people.app.inject({
      method: 'PUT',
      url: '/app/api/v1/users/me',
      headers: { cookie },
      payload,
    })
    expect(renamed.statusCode).toBe(409)
  })

  it('gets one account when coming twice at once', async () => {
    const { subject, email } = visitor()
    const replies = await Promise.all([people.signInAt(subject), people.signInAt(subject), people.signInAt(subject)])
    expect(replies.map((reply) => reply.headers.location)).toEqual(['/app', '/app', '/app'])
    expect(await accountsWith(email)).toHaveLength(1)
  })

  it('gets an account with an unverified address too, where nobody else has it', async () => {
    const { subject, email } = visitor({ email_verified: false })
    await people.signInAt(subject)
    expect(await accountsWith(email)).toMatchObject([{ email_verified: false }])
  })

  it('without an address gets none, and is told so', async () => {
    const subject = `subject-${++visitors}`
    provider.describe(subject, { name: 'Nobody' })
    expectProblem(await people.signInAt(subject), 'oidc_no_email')
  })
})

describe('somebody who has come before', () => {
  it('is the same person by the provider’s id, whatever name and address are now', async () => {
    const { subject } = visitor()
    const first = await people.userOf(await people.signInAt(subject))
    provider.describe(subject, { email: 'married@example.org', email_verified: true, name: 'Vera Married' })
    expect(await people.userOf(await people.signInAt(subject))).toEqual({
      ...first,
      email: 'married@example.org',
      name: 'Vera Married',
    })
  })

  it('keeps the address while the new one is not verified, or is another’s', async () => {
    const { subject, email } = visitor()
    await people.signInAt(subject)
    for (const claims of [
      { email: 'unverified@example.org', email_verified: false },
      { email: owner.email, email_verified: true },
    ]) {
      provider.describe(subject, claims)
      expect(await people.userOf(await people.signInAt(subject))).toMatchObject({ email })
    }
  })
})

describe('somebody with an account here', () => {
  it('who was let in comes into it by a verified address, and keeps the password', async () => {
    const { subject } = visitor({ email: owner.email, name: 'Ada Owner' })
    expect(await people.userOf(await people.signInAt(subject))).toMatchObject({ email: owner.email, serverOwner: true })
    expect(await people.signIn(owner.email)).not.toBe('')
  })

  it('does not by an address that is not verified, and nothing changes', async () => {
    const { subject, email } = visitor({ email_verified: false })
    const id = await people.addPerson('Local', email)
    expectProblem(await people.signInAt(subject), 'oidc_email_unverified')
    expect(await accountsWith(email)).toMatchObject([{ id, name: 'Local', email_verified: false }])
  })

  it('locks out whoever made that account without being let in', async () => {
    const { subject, email } = visitor()
    const id = await people.addPerson('Mallory', email)
    const before = await people.signIn(email)
    const reply = await people.signInAt(subject)
    expect(await people.userOf(reply)).toMatchObject({ id, name: 'Vera Visitor' })
    const session = await people.app.inject({ url: '/app/api/auth/get-session', headers: { cookie: before } })
    expect(session.json().user).toBeNull()
    const payload = { email, password: goodPassword }
    const again = await people.app.inject({ method: 'POST', url: '/app/api/auth/sign-in/email', payload })
    expect(again.statusCode).toBe(401)
  })

  it('locks out whoever accepted an invitation that they made themselves', async () => {
    const { subject, email } = visitor()
    const host = await people.addPerson('Mallory', `host-of-${email}`)
    const id = await people.addPerson('Mallory’s guest', email)
    await people.database.pool.query(
      `insert into invitation (id, email, token_hash, invited_by, expires_at, accepted_at)
       values (gen_random_uuid(), $1::text, sha256($1::text::bytea), $2, now() + interval '1 day', now())`,
      [email, host],
    )
    const before = await people.signIn(email)
    expect(await people.userOf(await people.signInAt(subject))).toMatchObject({ id, name: 'Vera Visitor' })
    const session = await people.app.inject({ url: '/app/api/auth/get-session', headers: { cookie: before } })
    expect(session.json().user).toBeNull()
  })

  it('locks out whoever made that account at the provider without a verified address', async () => {
    const mallory = visitor({ email: 'victim@example.org', email_verified: false })
    await people.signInAt(mallory.subject)
    const victim = visitor({ email: 'victim@example.org' })
    expect(await people.userOf(await people.signInAt(victim.subject))).toMatchObject({ email: 'victim@example.org' })
    expectProblem(await people.signInAt(mallory.subject), 'oidc_email_unverified')
  })

  it('does not, when that account is another’s at the same provider, whose address it was before', async () => {
    const former = visitor({ email: 'office@example.org' })
    await people.signInAt(former.subject)
    const present = visitor({ email: 'office@example.org' })
    expectProblem(await people.signInAt(present.subject), 'oidc_email_taken')
    expect(await people.userOf(await people.signInAt(former.subject))).toMatchObject({ email: 'office@example.org' })
  })

  it('is on the record from then on', async () => {
    const { subject, email } = visitor()
    const id = await people.addPerson('Local', email)
    await people.signInAt(subject)
    const events = people.database.db.selectFrom('audit_event').select('details').where('actor_user_id', '=', id)
    expect(await events.where('action', '=', 'person.providerLinked').execute()).toHaveLength(1)
  })
})

describe('a trip', () => {
  it('uses PKCE, state and nonce, and asks for what was configured', async () => {
    const { url } = await people.start()
    const query = Object.fromEntries(new URL(url).searchParams)
    expect(query).toMatchObject({
      response_type: 'code',
      client_id: provider.clientId,
      redirect_uri: callback,
      scope: 'openid profile email',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  it('is held together by a cookie that scripts and other sites do not get', async () => {
    const reply = await people.app.inject({ url: '/app/api/auth/oidc/start' })
    expect(reply.cookies).toMatchObject([
      { name: 'formgate.oidc', httpOnly: true, sameSite: 'Lax', path: '/app/api/auth/oidc', maxAge: 600 },
    ])
  })

  it('ends without a session when somebody changed its state', async () => {
    const { cookie, url } = await people.start()
    const location = new URL(await visit(url, visitor().subject))
    location.searchParams.set('state', 'x'.repeat(43))
    expectProblem(await people.comeBack(location.href, cookie), 'oidc_expired')
  })

  it('ends without a session in another browser', async () => {
    const [mine, theirs] = [await people.start(), await people.start()]
    const location = await visit(mine.url, visitor().subject)
    expectProblem(await people.comeBack(location, theirs.cookie), 'oidc_expired')
    expectProblem(await people.comeBack(location, ''), 'oidc_expired')
  })

  it('works once', async () => {
    const { cookie, url } = await people.start()
    const location = await visit(url, visitor().subject)
    const first = await people.comeBack(location, cookie)
    expect(first.headers.location).toBe('/app')
    expect(first.cookies.find(({ name }) => name === 'formgate.oidc')).toMatchObject({ value: '', maxAge: 0 })
    expectProblem(await people.comeBack(location, cookie), 'oidc_failed')
  })

  it('ends without a session when somebody took longer than ten minutes', async () => {
    const { cookie, url } = await people.start()
    const location = await visit(url, visitor().subject)
    people.advance(10 * 60_000 + 1)
    expectProblem(await people.comeBack(location, cookie), 'oidc_expired')
  })

  it('tells when somebody cancels at the provider', async () => {
    const { cookie, url } = await people.start()
    expectProblem(await people.comeBack(await visit(url, 'cancel'), cookie), 'oidc_denied')
  })

  it.each(['error=server_error', 'error=x%0Ay&error_description=%3Cscript%3E', 'code=made-up', ''])(
    'ends on the sign-in page whatever the provider says: %s',
    async (answer) => {
      const { cookie, url } = await people.start()
      const state = new URL(url).searchParams.get('state')
      const iss = encodeURIComponent(provider.issuer.origin)
      const reply = await people.comeBack(`${callback}?state=${state}&iss=${iss}&${answer}`, cookie)
      expectProblem(reply, 'oidc_failed')
    },
  )

  it('ends without a session when another provider answers', async () => {
    const { cookie, url } = await people.start()
    const location = new URL(await visit(url, visitor().subject))
    location.searchParams.set('iss', 'https://evil.example')
    expectProblem(await people.comeBack(location.href, cookie), 'oidc_failed')
  })

  it.each([
    'https://evil.example/app',
    '//evil.example',
    '/\\evil.example',
    '/app/..//evil.example',
    '/app/api/v1/docs',
  ])('never leads to another site: %s', async (to) => {
    expect((await people.signInAt(visitor().subject, to)).headers.location).toBe('/app')
  })

  it('keeps where somebody wanted to go for the next try', async () => {
    const { cookie, url } = await people.start('/app/forms?q=1')
    const reply = await people.comeBack(await visit(url, 'cancel'), cookie)
    expect(reply.headers.location).toBe('/app/sign-in?problem=oidc_denied&to=%2Fapp%2Fforms%3Fq%3D1')
  })
})
