import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accessOf, type Caller } from '../access/caller.ts'
import { publicAccess, signedInAccess } from '../access/route-access.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import { refuseCrossSite } from '../http/cross-site.ts'
import { NoContent, ProblemDetails, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import type { Attempts } from './attempts.ts'
import { askerOf, peopleBodyLimitBytes, signedIn } from './auth.routes.ts'
import type { Auth } from './auth.ts'
import { invitationState } from './invitation.ts'
import {
  findInvitation,
  type InvitationRow,
  invitationsBy,
  managesATeam,
  withdrawInvitation,
} from './invitations.queries.ts'
import type { Invitations } from './invitations.ts'
import type { SendMail } from './mail.ts'
import {
  AcceptInvitation,
  Invitation,
  InvitationParams,
  MadeInvitation,
  NewInvitation,
  SignedIn,
} from './people.schemas.ts'

export type InvitationsRoutesDeps = {
  db: Db
  auth: Auth
  attempts: Attempts
  invitations: Invitations
  sendMail: SendMail
  clock: Clock
  config: Pick<Config, 'publicUrl'>
  /** Where browsers find this server, without a slash at its end. Never from a request: its Host may be anybody's. */
  address(): string
}

type User = Extract<Caller, { kind: 'user' }>

/** Inviting people, and accepting an invitation. */
export function invitationsRoutes(deps: InvitationsRoutesDeps): FastifyPluginAsyncTypebox {
  const { db, auth, attempts, invitations, clock, config } = deps
  return async (app) => {
    app.post(
      '/invitations',
      {
        config: { access: signedInAccess },
        bodyLimit: peopleBodyLimitBytes,
        schema: {
          operationId: 'invite',
          tags: ['people'],
          description:
            'Invites somebody to make an account. For the owner of this server and for whoever manages the team of a form: they give roles, and nobody can be given one without an account.',
          body: NewInvitation,
          response: { 201: ref(MadeInvitation), 409: ref(ProblemDetails) },
        },
      },
      async (request, reply) => {
        const user = await inviterOf(db, request)
        await attempts.invitation(user.id)
        return reply.code(201).send(await invite(deps, request.body.email.toLowerCase(), user))
      },
    )

    app.get(
      '/invitations',
      {
        config: { access: signedInAccess },
        schema: {
          operationId: 'listInvitations',
          tags: ['people'],
          description: 'One’s own invitations, newest first; everybody’s for the owner of this server. 1,000 at most.',
          response: { 200: Type.Array(ref(Invitation)) },
        },
      },
      async (request) => {
        const rows = await invitationsBy(db, ownOnly(userOf(request)))
        return rows.map((row) => toInvitation(row, clock()))
      },
    )

    app.delete(
      '/invitations/:invitationId',
      {
        config: { access: signedInAccess },
        schema: {
          operationId: 'withdrawInvitation',
          tags: ['people'],
          params: InvitationParams,
          response: { 204: NoContent, 409: ref(ProblemDetails) },
        },
      },
      async (request, reply) => {
        const { invitationId } = request.params
        const found = await findInvitation(db, invitationId, ownOnly(userOf(request)))
        if (!found) throw problems.notFound('invitation')
        const withdrawn = await withdrawInvitation(db, invitationId, new Date(clock()))
        if (!withdrawn && !found.withdrawn_at) throw problems.conflict('The invitation was accepted already.')
        return reply.code(204).send(null)
      },
    )

    app.post(
      '/invitations/accept',
      {
        config: { access: publicAccess },
        bodyLimit: peopleBodyLimitBytes,
        onRequest: refuseCrossSite({ publicUrl: config.publicUrl, always: true }),
        schema: {
          operationId: 'acceptInvitation',
          tags: ['people'],
          description: 'Makes the account that the invitation is for, and signs it in. Works once.',
          body: AcceptInvitation,
          response: { 201: SignedIn, 409: ref(ProblemDetails) },
        },
      },
      async (request, reply) => {
        const { token, name, password } = request.body
        const email = await attempts.atLink(request.ip, () => accept(invitations, token, { name, password }))
        return signedIn(db, reply.code(201), await auth.signIn(askerOf(request), { email, password }), email)
      },
    )
  }
}

async function accept(invitations: Invitations, token: string, person: { name: string; password: string }) {
  const outcome = await invitations.accept(token, person)
  if (outcome.kind === 'accepted') return outcome.email
  if (outcome.kind === 'has account') throw problems.conflict('There is an account already. Sign in with it.')
  throw problems.deadLink('The invitation was used, was withdrawn or is older than 7 days. Ask for a new one.')
}

async function invite({ invitations, sendMail, address, clock }: InvitationsRoutesDeps, email: string, user: User) {
  const made = await invitations.invite(email, user.id)
  if (made.kind === 'has account') throw problems.conflict('This e-mail address has an account already.')
  const link = `${address()}/app/accept-invitation#token=${made.token}`
  const times = { created_at: made.createdAt, expires_at: made.expiresAt, accepted_at: null, withdrawn_at: null }
  const row = { id: made.id, email, invited_by: user.id, inviter_email: user.email, ...times }
  const mailed = await sendMail({ to: email, subject: 'Your invitation to Formgate', text: invitationText(user, link) })
  return { ...toInvitation(row, clock()), link, mailed }
}

function invitationText(user: User, link: string): string {
  return `${user.name} (${user.email}) invites you to Formgate.\n\nMake your account within 7 days:\n${link}\n`
}

function userOf(request: FastifyRequest): User {
  const { caller } = accessOf(request)
  if (caller.kind !== 'user') throw problems.unauthorized()
  return caller
}

async function inviterOf(db: Db, request: FastifyRequest): Promise<User> {
  const user = userOf(request)
  if (user.serverOwner || (await managesATeam(db, user.id))) return user
  throw problems.forbidden('Only the owner of this server and those who manage the team of a form may invite people.')
}

/** The owner of the server sees and withdraws everybody's. */
function ownOnly(user: User): string | undefined {
  return user.serverOwner ? undefined : user.id
}

function toInvitation(row: InvitationRow, now: number) {
  return {
    id: row.id,
    email: row.email,
    state: invitationState(row, now),
    invitedBy: row.inviter_email,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }
}
