import type { RandomBytes } from '../clock.ts'

/** Where a browser goes to sign in with the provider, and where the provider sends it back to. */
export const oidcStartPath = '/app/api/auth/oidc/start'
export const oidcCallbackPath = '/app/api/auth/oidc/callback'

/** How long somebody may stay at the provider: long enough to find a second factor. */
export const flowLifeMs = 10 * 60 * 1000

/** What one trip to the provider and back is held together by. */
export type Flow = {
  state: string
  nonce: string
  codeVerifier: string
  /** Where the browser goes afterwards; a path of ours. */
  to: string
}

type Sign = (text: string) => string

/** Begins a trip. @returns it, and the value of the cookie that the browser brings back */
export function beginFlow(
  to: string,
  { random, sign, now }: { random: RandomBytes; sign: Sign; now: number },
): { flow: Flow; cookie: string } {
  const known = { id: random(16).toString('base64url'), at: now, to }
  const cookie = Buffer.from(JSON.stringify(known)).toString('base64url')
  return { flow: flowOf(cookie, to, sign), cookie }
}

/** The trip that a cookie belongs to, while it lasts. */
export function readFlow(cookie: string | undefined, { sign, now }: { sign: Sign; now: number }): Flow | undefined {
  const known = cookie === undefined ? undefined : parsed(cookie)
  if (cookie === undefined || known === undefined) return undefined
  const age = now - known.at
  return age >= 0 && age <= flowLifeMs ? flowOf(cookie, ownPath(known.to), sign) : undefined
}

/**
 * The secrets are signatures of the cookie: it holds none of them itself, no container has to remember anything, and with a
 * cookie that was tampered with the state is another one.
 */
function flowOf(cookie: string, to: string, sign: Sign): Flow {
  const secret = (purpose: string) => sign(`oidc ${purpose} v1 ${cookie}`)
  return { state: secret('state'), nonce: secret('nonce'), codeVerifier: secret('verifier'), to }
}

function parsed(cookie: string): { at: number; to: string } | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cookie, 'base64url').toString())
    if (typeof value !== 'object' || value === null || !('at' in value) || !('to' in value)) return undefined
    const { at, to } = value
    return typeof at === 'number' && typeof to === 'string' ? { at, to } : undefined
  } catch {
    return undefined
  }
}

const home = '/app'
const pathMax = 2000

/**
 * A path of our pages; whatever else was asked for becomes the home page, so that no link of ours leads to another site. A
 * browser would read `//host`, `/\host` and `/app/..//host` as one.
 */
export function ownPath(to: string | undefined): string {
  if (to === undefined || to.length > pathMax || !to.startsWith('/') || !URL.canParse(to, 'http://here.invalid'))
    return home
  const url = new URL(to, 'http://here.invalid')
  if (url.host !== 'here.invalid' || url.username !== '') return home
  const isPage = url.pathname === home || (url.pathname.startsWith('/app/') && !url.pathname.startsWith('/app/api/'))
  return isPage ? `${url.pathname}${url.search}${url.hash}` : home
}
