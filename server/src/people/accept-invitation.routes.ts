import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { publicAccess, signedInAccess } from '../access/route-access.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import { refuseCrossSite } from '../http/cross-site.ts'
import { ProblemDetails, ref } from '../http/schemas.ts'
import { problems } from '../problem.ts'
import type { Attempts } from './attempts.ts'
import { askerOf, peopleBodyLimitBytes, signedIn, userOf } from './auth.routes.ts'
import type { Auth } from './auth.ts'
import type { Invitations } from './invitations.ts'
import {
  AcceptedInvitation,
  AcceptInvitation,
  InvitationForGuest,
  InvitationLink,
  JoinedByInvitation,
} from './people.schemas.ts'

export type AcceptInvitationRoutesDeps = {
  db: Db
  auth: Auth
  attempts: Attempts
  invitations: Invitations
  config: Pick<Config, 'publicUrl'>
}

/** What somebody does who has the link of an invitation. */
export function acceptInvitationRoutes(deps: AcceptInvitationRoutesDeps): FastifyPluginAsyncTypebox {
  const { db, auth, attempts, invitations, config } = deps
  return async (app) => {
    app.addHook('onRequest', refuseCrossSite({ publicUrl: config.publicUrl, always: true }))

    app.post(
      '/invitations/look-up',
      {
        config: { access: publicAccess },
        bodyLimit: peopleBodyLimitBytes,
        schema: {
          operationId: 'lookUpInvitation',
          tags: ['people'],
          description: 'Whom the invitation of a link is for. A POST, so that the token stays out of logs.',
          body: InvitationLink,
          response: { 200: InvitationForGuest },
        },
      },
      async (request) => {
        const found = await attempts.atLink(request.ip, async () => {
          const invitation = await invitations.lookUp(request.body.token)
          if (!invitation) throw deadInvitation()
          return invitation
        })
        const { email, inviter, form_name: formName, expires_at: expiresAt } = found
        return { email, invitedBy: inviter?.name ?? null, formName, expiresAt: expiresAt.toISOString() }
      },
    )

    app.post(
      '/invitations/accept',
      {
        config: { access: publicAccess },
        bodyLimit: peopleBodyLimitBytes,
        schema: {
          operationId: 'acceptInvitation',
          tags: ['people'],
          description:
            'Makes the account that the invitation is for, with the roles that come with it, and signs it in. Works once.',
          body: AcceptInvitation,
          response: { 201: AcceptedInvitation, 409: ref(ProblemDetails) },
        },
      },
      async (request, reply) => {
        const { token, name, password } = request.body
        const { email, formId } = await attempts.atLink(request.ip, () =>
          accept(invitations, token, { name, password }),
        )
        const cookies = await auth.signIn(askerOf(request), { email, password })
        return { ...(await signedIn(db, reply.code(201), cookies, email)), formId: formId ?? null }
      },
    )

    app.post(
      '/invitations/join',
      {
        config: { access: signedInAccess },
        bodyLimit: peopleBodyLimitBytes,
        schema: {
          operationId: 'joinByInvitation',
          tags: ['people'],
          description:
            'Gives the roles of an invitation to whoever is signed in, if it is for this e-mail address: for people who have got an account in another way since. Works once.',
          body: InvitationLink,
          response: { 200: JoinedByInvitation },
        },
      },
      async (request) => {
        const formId = await attempts.atLink(request.ip, () => join(invitations, request.body.token, userOf(request)))
        return { formId: formId ?? null }
      },
    )
  }
}

async function join(invitations: Invitations, token: string, person: { id: string; email: string }) {
  const outcome = await invitations.join(token, person)
  if (outcome.kind === 'joined') return outcome.formId
  if (outcome.kind === 'dead link') throw deadInvitation()
  throw problems.forbidden(`The invitation is for ${outcome.email}. Sign in with that account to join.`)
}

async function accept(invitations: Invitations, token: string, person: { name: string; password: string }) {
  const outcome = await invitations.accept(token, person)
  if (outcome.kind === 'accepted') return outcome
  if (outcome.kind === 'has account') throw problems.conflict('There is an account already. Sign in with it.')
  throw deadInvitation()
}

function deadInvitation() {
  return problems.deadLink('The invitation was used, was withdrawn or is older than 7 days. Ask for a new one.')
}
