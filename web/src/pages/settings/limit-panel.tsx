import { useEffect, useReducer } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import type { ApiKeySummary } from './api-key-queries.ts'
import { RaisedLimit } from './raised-limit.tsx'

type RateLimit = ApiKeySummary['rateLimit']
type LimitPanelProps = {
  rateLimit: RateLimit
  /** When the server said so, by this machine's clock. */
  at: number
  exists: boolean
}

/** How often the key may call, where it stands now, and what the headers of every reply say about it. */
export function LimitPanel({ rateLimit, at, exists }: LimitPanelProps) {
  const { t } = useTranslation('api-key')
  const now = useStanding(rateLimit, at)
  const { limit, windowSeconds: seconds } = rateLimit
  return (
    <section className="panel" aria-labelledby="limit">
      <h2 id="limit">{t('limitTitle')}</h2>
      <p className="mb-1">
        {seconds === 60 ? t('limitPerMinute', { count: limit }) : t('limitInSeconds', { count: limit, seconds })}
      </p>
      {exists && <Now {...now} limit={limit} />}
      <p className="small" dir="ltr">
        <code className="d-block">{`RateLimit-Policy: ${limit};w=${seconds}`}</code>
        {exists && now.resetSeconds > 0 && (
          <code className="d-block">{`RateLimit: limit=${limit}, remaining=${now.remaining}, reset=${now.resetSeconds}`}</code>
        )}
      </p>
      <details className="limit-headers text-width">
        <summary>{t('headersQuestion')}</summary>
        <Headers rateLimit={rateLimit} />
      </details>
      <RaisedLimit />
    </section>
  )
}

function Now({ remaining, resetSeconds, limit }: { remaining: number; resetSeconds: number; limit: number }) {
  const { t } = useTranslation('api-key')
  const format = useFormat()
  const left = format.number(remaining)
  return (
    <p className="mb-1">
      {resetSeconds === 0
        ? t('nowAll', { left: format.number(limit) })
        : remaining === 0
          ? t('nowNone', { count: resetSeconds })
          : t('nowSome', { left, count: resetSeconds })}
    </p>
  )
}

/** Explained with this form's own figures. */
function Headers({ rateLimit: { limit, windowSeconds } }: { rateLimit: RateLimit }) {
  const { t } = useTranslation('api-key')
  const example = { remaining: Math.max(0, limit - 2), reset: Math.ceil(windowSeconds * 0.7) }
  return (
    <>
      <p className="mt-2">{t('headersIntro')}</p>
      <dl>
        <dt>
          <code dir="ltr">{`RateLimit-Policy: ${limit};w=${windowSeconds}`}</code>
        </dt>
        <dd>{t('headerPolicy', { count: limit, seconds: windowSeconds })}</dd>
        <dt>
          <code dir="ltr">{`RateLimit: limit=${limit}, remaining=${example.remaining}, reset=${example.reset}`}</code>
        </dt>
        <dd>{t('headerRateLimit', { limit, ...example })}</dd>
        <dt>
          <code dir="ltr">429 Too Many Requests</code>, <code dir="ltr">{`Retry-After: ${example.reset}`}</code>
        </dt>
        <dd>{t('headerRetryAfter', { seconds: example.reset })}</dd>
      </dl>
      <p>{t('headersShared')}</p>
      <p className="mb-0">{t('headersContainers')}</p>
    </>
  )
}

/** The figures of the server, counted down since; when the window is over all calls are there again. */
function useStanding({ remaining, resetSeconds, limit }: RateLimit, at: number) {
  const [, tick] = useReducer((count: number) => count + 1, 0)
  const left = Math.max(0, Math.ceil(resetSeconds - (Date.now() - at) / 1000))
  useEffect(() => {
    if (left === 0) return
    const timer = setInterval(tick, 1000)
    return () => clearInterval(timer)
  }, [left])
  return left === 0 ? { remaining: limit, resetSeconds: 0 } : { remaining, resetSeconds: left }
}
