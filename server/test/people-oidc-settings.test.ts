import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Config, OidcConfig } from '../src/config.ts'
import { callback, cookieIn, expectProblem, type OidcApp, openOidcApp, visit } from './oidc-app.ts'
import { type OidcServer, openOidcServer, postingClientId } from './oidc-server.ts'
import { owner } from './people-app.ts'

const guest = { subject: 'guest', email: 'guest@example.org' }
let provider: OidcServer
let people: OidcApp
beforeAll(async () => {
  provider = await openOidcServer(callback)
  provider.describe(guest.subject, { email: guest.email, email_verified: true, name: 'Gus Guest' })
})
afterEach(() => people.close())
afterAll(() => provider.close())

async function open(oidc: Partial<OidcConfig> = {}, more: Partial<Config> = {}): Promise<OidcApp> {
  people = await openOidcApp(provider, oidc, more)
  await people.firstAccount.makeAdmin(owner)
  return people
}

async function peopleHere(): Promise<string[]> {
  const rows = await people.database.db.selectFrom('app_user').select('email').orderBy('created_at').execute()
  return rows.map(({ email }) => email)
}

it('makes nobody the owner of a server that is not set up', async () => {
  people = await openOidcApp(provider)
  expectProblem(await people.signInAt(guest.subject), 'set_up_needed')
  expect(await peopleHere()).toEqual([])
})

describe('with OIDC_SIGN_UP=invited', () => {
  /** An invitation to the team of a form, by the owner of the server. */
  async function invite(payload: object): Promise<{ id: string }> {
    const headers = { cookie: await people.signIn(owner.email) }
    return (await people.app.inject({ method: 'POST', url: '/app/api/v1/invitations', payload, headers })).json()
  }

  it('lets nobody in whom nobody invited', async () => {
    await open({ signUp: 'invited' })
    expectProblem(await people.signInAt(guest.subject), 'sign_up_closed')
    expect(await peopleHere()).toEqual([owner.email])
  })

  it('lets everybody in when SIGN_UP is open', async () => {
    await open({ signUp: 'invited' }, { signUp: 'open' })
    expect(await people.userOf(await people.signInAt(guest.subject))).toMatchObject({ email: guest.email })
  })

  it('accepts the invitation of whoever comes, with its roles', async () => {
    await open({ signUp: 'invited' })
    const { db } = people.database
    const inviter = await db.selectFrom('app_user').select('id').executeTakeFirstOrThrow()
    const formId = await people.addForm(inviter.id, 'owner')
    const { id } = await invite({ email: guest.email, formId, roles: ['submission_reviewer'] })
    const user = await people.userOf(await people.signInAt(guest.subject))
    const roles = db.selectFrom('form_role_user').select('role').where('form_id', '=', formId)
    expect(await roles.where('user_id', '=', user?.id ?? '').execute()).toEqual([{ role: 'submission_reviewer' }])
    const invitation = db.selectFrom('invitation').select('accepted_at').where('id', '=', id)
    expect((await invitation.executeTakeFirst())?.accepted_at).not.toBeNull()
  })

  it('gives an invitation only to a verified address', async () => {
    await open({ signUp: 'invited' })
    await invite({ email: 'unverified@example.org' })
    provider.describe('unverified', { email: 'unverified@example.org', email_verified: false })
    expectProblem(await people.signInAt('unverified'), 'oidc_email_unverified')
  })
})

it('takes addresses for verified where OIDC_TRUST_EMAIL says so and the provider says nothing', async () => {
  await open({ trustEmail: true })
  provider.describe('silent', { email: owner.email })
  expect(await people.userOf(await people.signInAt('silent'))).toMatchObject({ email: owner.email })
})

it('sends the secret in the body where OIDC_CLIENT_AUTH says so', async () => {
  await open({ clientAuth: 'post', clientId: postingClientId })
  expect(await people.userOf(await people.signInAt(guest.subject))).toMatchObject({ email: guest.email })
})

it('lets nobody in with a wrong secret of the client', async () => {
  await open({ clientSecret: 'wrong' })
  expectProblem(await people.signInAt(guest.subject), 'oidc_failed')
})

it('marks its cookies as Secure behind https', async () => {
  await open({}, { publicUrl: new URL('https://forms.example.org') })
  const reply = await people.app.inject({ url: '/app/api/auth/oidc/start' })
  expect(reply.cookies).toMatchObject([{ name: '__Secure-formgate.oidc', secure: true, httpOnly: true }])
})

it('starts without the provider, says that it cannot be reached, and finds it when it is back', async () => {
  const gone = await openOidcServer(callback)
  await gone.close()
  people = await openOidcApp(gone)
  await people.firstAccount.makeAdmin(owner)
  expectProblem(await people.app.inject({ url: '/app/api/auth/oidc/start' }), 'oidc_unreachable')

  const back = await openOidcServer(callback, Number(gone.issuer.port))
  back.describe(guest.subject, { email: guest.email, email_verified: true })
  expect(cookieIn(await people.signInAt(guest.subject), 'formgate.session_token')).not.toBe('')
  await back.close()
})

it('tells on the way back too when the provider has gone meanwhile', async () => {
  const other = await openOidcServer(callback)
  other.describe(guest.subject, { email: guest.email, email_verified: true })
  people = await openOidcApp(other)
  await people.firstAccount.makeAdmin(owner)
  const { url, cookie } = await people.start()
  const location = await visit(url, guest.subject)
  await other.close()
  expectProblem(await people.comeBack(location, cookie), 'oidc_failed')
})

it.each(['start', 'callback?state=x&code=y'])('offers no %s without a provider', async (path) => {
  await open({}, { oidc: undefined })
  const reply = await people.app.inject({ url: `/app/api/auth/oidc/${path}` })
  expect([reply.statusCode, reply.json().code]).toEqual([404, 'not_found'])
})
