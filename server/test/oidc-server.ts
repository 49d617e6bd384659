import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export type Claims = { email?: string; email_verified?: boolean; name?: string }

export type OidcServer = {
  issuer: URL
  clientId: string
  clientSecret: string
  /** What the provider says of a person from now on. */
  describe(subject: string, claims: Claims): void
  close(): Promise<void>
}

const [clientId, clientSecret] = ['formgate', 'a secret of the client, long enough']
/** This one sends its secret in the body. */
export const postingClientId = 'formgate-post'

const seconds = 600

/** A real OpenID Connect provider on this machine, with the sign-in pages that it has for development. */
export async function openOidcServer(redirectUri: string, port = 0): Promise<OidcServer> {
  const people = new Map<string, Claims>()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  // A server on a TCP port has an address of this kind.
  const issuer = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const client = { client_secret: clientSecret, redirect_uris: [redirectUri], grant_types: ['authorization_code'] }
  const provider = quietly(
    () =>
      new Provider(issuer.origin, {
        clients: [
          { ...client, client_id: clientId },
          { ...client, client_id: postingClientId, token_endpoint_auth_method: 'client_secret_post' },
        ],
        pkce: { required: () => true },
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
        cookies: { keys: ['a key for tests'] },
        ttl: { Interaction: seconds, Session: seconds, Grant: seconds, AccessToken: seconds, IdToken: seconds },
        findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
      }),
  )
  const answer = provider.callback()
  server.on('request', (request, response) => void answer(request, response))

  return {
    issuer,
    clientId,
    clientSecret,
    describe: (subject, claims) => void people.set(subject, claims),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** It warns of its own pages and keys for development; those are what we want here. */
function quietly<T>(make: () => T): T {
  const { warn, info } = console
  Object.assign(console, { warn: () => undefined, info: () => undefined })
  try {
    return make()
  } finally {
    Object.assign(console, { warn, info })
  }
}
