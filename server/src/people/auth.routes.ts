import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { accessOf, type Caller } from '../access/caller.ts'
import { publicAccess, signedInAccess } from '../access/route-access.ts'
import { type Config, passwordMinLength } from '../config.ts'
import type { Db } from '../db/database.ts'
import { refuseCrossSite } from '../http/cross-site.ts'
import { ProblemDetails, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import type { Attempts } from './attempts.ts'
import type { Asker, Auth, Cookies } from './auth.ts'
import { oidcStartPath } from './oidc-flow.ts'
import { hashPassword } from './password.ts'
import { endSessions, findPersonByEmail, hasAccounts, insertAccount, waysToSignIn } from './people.queries.ts'
import { ChangePassword, CurrentSession, SignedIn, SignedOut, SignIn, SignInOptions, SignUp } from './people.schemas.ts'

export type AuthRoutesDeps = {
  db: Db
  auth: Auth
  attempts: Attempts
  config: Pick<Config, 'publicUrl' | 'signUp' | 'oidc'>
}

/** A name, an address and a password; nobody needs more to sign in. */
export const peopleBodyLimitBytes = 16 * 1024

/** Signing in and out, below `/app/api/auth`. */
export function authRoutes({ db, auth, attempts, config }: AuthRoutesDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    // Always: a page of another site must not sign its visitor in under an account of its own either.
    app.addHook('onRequest', refuseCrossSite({ publicUrl: config.publicUrl, always: true }))
    app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'))

    app.get(
      '/options',
      {
        config: { access: publicAccess },
        schema: {
          operationId: 'getSignInOptions',
          tags: ['people'],
          description: 'Which ways to sign in this server offers, for the pages that show them.',
          response: { 200: SignInOptions },
        },
      },
      async () => ({
        signUp: config.signUp,
        oidc: config.oidc ? { name: config.oidc.name, startPath: oidcStartPath } : null,
        passwordMinLength,
        setUpNeeded: !(await hasAccounts(db)),
      }),
    )

    app.post(
      '/sign-in/email',
      {
        config: { access: publicAccess },
        bodyLimit: peopleBodyLimitBytes,
        schema: { operationId: 'signIn', tags: ['people'], body: SignIn, response: { 200: SignedIn } },
      },
      async (request, reply) => {
        const { email, password } = request.body
        const cookies = await attempts.atPassword(request.ip, email, () =>
          auth.signIn(askerOf(request), { email, password }),
        )
        return signedIn(db, reply, cookies, email)
      },
    )

    app.post(
      '/sign-up/email',
      {
        config: { access: publicAccess },
        bodyLimit: peopleBodyLimitBytes,
        schema: {
          operationId: 'signUp',
          tags: ['people'],
          body: SignUp,
          response: { 201: SignedIn, 409: ref(ProblemDetails) },
        },
      },
      async (request, reply) => {
        const { name, password } = request.body
        const email = request.body.email.toLowerCase()
        if (config.signUp !== 'open') throw problems.signUpClosed('Accounts are made by invitation here.')
        if (!(await hasAccounts(db))) throw problems.signUpClosed('This server is not set up yet.')
        await attempts.atLink(request.ip, async () => {
          const account = { id: randomUUID(), name: name.trim(), email, serverOwner: false }
          const passwordHash = await hashPassword(password)
          const made = await db.transaction().execute((tx) => insertAccount(tx, { ...account, passwordHash }))
          if (!made) throw problems.conflict('This e-mail address has an account. Sign in with it.')
        })
        return signedIn(db, reply.code(201), await auth.signIn(askerOf(request), { email, password }), email)
      },
    )

    app.post(
      '/sign-out',
      {
        config: { access: publicAccess },
        bodyLimit: peopleBodyLimitBytes,
        schema: { operationId: 'signOut', tags: ['people'], response: { 200: SignedOut } },
      },
      async (request, reply) => {
        setCookies(reply, await auth.signOut(askerOf(request)))
        return { success: true }
      },
    )

    app.post(
      '/sign-out-everywhere',
      {
        config: { access: signedInAccess },
        bodyLimit: peopleBodyLimitBytes,
        schema: {
          operationId: 'signOutEverywhere',
          tags: ['people'],
          description: 'Ends all sessions of this person, on every device, this one too.',
          response: { 200: SignedOut },
        },
      },
      async (request, reply) => {
        await endSessions(db, userOf(request).id)
        setCookies(reply, await auth.signOut(askerOf(request)))
        return { success: true }
      },
    )

    app.get(
      '/get-session',
      {
        config: { access: publicAccess },
        schema: {
          operationId: 'getSession',
          tags: ['people'],
          description:
            'Who is signed in, and until when; asking prolongs a session that is in use. `user` is null without one. Operations that need a session answer 401 with the code `unauthorized` when it has ended.',
          response: { 200: CurrentSession },
        },
      },
      async (request, reply) => {
        const { caller } = accessOf(request)
        if (caller.kind !== 'user') return { user: null, expiresAt: null, hasPassword: false, followsProvider: false }
        const { cookies, expiresAt } = await auth.refresh(askerOf(request))
        setCookies(reply, cookies)
        const { password, provider } = await waysToSignIn(db, caller.id)
        const followsProvider = provider && config.oidc !== undefined
        return { user: caller, expiresAt, hasPassword: password, followsProvider }
      },
    )

    app.post(
      '/change-password',
      {
        config: { access: signedInAccess },
        bodyLimit: peopleBodyLimitBytes,
        schema: {
          operationId: 'changePassword',
          tags: ['people'],
          description: 'Ends all other sessions of this person. A wrong present password: 401 `wrong_password`.',
          body: ChangePassword,
          response: { 200: SignedIn, 409: ref(ProblemDetails) },
        },
      },
      async (request, reply) => {
        const caller = userOf(request)
        if (!(await waysToSignIn(db, caller.id)).password) {
          throw problems.conflict('This account has no password; it signs in with the provider.')
        }
        const cookies = await attempts.atPassword(request.ip, caller.email, () =>
          auth.changePassword(askerOf(request), request.body),
        )
        return signedIn(db, reply, cookies, caller.email)
      },
    )
  }
}

/** The person whose session this is, where the guard lets nobody else in. */
export function userOf(request: FastifyRequest): Extract<Caller, { kind: 'user' }> {
  const { caller } = accessOf(request)
  if (caller.kind !== 'user') throw problems.unauthorized()
  return caller
}

export function askerOf(request: FastifyRequest): Asker {
  return { headers: request.headers, https: request.protocol === 'https' }
}

/** Answers with the session's cookie and whose it is. */
export async function signedIn(db: Db, reply: FastifyReply, cookies: Cookies, email: string) {
  const person = await findPersonByEmail(db, email.toLowerCase())
  if (!person) throw problems.wrongPassword()
  setCookies(reply, cookies)
  return { user: person }
}

export function setCookies(reply: FastifyReply, cookies: Cookies): void {
  if (cookies.length > 0) reply.header('set-cookie', cookies)
}
