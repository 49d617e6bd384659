/** Enough to offer an invitation; the server knows the rule. */
export function isEmailAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
}

/**
 * Whom to offer for what was typed: those found, and an invitation to the address if nobody found has it.
 * @param found undefined while the answer is not there, when nothing can be said about the address
 */
export function offers<Person extends { email: string }>(
  found: Person[] | undefined,
  search: string,
): { people: Person[]; invitable: string | undefined } {
  if (!found) return { people: [], invitable: undefined }
  const isKnown = found.some(({ email }) => email.toLowerCase() === search.toLowerCase())
  return { people: found, invitable: isEmailAddress(search) && !isKnown ? search : undefined }
}
