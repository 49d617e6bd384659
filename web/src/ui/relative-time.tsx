import { useEffect, useReducer } from 'react'
import { OverlayTrigger, Tooltip } from 'react-bootstrap'
import { useFormat } from '../i18n/format.ts'

/** "3 minutes ago", with the full time on hover and focus. */
export function RelativeTime({ at }: { at: string }) {
  const format = useFormat()
  const [, refresh] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    const timer = setInterval(refresh, 30_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <OverlayTrigger overlay={<Tooltip>{format.fullTime(at)}</Tooltip>}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the full time is shown on focus too. */}
      <time dateTime={at} tabIndex={0}>
        {format.ago(at)}
      </time>
    </OverlayTrigger>
  )
}
