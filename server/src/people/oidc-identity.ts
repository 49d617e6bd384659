/** Who somebody is by the word of a provider. */
export type Identity = {
  issuer: string
  /** The provider's id of the person, which never changes and is never given to another. */
  subject: string
  /** In lower case; undefined where the provider tells none that could be one. */
  email: string | undefined
  emailVerified: boolean
  name: string | undefined
}

/** What a provider says of somebody; nothing of it has the type that it should until that was looked at. */
export type Claims = Record<string, unknown>

const emailMax = 254
const nameMax = 200

/** @param trustEmail whether an address of which the provider does not say whether it was verified counts as verified */
export function identityOf(claims: Claims, issuer: string, subject: string, trustEmail: boolean): Identity {
  const { email, email_verified: verified } = claims
  const address = typeof email === 'string' ? email.trim().toLowerCase() : ''
  const isAddress = address.length <= emailMax && /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(address)
  // Some providers write the boolean as text.
  const isVerified = verified === true || verified === 'true' || (verified === undefined && trustEmail)
  return {
    issuer,
    subject,
    email: isAddress ? address : undefined,
    emailVerified: isAddress && isVerified,
    name: nameIn(claims),
  }
}

function nameIn({ name, given_name: given, family_name: family, preferred_username: username }: Claims) {
  const parts = [given, family].map(cleaned).filter((part) => part !== undefined)
  return cleaned(name) ?? cleaned(parts.join(' ')) ?? cleaned(username)
}

/** Names stand in mails and in records: no line breaks, and not nothing. */
function cleaned(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  return (
    text
      .replaceAll(/\p{Cc}+|\p{Cs}/gu, ' ')
      .trim()
      .slice(0, nameMax) || undefined
  )
}
