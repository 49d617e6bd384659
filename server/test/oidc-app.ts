import type { LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import type { Config, OidcConfig } from '../src/config.ts'
import type { OidcServer } from './oidc-server.ts'
import { openPeopleApp, type PeopleApp } from './people-app.ts'

export const publicUrl = new URL('http://forms.example.org')
export const callback = `${publicUrl.origin}/app/api/auth/oidc/callback`

/** A browser on its way: the cookie that it has from us, and where it was sent. */
export type Trip = { cookie: string; url: string }

export type OidcApp = PeopleApp & {
  /** Sends somebody to the provider. */
  start(to?: string): Promise<Trip>
  /** What the browser gets for the address that the provider sent it back to. */
  comeBack(location: string, cookie: string): Promise<LightMyRequestResponse>
  /** The whole way: out, through the provider's pages, and back. */
  signInAt(subject: string, to?: string): Promise<LightMyRequestResponse>
  /** Who is signed in after this reply. */
  userOf(reply: LightMyRequestResponse): Promise<{ id: string; email: string } | null>
}

/** The real app, which knows this provider. */
export async function openOidcApp(
  { issuer, clientId, clientSecret }: Pick<OidcServer, 'issuer' | 'clientId' | 'clientSecret'>,
  oidc: Partial<OidcConfig> = {},
  more: Partial<Config> = {},
): Promise<OidcApp> {
  const settings = { clientAuth: 'basic', name: 'Contoso', scopes: 'openid profile email', signUp: 'open' } as const
  const people = await openPeopleApp({
    publicUrl,
    oidc: { issuer, clientId, clientSecret, trustEmail: false, ...settings, ...oidc },
    ...more,
  })
  const { app } = people

  const start: OidcApp['start'] = async (to) => {
    const reply = await app.inject({ url: '/app/api/auth/oidc/start', ...(to === undefined ? {} : { query: { to } }) })
    return { cookie: cookieIn(reply, 'formgate.oidc'), url: reply.headers.location ?? '' }
  }
  const comeBack: OidcApp['comeBack'] = async (location, cookie) => {
    const { pathname, search } = new URL(location)
    return app.inject({ url: pathname + search, headers: cookie ? { cookie } : {} })
  }
  return {
    ...people,
    start,
    comeBack,
    async signInAt(subject, to) {
      const { url, cookie } = await start(to)
      return comeBack(await visit(url, subject), cookie)
    },
    async userOf(reply) {
      const cookie = cookieIn(reply, 'formgate.session_token')
      return (await app.inject({ url: '/app/api/auth/get-session', headers: { cookie } })).json().user
    },
  }
}

export function cookieIn(reply: LightMyRequestResponse, name: string): string {
  const found = reply.cookies.find((cookie) => cookie.name === name)
  return found ? `${name}=${encodeURIComponent(found.value)}` : ''
}

/** The browser is back on our sign-in page, which explains the problem, and nobody is signed in. */
export function expectProblem(reply: LightMyRequestResponse, problem: string): void {
  expect([reply.statusCode, reply.headers.location]).toEqual([302, `/app/sign-in?problem=${problem}`])
  expect(cookieIn(reply, 'formgate.session_token')).toBe('')
}

/**
 * Goes through the provider's pages as a browser would: signs in as this person and agrees, or cancels.
 * @returns where the provider sends the browser in the end
 */
export async function visit(start: string, subject: string | 'cancel'): Promise<string> {
  const jar = new Map<string, string>()
  let [url, form]: [string, URLSearchParams | undefined] = [start, undefined]
  for (let step = 0; step < 20; step++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const post = form ? { method: 'POST', body: form } : {}
    const response = await fetch(url, { redirect: 'manual', headers: { cookie }, ...post })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    const location = response.headers.get('location')
    const page = await response.text()
    form = undefined
    if (location?.startsWith(callback)) return location
    if (location) url = new URL(location, url).href
    else if (subject === 'cancel') url = new URL(/href="([^"]+\/abort)"/.exec(page)?.[1] ?? '', url).href
    else [url, form] = filledIn(page, url, subject)
  }
  throw new Error(`The provider never sent us back; it showed ${url}.`)
}

function filledIn(page: string, url: string, subject: string): [string, URLSearchParams] {
  const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1]
  const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1]
  if (!action || !prompt) throw new Error(`The provider shows a page without a form at ${url}: ${page.slice(0, 500)}`)
  return [new URL(action, url).href, new URLSearchParams({ prompt, login: subject, password: 'any' })]
}
