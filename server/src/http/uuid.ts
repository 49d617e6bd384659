const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Any UUID in its hyphenated form (RFC 9562 §4), whatever its version. */
export function isUuid(text: string): boolean {
  return uuid.test(text)
}

/** Writes the ids among a path's parameters in small letters, in place: RFC 9562 §4 lets callers write them in capitals. */
export function lowerCaseIds(params: Record<string, string>): void {
  for (const [name, value] of Object.entries(params)) if (isUuid(value)) params[name] = value.toLowerCase()
}
