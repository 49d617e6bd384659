import { useEffect } from 'react'
import { isSessionLeft } from '../../api/client.ts'

const looksEveryMs = 10_000

/** Looks again and again how a key stands; not while nobody sees it, nor to ask for a password that was refused. */
export function useLooks(look: () => unknown): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden && !isSessionLeft()) look()
    }, looksEveryMs)
    return () => clearInterval(timer)
  }, [look])
}
