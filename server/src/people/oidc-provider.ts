import * as client from 'openid-client'
import type { Clock } from '../clock.ts'
import type { OidcConfig } from '../config.ts'
import type { Flow } from './oidc-flow.ts'
import { type Claims, type Identity, identityOf } from './oidc-identity.ts'

/** Why nobody came back from the provider. */
export type OidcFailure = 'oidc_unreachable' | 'oidc_denied' | 'oidc_failed'
export type Identified = { kind: 'identified'; identity: Identity } | { kind: 'failed'; problem: OidcFailure }
export type Authorization = { kind: 'address'; url: URL } | { kind: 'failed'; problem: OidcFailure }

/** The provider that people sign in with (OpenID Connect Core, authorization code flow with PKCE). */
export type OidcProvider = {
  /** Where to send a browser that is to sign in there and come back to `redirectUri`. */
  authorizationUrl(flow: Flow, redirectUri: string): Promise<Authorization>
  /** Who came back. @param returnedTo the address that the provider sent the browser to, with its query */
  identify(flow: Flow, returnedTo: URL): Promise<Identified>
}

export type OidcProviderDeps = { config: OidcConfig; clock: Clock; warn(message: string): void }

/** People wait for its answers. */
const timeoutSeconds = 10
/** After that its addresses are asked for anew; keys that it changes are found at once anyway. */
const rememberedMs = 60 * 60 * 1000

/** Asks the provider for its addresses when the first person comes, so that a provider that is down does not stop our start. */
export function oidcProviderOf({ config, clock, warn }: OidcProviderDeps): OidcProvider {
  let known: { at: number; configuration: Promise<client.Configuration> } | undefined

  /** Asked for once however many people come; a failure is forgotten, so that the next one asks again. */
  function discovered(): Promise<client.Configuration> {
    if (known && clock() - known.at < rememberedMs) return known.configuration
    const asked = { at: clock(), configuration: discover(config) }
    known = asked
    asked.configuration.catch(() => {
      if (known === asked) known = undefined
    })
    return asked.configuration
  }

  async function configuration(): Promise<client.Configuration | undefined> {
    try {
      return await discovered()
    } catch (error) {
      warn(`The OIDC provider ${config.issuer.href} cannot be used: ${reasonOf(error)}`)
      return undefined
    }
  }

  return {
    async authorizationUrl({ state, nonce, codeVerifier }, redirectUri) {
      const found = await configuration()
      if (!found) return { kind: 'failed', problem: 'oidc_unreachable' }
      const url = client.buildAuthorizationUrl(found, {
        redirect_uri: redirectUri,
        scope: config.scopes,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      })
      return { kind: 'address', url }
    },
    async identify({ state, nonce, codeVerifier }, returnedTo) {
      const found = await configuration()
      if (!found) return { kind: 'failed', problem: 'oidc_unreachable' }
      try {
        const tokens = await client.authorizationCodeGrant(found, returnedTo, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        })
        return { kind: 'identified', identity: await identify(found, tokens, config) }
      } catch (error) {
        if (isDenial(error)) return { kind: 'failed', problem: 'oidc_denied' }
        warn(`Signing in with ${config.issuer.href} failed: ${reasonOf(error)}`)
        return { kind: 'failed', problem: 'oidc_failed' }
      }
    },
  }
}

function discover({ issuer, clientId, clientSecret, clientAuth }: OidcConfig): Promise<client.Configuration> {
  const authentication =
    clientAuth === 'basic' ? client.ClientSecretBasic(clientSecret) : client.ClientSecretPost(clientSecret)
  // The configuration lets http through for this machine alone.
  const execute = [
    client.enableNonRepudiationChecks,
    ...(issuer.protocol === 'http:' ? [client.allowInsecureRequests] : []),
  ]
  return client.discovery(issuer, clientId, undefined, authentication, { execute, timeout: timeoutSeconds })
}

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>

/** Many providers keep name and address out of the token, and give them when asked (OpenID Connect Core §5.4). */
async function identify(found: client.Configuration, tokens: Tokens, config: OidcConfig): Promise<Identity> {
  const claims = tokens.claims()
  if (!claims) throw new Error('The provider gave no ID token.')
  const complete = claims.email !== undefined && claims.email_verified !== undefined && claims.name !== undefined
  const more: Claims =
    complete || found.serverMetadata().userinfo_endpoint === undefined
      ? {}
      : await client.fetchUserInfo(found, tokens.access_token, claims.sub)
  return identityOf({ ...more, ...claims }, claims.iss, claims.sub, config.trustEmail)
}

const denials = new Set(['access_denied', 'consent_required', 'interaction_required', 'login_required'])

function isDenial(error: unknown): boolean {
  return error instanceof client.AuthorizationResponseError && denials.has(error.error)
}

/** What an operator needs to find the cause, without codes and tokens. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason'
  const told = error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError
  const code = told ? error.error : 'code' in error ? String(error.code) : ''
  const cause = error.cause instanceof Error ? error.cause.message : ''
  return [error.message, code, cause].filter(Boolean).join('; ')
}
