import type { onRequestHookHandler } from 'fastify'
import { carriesSession } from '../people/session-cookie.ts'
import { problems } from '../problem.ts'

export type Origin = {
  method: string
  /** The Sec-Fetch-Site header, which no page can forge. */
  secFetchSite: string | undefined
  origin: string | undefined
  /** The host and port that the browser was asked for. */
  host: string
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a page of another origin makes this request and could change something by it. Browsers say so in Sec-Fetch-Site
 * (W3C Fetch Metadata) or, where they send none (http beyond localhost), in Origin (RFC 6454 §7). Programs send neither.
 * @param publicOrigin our own origin as browsers see it, for proxies that pass another Host on
 */
export function isCrossSite(request: Origin, publicOrigin: string | undefined): boolean {
  const { method, secFetchSite, origin, host } = request
  if (safeMethods.has(method)) return false
  // `same-site` is another origin: a neighbouring sub-domain, or another port of this machine.
  if (secFetchSite !== undefined) return secFetchSite !== 'same-origin' && secFetchSite !== 'none'
  if (origin === undefined || origin === publicOrigin) return false
  return !URL.canParse(origin) || new URL(origin).host !== host.toLowerCase()
}

export type CrossSiteOptions = {
  publicUrl: URL | undefined /** Look at every request, not only those with a session */
  always?: boolean
}

/** Refuses cross-site requests that would act in the name of whoever is signed in; SameSite=Lax is the first line, this the second. */
export function refuseCrossSite({ publicUrl, always = false }: CrossSiteOptions): onRequestHookHandler {
  return (request, _reply, done) => {
    if (!always && !carriesSession(request.headers.cookie)) return done()
    const { 'sec-fetch-site': secFetchSite, origin } = request.headers
    const seen: Origin = {
      method: request.method,
      secFetchSite: typeof secFetchSite === 'string' ? secFetchSite : undefined,
      origin,
      host: request.host,
    }
    if (isCrossSite(seen, publicUrl?.origin)) throw problems.crossSite()
    done()
  }
}
