import { useLocation } from '@tanstack/react-router'

/**
 * What follows `#token=` in the address of a link. It stands behind the `#` so that it is never sent with a request for a
 * page, and so never lands in a log.
 */
export function useLinkToken(): string | undefined {
  const hash = useLocation({ select: (location) => location.hash })
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') || undefined
}
