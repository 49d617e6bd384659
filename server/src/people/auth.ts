import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import type { FindSession } from '../access/guard.ts'
import type { Clock } from '../clock.ts'
import { type Config, passwordMinLength } from '../config.ts'
import type { Db, RunStatement } from '../db/database.ts'
import { problems } from '../problem.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { findPersonBySession } from './people.queries.ts'
import { passwordMaxLength } from './people.schemas.ts'
import { cookiePrefix, sessionTokenIn } from './session-cookie.ts'
import { signInAs } from './sign-in-as.ts'

export type AuthDeps = {
  db: Db
  run: RunStatement
  config: Pick<Config, 'publicUrl'>
  /** Signs with a key derived from SECRET_KEY. */
  sign(text: string): string
  clock: Clock
}

/** What an act on a session needs to know of its request. */
export type Asker = { headers: IncomingHttpHeaders; https: boolean }
/** Header values of `Set-Cookie` for the reply. */
export type Cookies = string[]

export type Auth = {
  /** Who is signed in, in one trip to the database. */
  findSession: FindSession
  signIn(asker: Asker, credentials: { email: string; password: string }): Promise<Cookies>
  /** Makes a session of somebody whom a provider has identified. */
  signInAs(asker: Asker, userId: string): Promise<Cookies>
  signOut(asker: Asker): Promise<Cookies>
  /** Prolongs a session that is in use, and tells when it ends; null where better-auth would not take this cookie here. */
  refresh(asker: Asker): Promise<{ cookies: Cookies; expiresAt: string | null }>
  /** Sets a new password and ends the person's other sessions. */
  changePassword(asker: Asker, passwords: { currentPassword: string; newPassword: string }): Promise<Cookies>
}

/**
 * better-auth behind a small face. Its router is not used: each act that we offer is a route of ours, so nothing else of it
 * can be reached; cross-site requests and too many tries are refused before it is asked.
 */
export function createAuth({ db, run, config, sign, clock }: AuthDeps): Auth {
  const secret = sign('secret of session cookies v1')
  const publicIsHttps = config.publicUrl?.protocol === 'https:'
  const overHttp = apiOver(db, secret, config, false)
  const overHttps = apiOver(db, secret, config, true)
  const apiFor = ({ https }: Asker) => (https || publicIsHttps ? overHttps : overHttp)

  return {
    async findSession(headers) {
      const token = sessionTokenIn(headers.cookie, secret, publicIsHttps)
      const row = token === undefined ? undefined : await findPersonBySession(run, token, new Date(clock()))
      return row && { id: row.id, email: row.email, name: row.name, serverOwner: row.server_owner }
    },
    signIn: (asker, body) =>
      cookiesOf(apiFor(asker).signInEmail({ body, headers: headersOf(asker), returnHeaders: true })),
    signInAs: (asker, userId) =>
      cookiesOf(apiFor(asker).signInAs({ body: { userId }, headers: headersOf(asker), returnHeaders: true })),
    signOut: (asker) => cookiesOf(apiFor(asker).signOut({ headers: headersOf(asker), returnHeaders: true })),
    async refresh(asker) {
      const { headers, response } = await apiFor(asker).getSession({ headers: headersOf(asker), returnHeaders: true })
      return { cookies: headers.getSetCookie(), expiresAt: response?.session.expiresAt.toISOString() ?? null }
    },
    changePassword: (asker, passwords) =>
      cookiesOf(
        apiFor(asker).changePassword({
          body: { ...passwords, revokeOtherSessions: true },
          headers: headersOf(asker),
          returnHeaders: true,
        }),
      ),
  }
}

function apiOver(db: Db, secret: string, config: AuthDeps['config'], secure: boolean) {
  return betterAuth({
    ...tableNames,
    database: { db, type: 'postgres', transaction: true },
    secret,
    baseURL: config.publicUrl?.origin ?? 'http://localhost',
    basePath: '/app/api/auth',
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordMinLength,
      maxPasswordLength: passwordMaxLength,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    plugins: [signInAs],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // It would log who failed to sign in; what we want to know of that stands in our own log.
    logger: { disabled: true },
    advanced: {
      cookiePrefix,
      useSecureCookies: secure,
      ipAddress: { disableIpTracking: true },
      database: { generateId: () => randomUUID(), validateSchema: false },
    },
  }).api
}

const stamps = { createdAt: 'created_at', updatedAt: 'updated_at' }

/** better-auth's tables and columns under our names. */
const tableNames = {
  user: { modelName: 'app_user', fields: { emailVerified: 'email_verified', ...stamps } },
  session: {
    modelName: 'auth_session',
    fields: { userId: 'user_id', expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent', ...stamps },
  },
  account: {
    modelName: 'auth_account',
    fields: {
      userId: 'user_id',
      accountId: 'account_id',
      providerId: 'provider_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      ...stamps,
    },
  },
  verification: { modelName: 'auth_verification', fields: { expiresAt: 'expires_at', ...stamps } },
}

/** Only what better-auth has a use for: from other headers it would derive addresses of its own. */
function headersOf({ headers }: Asker): Headers {
  const { cookie, 'user-agent': userAgent } = headers
  return new Headers({ ...(cookie ? { cookie } : {}), ...(userAgent ? { 'user-agent': userAgent } : {}) })
}

async function cookiesOf(answer: Promise<{ headers: Headers }>): Promise<Cookies> {
  try {
    return (await answer).headers.getSetCookie()
  } catch (error) {
    throw problemOf(error)
  }
}

/** Its 4xx all mean that a password or a session is not right; which one it was stays untold. */
function problemOf(error: unknown): unknown {
  return error instanceof APIError && error.statusCode < 500 ? problems.wrongPassword() : error
}
