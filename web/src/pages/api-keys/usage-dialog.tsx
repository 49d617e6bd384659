import './usage.scss'
import { useQuery } from '@tanstack/react-query'
import { Button, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { KeyModal } from './key-dialogs.tsx'
import { type KeyUsage, type NamedKey, usageQuery } from './named-key-queries.ts'
import { UsageChart } from './usage-chart.tsx'
import { UsageTable } from './usage-table.tsx'

/** How much a key was used in the last 30 days. */
export function UsageDialog({ named, onClose }: { named: NamedKey; onClose(): void }) {
  const { t } = useTranslation('named-keys')
  const { t: common } = useTranslation()
  const usage = useQuery(usageQuery(named.formId, named.id))
  return (
    <KeyModal title={t('usageTitle', { name: named.name })} onClose={onClose}>
      <Modal.Body>
        {usage.isPending && <Loading rows={6} />}
        {usage.error && !usage.data && (
          <Failure error={usage.error} what={t('usageNotLoaded')} retry={() => void usage.refetch()} />
        )}
        {usage.data && (usage.data.total.calls === 0 ? <p>{t('noCalls')}</p> : <Usage usage={usage.data} />)}
      </Modal.Body>
      <Modal.Footer>
        <Button variant="outline-secondary" onClick={onClose} autoFocus>
          {common('close')}
        </Button>
      </Modal.Footer>
    </KeyModal>
  )
}

function Usage({ usage }: { usage: KeyUsage }) {
  const { t } = useTranslation('named-keys')
  const format = useFormat()
  const { total, operations, days } = usage
  return (
    <>
      <p className="mb-1">
        <strong>{t('calls', { count: total.calls })}</strong>
        <span aria-hidden="true"> · </span>
        {t('sent', { size: format.bytes(total.bytesSent) })}
      </p>
      <UsageChart usage={usage} />
      <details className="key-options">
        <summary>{t('asTable')}</summary>
        <UsageTable days={days} total={total} />
      </details>
      <h3 className="h6 mt-4">{t('operations')}</h3>
      <ol className="usage-operations">
        {operations.map(({ operationId, calls }) => (
          <li key={operationId}>
            <code>{operationId}</code> <span className="text-nowrap">{t('calls', { count: calls })}</span>
          </li>
        ))}
      </ol>
      <p className="small text-body-secondary mb-0">{t('daysOfUtc')}</p>
    </>
  )
}
