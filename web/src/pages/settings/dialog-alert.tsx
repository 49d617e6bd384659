import { type ReactNode, useEffect, useRef } from 'react'

/** What went wrong, at the top of a dialog, whose body may be scrolled away from it. */
export function DialogAlert({ error, children }: { error: unknown; children: ReactNode }) {
  const alert = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (error) alert.current?.scrollIntoView({ block: 'nearest' })
  }, [error])
  return (
    <div role="alert" ref={alert}>
      {children}
    </div>
  )
}
