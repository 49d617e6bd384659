import { Table } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import type { KeyUsage } from './named-key-queries.ts'
import { outcomes, outcomesOf } from './usage-figures.ts'

/** The chart's figures, newest day first. */
export function UsageTable({ days, total }: Pick<KeyUsage, 'days' | 'total'>) {
  const { t } = useTranslation('named-keys')
  const format = useFormat()
  const shown = outcomes.filter((outcome) => outcome !== 'serverErrors' || outcomesOf(total).serverErrors > 0)
  const cells = (figures: KeyUsage['total']) => (
    <>
      <td>{format.number(figures.calls)}</td>
      {shown.map((outcome) => (
        <td key={outcome}>{format.number(outcomesOf(figures)[outcome])}</td>
      ))}
      <td className="text-nowrap">{format.bytes(figures.bytesSent)}</td>
    </>
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
    <section className="table-frame usage-frame" tabIndex={0} aria-label={t('usageTable')}>
      <Table size="sm" className="usage-table">
        <thead>
          <tr>
            <th scope="col">{t('day')}</th>
            <th scope="col">{t('callsHead')}</th>
            {shown.map((outcome) => (
              <th key={outcome} scope="col">
                {outcome === 'rateLimited' ? t('limitedHead') : t(`outcome.${outcome}`)}
              </th>
            ))}
            <th scope="col">{t('sentHead')}</th>
          </tr>
        </thead>
        <tbody>
          {[...days].reverse().map((day) => (
            <tr key={day.day}>
              <th scope="row">{format.day(day.day)}</th>
              {cells(day)}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('totalRow')}</th>
            {cells(total)}
          </tr>
        </tfoot>
      </Table>
    </section>
  )
}
