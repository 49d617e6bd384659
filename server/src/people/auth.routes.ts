import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accessOf } from '../access/caller.ts'
import { publicAccess, signedInAccess } from '../access/route-access.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import { refuseCrossSite } from '../http/cross-site.ts'
import { nullable, ProblemDetails, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import type { Attempts } from './attempts.ts'
import type { Asker, Auth, Cookies } from './auth.ts'
import { hashPassword } from './password.ts'
import { findPersonByEmail, hasAccounts, insertAccount } from './people.queries.ts'
import { ChangePassword, Person, SignedIn, SignedOut, SignIn, SignUp } from './people.schemas.ts'

export type AuthRoutesDeps = { db: Db; auth: Auth; attempts: Attempts; config: Pick<Config, 'publicUrl' | 'signUp'> }

/** A name, an address and a password; nobody needs more to sign in. */
export const peopleBodyLimitBytes = 16 * 1024

/** Signing in and out, below `/app/api/auth`. */
export function authRoutes({ db, auth, attempts, config }: AuthRoutesDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    // Always: a page of another site must not sign its visitor in under an account of its own either.
    app.addHook('onRequest', refuseCrossSite({ publicUrl: config.publicUrl, always: true }))
    app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'))

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

    app.get(
      '/get-session',
      {
        config: { access: publicAccess },
        schema: {
          operationId: 'getSession',
          tags: ['people'],
          response: { 200: Type.Object({ user: nullable(ref(Person)) }) },
        },
      },
      async (request, reply) => {
        const { caller } = accessOf(request)
        if (caller.kind !== 'user') return { user: null }
        setCookies(reply, await auth.refresh(askerOf(request)))
        return { user: caller }
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
          body: ChangePassword,
          response: { 200: SignedIn },
        },
      },
      async (request, reply) => {
        const { caller } = accessOf(request)
        if (caller.kind !== 'user') throw problems.unauthorized()
        const cookies = await attempts.atPassword(request.ip, caller.email, () =>
          auth.changePassword(askerOf(request), request.body),
        )
        return signedIn(db, reply, cookies, caller.email)
      },
    )
  }
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

function setCookies(reply: FastifyReply, cookies: Cookies): void {
  if (cookies.length > 0) reply.header('set-cookie', cookies)
}
