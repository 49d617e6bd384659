import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { publicAccess } from '../access/route-access.ts'
import type { Clock, RandomBytes } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import { ProblemDetails, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import { askerOf, setCookies } from './auth.routes.ts'
import type { Auth } from './auth.ts'
import { admit, type Refusal } from './oidc-admission.ts'
import { beginFlow, flowLifeMs, oidcCallbackPath, oidcStartPath, ownPath, readFlow } from './oidc-flow.ts'
import type { OidcFailure, OidcProvider } from './oidc-provider.ts'
import { cookieNamed } from './session-cookie.ts'

export type OidcRoutesDeps = {
  db: Db
  auth: Auth
  provider: OidcProvider | undefined
  config: Pick<Config, 'publicUrl' | 'signUp' | 'oidc'>
  sign(text: string): string
  clock: Clock
  random: RandomBytes
  /** Where browsers find this server, without a slash at its end. Never from a request: its Host may be anybody's. */
  address(): string
}

/** What the sign-in page is told to explain; the page knows each of them. */
type SignInProblem = OidcFailure | Refusal | 'oidc_expired'

const StartQuery = Type.Object({
  to: Type.Optional(Type.String({ description: 'Where to go afterwards: a path below `/app`' })),
})

/** Signing in with a provider: out to it, and back. */
export function oidcRoutes(deps: OidcRoutesDeps): FastifyPluginAsyncTypebox {
  const { db, auth, provider, config, sign, clock, random, address } = deps
  const cookie = cookieFor(config)
  const signUp = config.signUp === 'open' ? 'open' : (config.oidc?.signUp ?? 'invited')

  return async (app) => {
    app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'))

    app.get(
      oidcStartPath,
      {
        config: { access: publicAccess },
        // A HEAD, as link checkers send it, begins nothing.
        exposeHeadRoute: false,
        schema: {
          operationId: 'startProviderSignIn',
          tags: ['people'],
          description:
            'For browsers: leads to the provider, which leads back. What goes wrong ends on the sign-in page with `?problem=` and a code.',
          querystring: StartQuery,
          response: { 302: Type.Null({ description: 'On to the provider' }), 404: ref(ProblemDetails) },
        },
      },
      async (request, reply) => {
        if (!provider) throw problems.notFound('way to sign in')
        const { flow, cookie: value } = beginFlow(ownPath(request.query.to), { random, sign, now: clock() })
        const authorization = await provider.authorizationUrl(flow, address() + oidcCallbackPath)
        if (authorization.kind === 'failed') return toSignInPage(reply, authorization.problem, flow.to)
        reply.header('set-cookie', cookie.set(request, value))
        return reply.redirect(authorization.url.href)
      },
    )

    // Not in the document: the provider alone sends people here.
    app.get(
      oidcCallbackPath,
      { config: { access: publicAccess }, exposeHeadRoute: false, schema: { hide: true } },
      async (request, reply) => {
        if (!provider) throw problems.notFound('way to sign in')
        const returnedTo = new URL(address() + oidcCallbackPath)
        returnedTo.search = queryOf(request)
        const flow = readFlow(cookie.read(request), { sign, now: clock() })
        // Each trip has one return: the code in the address is worth nothing without the cookie.
        reply.header('set-cookie', cookie.remove(request))
        if (!flow || returnedTo.searchParams.get('state') !== flow.state) {
          return toSignInPage(reply, 'oidc_expired', flow?.to)
        }
        const identified = await provider.identify(flow, returnedTo)
        if (identified.kind === 'failed') return toSignInPage(reply, identified.problem, flow.to)
        const admission = await admit({ db, clock, signUp }, identified.identity)
        if (admission.kind === 'refused') return toSignInPage(reply, admission.problem, flow.to)
        setCookies(reply, await auth.signInAs(askerOf(request), admission.userId))
        return reply.redirect(flow.to)
      },
    )
  }
}

function toSignInPage(reply: FastifyReply, problem: SignInProblem, to = '/app') {
  const query = new URLSearchParams({ problem, ...(to === '/app' ? {} : { to }) })
  return reply.redirect(`/app/sign-in?${query}`)
}

function queryOf({ url }: FastifyRequest): string {
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at)
}

/** The cookie of a trip. Lax, for it must come along when the provider sends the browser back. */
function cookieFor({ publicUrl }: Pick<Config, 'publicUrl'>) {
  const isSecure = (request: FastifyRequest) => request.protocol === 'https' || publicUrl?.protocol === 'https:'
  const nameFor = (request: FastifyRequest) => `${isSecure(request) ? '__Secure-' : ''}formgate.oidc`
  const line = (request: FastifyRequest, value: string, seconds: number) =>
    `${nameFor(request)}=${value}; Path=/app/api/auth/oidc; Max-Age=${seconds}; HttpOnly; SameSite=Lax${isSecure(request) ? '; Secure' : ''}`
  return {
    read: (request: FastifyRequest) => cookieNamed(request.headers.cookie, nameFor(request)),
    set: (request: FastifyRequest, value: string) => line(request, value, flowLifeMs / 1000),
    remove: (request: FastifyRequest) => line(request, '', 0),
  }
}
