import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { publicAccess } from '../access/route-access.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import { refuseCrossSite } from '../http/cross-site.ts'
import { problems } from '../problem.ts'
import type { Attempts } from './attempts.ts'
import { askerOf, peopleBodyLimitBytes, signedIn } from './auth.routes.ts'
import type { Auth } from './auth.ts'
import type { FirstAccount } from './first-account.ts'
import { SetUp, SignedIn } from './people.schemas.ts'

export type SetUpRoutesDeps = {
  db: Db
  auth: Auth
  attempts: Attempts
  firstAccount: FirstAccount
  config: Pick<Config, 'publicUrl'>
}

/** Making the first account with the link that the console shows. */
export function setUpRoutes({ db, auth, attempts, firstAccount, config }: SetUpRoutesDeps): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/set-up',
      {
        config: { access: publicAccess },
        bodyLimit: peopleBodyLimitBytes,
        onRequest: refuseCrossSite({ publicUrl: config.publicUrl, always: true }),
        schema: {
          operationId: 'setUp',
          tags: ['people'],
          description: 'Makes the first account, which owns this server, and signs it in. Works once.',
          body: SetUp,
          response: { 201: SignedIn },
        },
      },
      async (request, reply) => {
        const { token, ...registration } = request.body
        await attempts.atLink(request.ip, async () => {
          const outcome = await firstAccount.setUp(token, registration)
          if (outcome !== 'made')
            throw problems.deadLink('The first account was made already, or this is not its link.')
        })
        const { email } = registration
        return signedIn(
          db,
          reply.code(201),
          await auth.signIn(askerOf(request), { email, password: registration.password }),
          email,
        )
      },
    )
  }
}
