import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Button, ProgressBar } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { Failure } from '../../ui/failure.tsx'
import { cancelPrepared, followPrepared, isUnderWay, type PreparedExport, preparedQuery } from './prepared-queries.ts'

/** The files that the server made, or is making: with their progress, and a link until they expire. */
export function PreparedExports({ formId }: { formId: string }) {
  const { t } = useTranslation('export')
  const exports = useQuery(preparedQuery(formId))
  const shown = exports.data?.filter(({ status }) => status !== 'expired') ?? []
  if (exports.error) {
    return <Failure error={exports.error} what={t('prepared.listFailed')} retry={() => void exports.refetch()} />
  }
  if (shown.length === 0) return null
  return (
    <section className="panel mt-4" aria-labelledby="prepared-title">
      <h2 className="h5" id="prepared-title">
        {t('prepared.title')}
      </h2>
      <p className="text-width">{t('prepared.text')}</p>
      <ul className="prepared-exports">
        {shown.map((each) => (
          <li key={each.exportId}>
            <Prepared formId={formId} export={each} />
          </li>
        ))}
      </ul>
    </section>
  )
}

type PreparedProps = { formId: string; export: PreparedExport }

function Prepared({ formId, export: shown }: PreparedProps) {
  const { t } = useTranslation('export')
  const format = useFormat()
  useProgress(formId, shown)
  const name = t('prepared.name', { format: shown.format.toUpperCase(), time: format.dateTime(shown.createdAt) })
  return (
    <>
      <strong>{name}</strong> <span role="status">{useStatusText(shown)}</span>
      {isUnderWay(shown) && <UnderWay formId={formId} export={shown} name={name} />}
      {shown.downloadUrl && (
        <a
          className="btn btn-sm btn-outline-primary"
          href={shown.downloadUrl}
          download
          aria-label={`${t('prepared.download')}: ${name}`}
        >
          {t('prepared.download')}
        </a>
      )}
    </>
  )
}

function UnderWay({ formId, export: shown, name }: PreparedProps & { name: string }) {
  const { t } = useTranslation('export')
  const client = useQueryClient()
  const cancel = useMutation({
    mutationFn: () => cancelPrepared(formId, shown.exportId),
    onSettled: () => client.invalidateQueries({ queryKey: preparedQuery(formId).queryKey }),
  })
  return (
    <div className="prepared-under-way">
      <ProgressBar now={shown.percent} label={`${shown.percent} %`} aria-label={`${t('progress')}: ${name}`} />
      <Button size="sm" variant="outline-secondary" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
        {t('cancel')}
      </Button>
    </div>
  )
}

/** Hears from the server how far it is, as long as it is under way. */
function useProgress(formId: string, shown: PreparedExport): void {
  const client = useQueryClient()
  const { exportId } = shown
  const follows = isUnderWay(shown)
  useEffect(() => {
    if (!follows) return
    return followPrepared(formId, exportId, (changed) =>
      client.setQueryData(preparedQuery(formId).queryKey, (known) =>
        known?.map((each) => (each.exportId === exportId ? changed : each)),
      ),
    )
  }, [client, formId, exportId, follows])
}

function useStatusText({ status, rows, totalRows, bytes, etaSeconds, expiresAt }: PreparedExport): string {
  const { t } = useTranslation('export')
  const format = useFormat()
  const size = { count: rows, rows: format.number(rows), size: format.bytes(bytes), until: format.dateTime(expiresAt) }
  switch (status) {
    case 'complete':
      return t('prepared.complete', size)
    case 'running':
      return [
        totalRows === null
          ? t('prepared.running', size)
          : t('prepared.runningOf', { ...size, total: format.number(totalRows) }),
        ...(etaSeconds === null ? [] : [t('prepared.eta', { count: Math.max(1, etaSeconds) })]),
      ].join(' ')
    default:
      return t(`prepared.status.${status}`)
  }
}
