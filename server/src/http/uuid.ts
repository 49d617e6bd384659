const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Any UUID in its hyphenated form (RFC 9562 §4), whatever its version. */
export function isUuid(text: string): boolean {
  return uuid.test(text)
}
