import { isUuid } from '../http/uuid.ts'

export type BasicCredentials = { formId: string; secret: string }
export type BasicReading =
  | { kind: 'none' }
  | { kind: 'malformed' }
  | { kind: 'credentials'; credentials: BasicCredentials }

const utf8 = new TextDecoder('utf-8', { fatal: true })
const base64 = /^[A-Za-z0-9+/]+={0,2}$/

/**
 * Reads an Authorization header of the Basic scheme (RFC 7617): the scheme's name in any case, UTF-8, and a password that
 * may hold colons. Only a well-formed form id gets out: guards run before validation, and a malformed id would fail in SQL.
 */
export function readBasic(header: string | undefined): BasicReading {
  const [, token] = /^basic(?: +(.*?))? *$/i.exec(header ?? '') ?? []
  if (header === undefined || !isBasic(header)) return { kind: 'none' }
  const text = token === undefined ? undefined : decode(token)
  const colon = text?.indexOf(':') ?? -1
  if (text === undefined || colon < 0) return { kind: 'malformed' }
  const formId = text.slice(0, colon).toLowerCase()
  return isUuid(formId)
    ? { kind: 'credentials', credentials: { formId, secret: text.slice(colon + 1) } }
    : { kind: 'malformed' }
}

/** Whether the scheme is Basic, however broken what follows is: the name ends where RFC 9110's token ends. */
function isBasic(header: string): boolean {
  return /^basic(?![\w!#$%&'*+.^`|~-])/i.test(header)
}

function decode(token: string): string | undefined {
  if (!base64.test(token)) return undefined
  try {
    return utf8.decode(Buffer.from(token, 'base64'))
  } catch {
    return undefined
  }
}
