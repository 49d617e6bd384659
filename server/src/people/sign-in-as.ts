import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'

type Body = { userId: string }

/** better-auth wants a schema (standardschema.dev) for its types; nobody but us calls, so there is nothing to check. */
const body = {
  '~standard': {
    version: 1,
    vendor: 'formgate',
    validate: (value: unknown) => ({ value: value as Body }),
    types: undefined as { input: Body; output: Body } | undefined,
  },
} as const

/**
 * Makes a session of somebody who has shown who they are in another way than by a password. better-auth's router is closed,
 * so nothing reaches it but our own code.
 */
export const signInAs = {
  id: 'formgate-sign-in-as',
  endpoints: {
    signInAs: createAuthEndpoint('/formgate/sign-in-as', { method: 'POST', body }, async (context) => {
      const { internalAdapter } = context.context
      const user = await internalAdapter.findUserById(context.body.userId)
      if (!user) throw new APIError('UNAUTHORIZED')
      const session = await internalAdapter.createSession(user.id)
      await setSessionCookie(context, { session, user })
      return context.json({})
    }),
  },
}
