import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isCrossSite, type Origin } from '../src/http/cross-site.ts'
import { openPeopleApp, owner, type PeopleApp } from './people-app.ts'

const ours = { method: 'POST', secFetchSite: undefined, origin: undefined, host: 'localhost:3000' }
const publicOrigin = 'https://forms.example.org'

describe('a request is cross-site', () => {
  it.each<[string, boolean, Partial<Origin>]>([
    ['from our own page', false, { secFetchSite: 'same-origin' }],
    ['that a person starts', false, { secFetchSite: 'none' }],
    ['from another site', true, { secFetchSite: 'cross-site' }],
    ['from another sub-domain or port', true, { secFetchSite: 'same-site' }],
    ['from another site that claims our Origin', true, { secFetchSite: 'cross-site', origin: 'http://localhost:3000' }],
    ['that only reads', false, { secFetchSite: 'cross-site', method: 'GET' }],
    ['that only reads the head', false, { secFetchSite: 'cross-site', method: 'HEAD' }],
    ['by DELETE from another site', true, { secFetchSite: 'cross-site', method: 'DELETE' }],
    ['of a program', false, {}],
    ['from localhost at our port, in an old browser', false, { origin: 'http://localhost:3000' }],
    ['from 127.0.0.1 at our port', false, { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }],
    ['from [::1] at our port', false, { origin: 'http://[::1]:3000', host: '[::1]:3000' }],
    ['from localhost at another port', true, { origin: 'http://localhost:4000' }],
    ['from our public address behind a proxy', false, { origin: publicOrigin }],
    ['from another host', true, { origin: 'https://evil.example.com' }],
    ['from a host that begins as ours', true, { origin: 'http://localhost:3000.evil.example.com' }],
    ['from a sandboxed frame', true, { origin: 'null' }],
    ['from no address at all', true, { origin: '%%' }],
  ])('%s: %s', (_what, crossSite, request) => {
    expect(isCrossSite({ ...ours, ...request }, publicOrigin)).toBe(crossSite)
  })
})

describe('the server', () => {
  let people: PeopleApp
  let cookie: string
  beforeAll(async () => {
    people = await openPeopleApp()
    await people.firstAccount.makeAdmin(owner)
    cookie = await people.signIn(owner.email)
  })
  afterAll(() => people.close())

  const invite = (headers: Record<string, string>) =>
    people.app.inject({
      method: 'POST',
      url: '/app/api/v1/invitations',
      payload: { email: 'guest@example.org' },
      headers,
    })

  it('refuses a request from another site that carries a session, and does nothing', async () => {
    const reply = await invite({ cookie, 'sec-fetch-site': 'cross-site' })
    expect([reply.statusCode, reply.json().code]).toEqual([403, 'cross_site'])
    expect(await people.database.db.selectFrom('invitation').selectAll().execute()).toEqual([])
  })

  it('refuses it whatever else the cookies hold', async () => {
    const reply = await invite({ cookie: `theme=dark; ${cookie}; x=y`, origin: 'https://evil.example.com' })
    expect(reply.statusCode).toBe(403)
  })

  it('lets a program through that comes without a cookie, whatever its headers say', async () => {
    const reply = await invite({ origin: 'https://dashboard.example.com', 'sec-fetch-site': 'cross-site' })
    expect(reply.statusCode).toBe(401)
  })

  it('lets our own pages through', async () => {
    expect((await invite({ cookie, 'sec-fetch-site': 'same-origin' })).statusCode).toBe(201)
  })

  it.each(['/app/api/auth/sign-in/email', '/app/api/v1/set-up', '/app/api/v1/invitations/accept'])(
    'lets no other site sign its visitors in: %s',
    async (url) => {
      const headers = { 'sec-fetch-site': 'cross-site' }
      const payload = { ...owner, token: 'x' }
      const reply = await people.app.inject({ method: 'POST', url, payload, headers })
      expect([reply.statusCode, reply.json().code]).toEqual([403, 'cross_site'])
    },
  )
})
