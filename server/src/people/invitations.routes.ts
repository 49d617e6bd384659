import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Caller } from '../access/caller.ts'
import { formAccess, signedInAccess } from '../access/route-access.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/database.ts'
import { FormParams, NoContent, ProblemDetails, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import type { Attempts } from './attempts.ts'
import { peopleBodyLimitBytes, userOf } from './auth.routes.ts'
import { invitationState } from './invitation.ts'
import {
  findInvitation,
  type InvitationRow,
  invitationsBy,
  invitationsToForm,
  managesATeam,
  withdrawInvitation,
} from './invitations.queries.ts'
import type { Invitations } from './invitations.ts'
import type { InvitedTo } from './invited-roles.ts'
import type { SendMail } from './mail.ts'
import { Invitation, InvitationParams, MadeInvitation, NewInvitation } from './people.schemas.ts'

export type InvitationsRoutesDeps = {
  db: Db
  attempts: Attempts
  invitations: Invitations
  sendMail: SendMail
  clock: Clock
  /** Where browsers find this server, without a slash at its end. Never from a request: its Host may be anybody's. */
  address(): string
}

type User = Extract<Caller, { kind: 'user' }>

/** Inviting people. */
export function invitationsRoutes(deps: InvitationsRoutesDeps): FastifyPluginAsyncTypebox {
  const { db, attempts, clock } = deps
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
            'Invites somebody to make an account, and with `formId` and `roles` to join the team of that form. For the owner of this server and for whoever manages the team of a form: they give roles, and nobody can be given one without an account. With a form: for whoever may give these roles on it.',
          body: NewInvitation,
          response: { 201: ref(MadeInvitation), 409: ref(ProblemDetails) },
        },
      },
      async (request, reply) => {
        const { email, formId, roles } = request.body
        const invitedTo = invitedToIn(formId, roles)
        const user = invitedTo ? userOf(request) : await inviterOf(db, request)
        await attempts.invitation(user.id)
        return reply.code(201).send(await invite(deps, email.toLowerCase(), user, invitedTo))
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

    app.get(
      '/forms/:formId/invitations',
      {
        config: { access: formAccess(['team_read']) },
        schema: {
          operationId: 'listFormInvitations',
          tags: ['people'],
          description: 'The invitations to the team of a form, newest first. 1,000 at most.',
          params: FormParams,
          response: { 200: Type.Array(ref(Invitation)) },
        },
      },
      async (request) => {
        const rows = await invitationsToForm(db, request.params.formId.toLowerCase())
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
          description: 'For whoever invited, whoever manages the team that it leads to, and the owner of this server.',
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
  }
}

async function invite(
  { db, invitations, sendMail, address, clock }: InvitationsRoutesDeps,
  email: string,
  user: User,
  invitedTo: InvitedTo | undefined,
) {
  const made = await invitations.invite(email, user.id, invitedTo)
  if (made.kind === 'forbidden') throw problems.forbidden(made.reason)
  if (made.kind === 'has account') throw problems.conflict('This e-mail address has an account already.')
  const row = await findInvitation(db, made.id, undefined)
  if (!row) throw problems.notFound('invitation')
  const link = `${address()}/app/accept-invitation#token=${made.token}`
  const text = invitationText(user, row.form_name, link)
  const mailed = await sendMail({ to: email, subject: 'Your invitation to Formgate', text })
  return { ...toInvitation(row, clock()), link, mailed }
}

function invitationText(user: User, formName: string | null, link: string): string {
  const what = formName === null ? 'Formgate' : `work on the form “${formName}” in Formgate`
  return `${user.name} (${user.email}) invites you to ${what}.\n\nMake your account within 7 days:\n${link}\n`
}

/** A form without roles would let nobody in, and roles without a form mean nothing. */
function invitedToIn(formId: string | undefined, roles: readonly string[] | undefined): InvitedTo | undefined {
  if (formId !== undefined && roles !== undefined) {
    return { formId: formId.toLowerCase(), roles: [...new Set(roles)] }
  }
  if (formId === undefined && roles === undefined) return undefined
  const path = formId === undefined ? 'formId' : 'roles'
  throw problems.invalidBody([{ path, message: 'is missing: formId and roles go together' }])
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
    formId: row.form_id,
    formName: row.form_name,
    roles: row.roles,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }
}
