import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import type { KeyUsage } from './named-key-queries.ts'
import { type Bar, chartOf, outcomes, outcomesOf } from './usage-figures.ts'

/** Calls by day as bars. For screen readers it is one picture with its gist; all figures stand in the table below. */
export function UsageChart({ usage }: { usage: KeyUsage }) {
  const { t } = useTranslation('named-keys')
  const format = useFormat()
  const { max, bars } = chartOf(usage.days)
  const busiest = bars.reduce((most, bar) => (bar.calls > most.calls ? bar : most), { day: usage.to, calls: 0 })
  const gist = t('chart', {
    from: format.day(usage.from),
    to: format.day(usage.to),
    calls: format.number(usage.total.calls),
    day: format.day(busiest.day),
    most: format.number(busiest.calls),
  })
  return (
    <figure className="usage">
      <Legend total={usage.total} />
      <div className="usage-chart" role="img" aria-label={gist}>
        <span className="usage-max">{format.number(max)}</span>
        <div className="usage-bars">
          {bars.map((bar) => (
            <DayBar key={bar.day} bar={bar} />
          ))}
        </div>
        <div className="usage-days">
          <span>{format.day(usage.from)}</span>
          <span>{format.day(usage.to)}</span>
        </div>
      </div>
    </figure>
  )
}

function DayBar({ bar: { day, calls, parts } }: { bar: Bar }) {
  const { t } = useTranslation('named-keys')
  const format = useFormat()
  return (
    <div className="usage-day" title={t('dayCalls', { day: format.day(day), count: calls })}>
      {parts.map(({ outcome, share }) => (
        <div key={outcome} className={`usage-part usage-${outcome}`} style={{ height: `${share * 100}%` }} />
      ))}
    </div>
  )
}

/** What the colours and hatchings mean, with what each comes to. */
function Legend({ total }: { total: KeyUsage['total'] }) {
  const { t } = useTranslation('named-keys')
  const format = useFormat()
  const counts = outcomesOf(total)
  return (
    <ul className="usage-legend">
      {outcomes
        .filter((outcome) => outcome !== 'serverErrors' || counts.serverErrors > 0)
        .map((outcome) => (
          <li key={outcome}>
            <span className={`usage-swatch usage-${outcome}`} aria-hidden="true" />
            {t(`outcome.${outcome}`)} <strong>{format.number(counts[outcome])}</strong>
          </li>
        ))}
    </ul>
  )
}
