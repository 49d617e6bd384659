import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'

/** Leads on whoever has nothing to do here. */
export function GoOn({ to }: { to: string }) {
  const router = useRouter()
  useEffect(() => router.history.replace(to), [router, to])
  return null
}
