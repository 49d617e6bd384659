/**
 * Where to go after signing in: a path of ours, whatever the address says. Anything that a browser could take for another
 * host (`//host`, a backslash, a control character) leads home.
 */
export function returnPath(to: string | undefined): string {
  if (to === undefined || !/^\/app(?:[/?#]|$)/.test(to) || /[\\\p{Cc}]/u.test(to)) return '/app'
  // Back to a page that is about signing in would lead in a circle.
  if (/^\/app\/(?:sign-in|sign-up|set-up|accept-invitation)(?:[/?#]|$)/.test(to)) return '/app'
  return to
}

/** Whether the owners' app shows this path; others, such as the page to fill in, are documents of their own. */
export function isAppPath(path: string): boolean {
  return !/^\/app\/(?:api|form\/submit|frame)(?:[/?#]|$)/.test(path)
}
