import { createHmac, timingSafeEqual } from 'node:crypto'

/** Cookie names that a session may come under; browsers keep the first for https alone (RFC 6265bis §4.1.3.1). */
const secureName = '__Secure-formgate.session_token'
const plainName = 'formgate.session_token'

/** What better-auth puts before the names of its cookies, apart from `__Secure-`. */
export const cookiePrefix = 'formgate'

/** Whether a request carries a cookie that could be a session of ours. */
export function carriesSession(cookieHeader: string | undefined): boolean {
  return cookieHeader?.includes(plainName) ?? false
}

/**
 * The session's token in a Cookie header, if its signature is ours: better-auth writes `token.base64(HMAC-SHA-256)`,
 * percent-encoded. The database holds tokens in plain, and the signature keeps a dump of it from opening sessions.
 * @param secureOnly behind https, a cookie that a page over http has planted must not count
 */
export function sessionTokenIn(
  cookieHeader: string | undefined,
  secret: string,
  secureOnly: boolean,
): string | undefined {
  const signed =
    cookieNamed(cookieHeader, secureName) ?? (secureOnly ? undefined : cookieNamed(cookieHeader, plainName))
  const dot = signed?.lastIndexOf('.') ?? -1
  if (signed === undefined || dot < 1) return undefined
  const token = signed.slice(0, dot)
  const expected = createHmac('sha256', secret).update(token).digest()
  const given = Buffer.from(signed.slice(dot + 1), 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined
}

export function cookieNamed(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name && value !== undefined) return decoded(value)
  }
  return undefined
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}
